import type { MediaProps } from "./card.tsx";
import { lineOf } from "./rich-text.tsx";

/** An image. Width and height reserve the room before the file is there. */
export function Picture({ media: { src, alt, width, height }, kit }: MediaProps) {
  return kit.allowsUrl(src) ? (
    <img
      class="media"
      {...{ src, width, height }}
      style={{ aspectRatio: `${width} / ${height}` }}
      alt={lineOf(alt)}
      referrerpolicy="no-referrer"
    />
  ) : null;
}
