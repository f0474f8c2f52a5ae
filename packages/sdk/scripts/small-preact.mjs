import { fileURLToPath } from "node:url";

const stand = fileURLToPath(new URL("../src/ui/preact/small.ts", import.meta.url));

/** Puts the stand-in in place of Preact (see that file). For the script tag's bundle only. */
export const smallPreact = {
  name: "small-preact",
  resolveId: (id) => (/^preact(\/jsx-runtime)?$/.test(id) ? stand : null),
};
