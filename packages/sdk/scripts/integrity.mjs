/**
 * Each file of the script build is fetched with its hash. The loader carries those of the boot chunk and of what boot
 * asks for, every other file those of what it asks for itself: each is fixed by the one before it, so the hash in the
 * page's tag fixes all.
 */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const hash = (algorithm, code) => createHash(algorithm).update(code).digest("base64");
const IMPORT = /\bimport\((["'])(\.\/[^"']+)\1\)/g;
const LOAD = /\.load\("(\.\/[^"]+)"\)/g;

/** Hash of a file, and behind it, where browsers pass over it, the names of those that it imports and the loader has to check as well. */
const sealed = (code, others) => [hash("sha256", code), ...others.map((one) => `./${one}`)].join("?");
const unknown = (name, other) =>
  new Error(`${name} imports ${other}, of which the loader does not know the hash`);

/** `version` is part of all names: a file of one release is never taken for that of another. */
export function createIntegrity(version) {
  /** Name of the boot chunk, and for the loader: names with hash and other files. */
  let boot = "";
  let files = {};

  /** Goes through the dynamic imports from the leaves up: what a file says of others is part of its own hash. */
  function seal(name, bundle, done, path = []) {
    if (path.includes(name)) throw new Error(`files ask for each other in a circle: ${[...path, name]}`);
    const file = bundle[name];
    if (done.has(name)) return;
    for (const child of file.dynamicImports) seal(child, bundle, done, [...path, name]);
    done.set(name, undefined);
    if (name === boot) return;
    // By then these are there.
    const there = new Set([name, boot]);
    for (const one of there) for (const other of bundle[one].imports) there.add(other);
    file.code = file.code.replace(LOAD, (_, child) => {
      const { imports, code } = bundle[child.slice(2)];
      const others = imports.filter((one) => !there.has(one));
      for (const one of others) if (!bundle[boot].dynamicImports.includes(one)) throw unknown(child, one);
      return `.load("${child}","${sealed(code, others)}")`;
    });
  }

  return {
    /** Has to stand before the minifier. */
    load: {
      name: "integrity-load",
      augmentChunkHash: () => version,
      renderChunk(code, chunk) {
        if (!/\bimport\(["']/.test(code)) return null;
        const text = code.replace(IMPORT, "cairnFiles.load($1$2$1)");
        const home = /from ["'](\.\/boot-[^"']+)["']/.exec(code)?.[1];
        if (!chunk.isEntry && !home) this.error(`${chunk.name} imports nothing from boot`);
        const name = chunk.isEntry ? "" : `import { cairnFiles } from "${home}";\n`;
        return { code: name + text, map: null };
      },
    },
    /** Has to stand behind the minifier. */
    seal: {
      name: "integrity-seal",
      generateBundle(_, bundle) {
        boot = Object.values(bundle).find((file) => file.isEntry).fileName;
        seal(boot, bundle, new Map());
        const known = new Set([boot, ...bundle[boot].dynamicImports]);
        files = {};
        for (const name of known) {
          const { code, imports } = bundle[name];
          const others = imports.filter((one) => one !== boot);
          for (const one of others) if (!known.has(one)) throw unknown(name, one);
          files[`./${name}`] = sealed(code, others);
        }
      },
    },
    /** In the loader's build, behind the minifier. */
    write: {
      name: "integrity-write",
      renderChunk(code) {
        if (!code.includes("__CAIRN_BOOT__") || !code.includes("__CAIRN_FILES__"))
          this.error("the loader has no place for the names and hashes of its files");
        const parts = { __CAIRN_BOOT__: `"./${boot}"`, __CAIRN_FILES__: JSON.stringify(files) };
        const at = (name) => code.split(name).length - 1;
        if (at("__CAIRN_BOOT__") !== 1) this.error("the loader names the boot chunk more than once");
        return { code: code.replace(/__CAIRN_(BOOT|FILES)__/g, (name) => parts[name]), map: null };
      },
      /** What a server says of this release, and what a page's tag may carry. */
      writeBundle({ file }, bundle) {
        const [loader] = Object.values(bundle);
        const integrity = `sha384-${hash("sha384", loader.code)}`;
        writeFileSync(join(file, "../release.json"), `${JSON.stringify({ version, integrity })}\n`);
      },
    },
  };
}
