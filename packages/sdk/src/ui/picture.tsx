import type { StepView } from "@cairn/engine";
import { lineOf } from "./rich-text.tsx";
import type { AllowsUrl } from "./text.tsx";

export interface PictureProps {
  readonly media: NonNullable<StepView["media"]>;
  readonly allowsUrl: AllowsUrl;
}

/** An image or video. Width and height reserve the room before the file is there. */
export function Picture({ media, allowsUrl }: PictureProps) {
  const { type, src, alt, width, height, poster, captions = {} } = media;
  if (!allowsUrl(src)) return null;
  const box = { class: "media", src, width, height, style: { aspectRatio: `${width} / ${height}` } };
  return type === "image" ? (
    <img {...box} alt={lineOf(alt)} referrerpolicy="no-referrer" />
  ) : (
    <video
      {...box}
      aria-label={lineOf(alt)}
      controls
      playsInline
      preload="none"
      poster={poster !== undefined && allowsUrl(poster) ? poster : undefined}
    >
      {Object.entries(captions).map(
        ([locale, url]) => allowsUrl(url) && <track kind="captions" srcLang={locale} src={url} />,
      )}
    </video>
  );
}
