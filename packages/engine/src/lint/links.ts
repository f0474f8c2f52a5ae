import type { Do, Flow } from "@cairn/flow-schema";
import { type LintContext, stepLists } from "./context.ts";
import { languagesOf, textsIn } from "./texts.ts";

const MARKDOWN = /(!?)\[[^\]]*\]\(\s*<?([^\s)>]*)/g;

/** Where things lead: codes `navigate-not-allowed`, `insecure-address`, `image-not-allowed`. */
export function lintLinks(context: LintContext): void {
  const { origins } = context.settings.navigate;
  for (const flow of context.flows) {
    const subject = { flow: flow.id };
    const checkAddress = (url: string, path: string) => {
      if (/^http:/i.test(url) && !/^http:\/\/(?:localhost|127\.0\.0\.1)(?:[:/?#]|$)/i.test(url))
        context.report("insecure-address", subject, path, `"${url}" is not encrypted`, "write https");
    };
    for (const { deed, path } of deedsIn(flow)) {
      if (typeof deed === "string") continue;
      if ("link" in deed) checkAddress(deed.link, `${path}/link`);
      if (!("navigate" in deed) || deed.navigate.startsWith("/")) continue;
      checkAddress(deed.navigate, `${path}/navigate`);
      const origin = /^https?:\/\/[^/?#]+/i.exec(deed.navigate)?.[0].toLowerCase() ?? "";
      if (!origins.some((one) => one.toLowerCase() === origin))
        context.report(
          "navigate-not-allowed",
          subject,
          `${path}/navigate`,
          `the origin ${origin} is not in settings.navigate.origins, so the button does nothing on any other site`,
          'write a path, add the origin to the settings, or use "link"',
        );
    }
    for (const { path, steps } of stepLists(flow))
      for (const [i, { media }] of steps.entries()) {
        if (media) checkAddress(media.src, `${path}/${i}/media/src`);
        if (media?.poster) checkAddress(media.poster, `${path}/${i}/media/poster`);
      }
    for (const place of textsIn(flow))
      for (const { words, path } of languagesOf(place))
        for (const [, image, url = ""] of words.matchAll(MARKDOWN)) {
          checkAddress(url, path);
          if (image && /^(?:mailto|tel):/i.test(url))
            context.report(
              "image-not-allowed",
              subject,
              path,
              `"${url}" is no address of an image`,
              "write an https address or a path",
            );
        }
  }
}

/** Everything that buttons and items do, each deed with its place. */
export function deedsIn(flow: Flow): readonly { readonly deed: Do; readonly path: string }[] {
  const found: { deed: Do; path: string }[] = [];
  const add = (deeds: Do | readonly Do[] | undefined, path: string) => {
    if (deeds === undefined) return;
    if (!Array.isArray(deeds)) found.push({ deed: deeds as Do, path });
    else for (const [i, deed] of deeds.entries()) found.push({ deed: deed as Do, path: `${path}/${i}` });
  };
  for (const { path, steps } of stepLists(flow))
    for (const [i, step] of steps.entries())
      for (const [a, action] of (step.actions ?? []).entries())
        add(action.do, `${path}/${i}/actions/${a}/do`);
  if (flow.kind === "checklist") for (const [i, item] of flow.items.entries()) add(item.do, `/items/${i}/do`);
  return found;
}

/** Whether a button or item of another flow starts this one: then it comes without its trigger. */
export const isStartedByButton = ({ flows }: LintContext, id: string): boolean =>
  flows.some(
    (flow) =>
      flow.id !== id &&
      flow.enabled !== false &&
      deedsIn(flow).some(({ deed }) => typeof deed === "object" && "start" in deed && deed.start === id),
  );
