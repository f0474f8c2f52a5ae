import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Asset, createAssetFolder } from "./asset-folder.ts";

/** The releases of the SDK that a folder holds: the newest in itself, earlier ones in folders named x.y.z. */
export interface Releases {
  /** A file of the newest release; one whose name has a hash in it may also be of an earlier one. */
  newest(path: string): Promise<Asset | undefined>;
  /** A file of that release and no other. */
  exactly(version: string, path: string): Promise<Asset | undefined>;
}

const VERSION = /^\d+\.\d+\.\d+(?:-[\w.-]+)?$/;

export function createReleases(directory: string): Releases {
  const folder = createAssetFolder(directory);
  /** As the build wrote it beside the files. */
  async function versionHere(): Promise<unknown> {
    const release = await folder("release.json");
    if (release === undefined) return undefined;
    try {
      return (JSON.parse(new TextDecoder().decode(release.bytes.identity)) as { version?: unknown } | null)
        ?.version;
    } catch {
      return undefined;
    }
  }
  return {
    async newest(path) {
      const found = await folder(path);
      // For an hour after an update there are pages whose loader, from a cache, asks for the files of its own release.
      if (found || !/-[0-9a-f]{6,}\.js$/.test(path)) return found;
      const others = (await readdir(directory).catch(() => [])).filter((name) => VERSION.test(name));
      for (const version of others.sort().reverse()) {
        const old = await folder(join(version, path));
        if (old) return old;
      }
      return undefined;
    },
    async exactly(version, path) {
      if (version === (await versionHere())) return folder(path);
      return VERSION.test(version) ? folder(join(version, path)) : undefined;
    },
  };
}
