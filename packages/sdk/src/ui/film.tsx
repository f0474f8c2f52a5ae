import type { Guard } from "../ports.ts";
import type { MediaProps } from "./card.tsx";
import { enFilm } from "./strings/en-film.ts";
import { fill } from "./strings/strings.ts";
import { linkTarget, spoken } from "./text.tsx";

export { filmStyles as styles } from "./film-styles.ts";

/** A video that plays when it is pressed, and never by itself. Width and height reserve its room. */
export function Film({ media, locale, kit }: MediaProps) {
  const { src, alt, width, height, poster, captions = {} } = media;
  const { strings, allowsUrl } = kit;
  if (!allowsUrl(src)) return null;
  const words = strings.film ?? enFilm;
  const name = spoken(alt, kit);
  const tracks = Object.entries(captions).filter(([, url]) => allowsUrl(url));
  const own = bestOf(
    locale,
    tracks.map(([tag]) => tag),
  );
  return (
    <div class="media film" style={{ aspectRatio: `${width} / ${height}` }}>
      <video
        {...{ src, width, height }}
        aria-label={name}
        playsInline
        preload="none"
        poster={poster !== undefined && allowsUrl(poster) ? poster : undefined}
        // Captions from another place than the page are refused without it, and so is a film from there without leave.
        {...(tracks.some(([, url]) => isElsewhere(url)) && { crossOrigin: "anonymous" })}
      >
        {tracks.map(([tag, url]) => (
          <track
            key={tag}
            kind="captions"
            srcLang={tag}
            label={languageOf(tag)}
            src={url}
            default={tag === own}
          />
        ))}
      </video>
      <button
        class="play"
        type="button"
        data-do="play"
        lang={strings.locale}
        aria-label={fill(words.play, { name })}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M5.5 3v10l7.5-5z" />
        </svg>
      </button>
      <p class="lost" hidden lang={strings.locale}>
        {words.failed}{" "}
        <a href={src} {...linkTarget(src)}>
          {words.open}
        </a>
      </p>
    </div>
  );
}

/** Starts the film that this button belongs to; from then on the browser's own controls are there, and have the focus. */
export function play(button: Element, guard: Guard): void {
  const video = button.parentElement?.querySelector("video");
  if (!video) return;
  // Blocked by the page's policy, or not there: says so and leads to it.
  video.onerror = guard(() => {
    for (const one of video.parentElement?.children ?? [])
      (one as HTMLElement).hidden = one.className !== "lost";
  });
  video.controls = true;
  video.tabIndex = 0;
  video.focus({ preventScroll: true });
  (button as HTMLElement).hidden = true;
  // Refused by the browser: the controls are there to try again.
  video.play().catch(() => {});
}

const isElsewhere = (url: string) => new URL(url, location.href).origin !== location.origin;

/** Of these languages the one that is read here; `undefined` where there is none. */
function bestOf(locale: string, tags: readonly string[]): string | undefined {
  const languages = [locale, locale.split("-")[0]].map((one) => one?.toLowerCase());
  return languages.flatMap((one) => tags.find((tag) => tag.toLowerCase() === one) ?? [])[0];
}

/** The language's name in itself. */
function languageOf(tag: string): string {
  try {
    return new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
