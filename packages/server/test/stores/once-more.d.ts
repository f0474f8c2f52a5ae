// A file's tests once more, on another store.
declare module "*?sqlite";
declare module "*?postgres";
