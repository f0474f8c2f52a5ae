/** One separate world of definitions, people and events; a key belongs to exactly one. */
export type EnvironmentId = string;
