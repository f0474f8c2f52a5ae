import type { FilmStrings } from "./strings.ts";

export const enFilm: FilmStrings = {
  play: "Play video: {name}",
  failed: "This video cannot be played here.",
  open: "Open it in a new tab",
};
