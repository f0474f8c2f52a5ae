import manifest from "../package.json" with { type: "json" };

/** Of this server, as its package has it. */
export const VERSION: string = manifest.version;
