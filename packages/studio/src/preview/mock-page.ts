/** A page that looks like any product's, with one element for hints to point at. */
export interface MockPage {
  readonly document: Document;
  readonly target: Element;
}

/** A frame without a doctype would lay itself out as in 1999, and hints with it. */
export const BLANK_PAGE =
  '<!doctype html><html lang="en"><head><title>Preview</title></head><body></body></html>';

const CSS = `
:root { color-scheme: light dark; font: 13px/20px system-ui, sans-serif; }
body { margin: 0; padding: 16px; background: light-dark(#fff, #181e1d); overflow: hidden; }
.line { height: 8px; border-radius: 4px; background: light-dark(#e6ebe9, #2a3331); margin: 0 0 12px; }
.stage { display: grid; place-items: center; height: 64px; margin: 0 0 12px; }
button { font: inherit; padding: 5px 16px; border: 1px solid light-dark(#8a9693, #6c7976); border-radius: 6px;
  background: light-dark(#f5f7f6, #1f2625); color: light-dark(#475452, #b0bcb9); }
`;

/** Writes the page into a frame that holds {@link BLANK_PAGE}. Its style sheet is made by the frame's own window, as it has to be. */
export function drawMockPage(
  frame: HTMLIFrameElement,
  label: string,
  language: string,
): MockPage | undefined {
  const { contentDocument: document, contentWindow: window } = frame;
  if (document === null || window === null) return undefined;
  const sheet = new (window as Window & typeof globalThis).CSSStyleSheet();
  sheet.replaceSync(CSS);
  document.adoptedStyleSheets = [sheet];
  document.documentElement.lang = language;
  document.title = label;
  const main = document.createElement("main");
  const line = (width: number) => {
    const element = document.createElement("div");
    element.className = "line";
    element.style.width = `${width}%`;
    return element;
  };
  const stage = document.createElement("div");
  stage.className = "stage";
  const target = document.createElement("button");
  target.type = "button";
  target.textContent = label;
  // All of this page is in its frame. Where that is below the window's edge, a hint would scroll the studio away from the author.
  target.scrollIntoView = () => {};
  stage.append(target);
  main.append(line(40), line(90), line(84), line(76), line(88), line(62), stage);
  main.append(line(88), line(70), line(92), line(80), line(86), line(48));
  document.body.replaceChildren(main);
  return { document, target };
}
