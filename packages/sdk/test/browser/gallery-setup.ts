// @ts-expect-error: a plain script of the gallery
import { serveGallery } from "../../../../examples/gallery/serve.mjs";

/** Builds and serves the gallery on a free port for as long as the tests run. */
export default async function setup(): Promise<() => void> {
  const { url, close } = await serveGallery();
  process.env.CAIRN_GALLERY = url;
  return close;
}
