import { hoverTooltip } from "@codemirror/view";
import type { JsonService } from "./json-service.ts";
import { namesAt, type Vocabulary } from "./names.ts";
import { placeAt } from "./place.ts";

/** What the schema says about the field under the pointer, and what is known about a name. */
export function hoverSource(service: JsonService, vocabulary: () => Vocabulary) {
  return hoverTooltip(async (view, pos) => {
    const text = view.state.doc.toString();
    const place = placeAt(service.parse(text), text, pos);
    const written = place === undefined ? "" : text.slice(place.from, place.to);
    const known =
      place === undefined
        ? undefined
        : namesAt(place, vocabulary()).find(({ name }) => JSON.stringify(name) === written);
    const hover = await service.hover(text, pos);
    if (hover === undefined && known === undefined) return null;
    return {
      pos: hover?.from ?? place?.from ?? pos,
      end: hover?.to ?? place?.to ?? pos,
      above: true,
      create() {
        const dom = document.createElement("div");
        dom.className = "editor-hover";
        const lines = [known?.detail, known?.info, hover?.text].filter((line) => line !== undefined);
        for (const line of lines) dom.append(paragraph(line));
        return { dom };
      },
    };
  });
}

/** A paragraph in which `code` between backticks is set as code. */
function paragraph(text: string): HTMLElement {
  const p = document.createElement("p");
  for (const [index, part] of text.split("`").entries()) {
    if (index % 2 === 0) p.append(part);
    else p.append(Object.assign(document.createElement("code"), { textContent: part }));
  }
  return p;
}
