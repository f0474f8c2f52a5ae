/** Fetches a file of this build, by its name beside the loader. `hash`: base64 of the SHA-256 that it must have. */
export type LoadFile = (name: string, hash?: string) => Promise<unknown>;

/**
 * How the script build fetches its own files; the build puts `files.load(…)` in the place of each `import()`. The
 * loader's way checks each file's hash before it runs; without a loader that can, files are imported as they come.
 */
export const cairnFiles: { load: LoadFile } = {
  load: (name) => import(new URL(name, import.meta.url).href),
};
