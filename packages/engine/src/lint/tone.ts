import type { Do, Flow } from "@cairn/flow-schema";
import { type LintContext, stepLists } from "./context.ts";
import { isLanguage, languagesOf, plain, textsIn, type Wording } from "./texts.ts";

/** "No thanks, I hate saving time": a refusal and then a confession, in one button. */
const GUILT = [
  /^no(?:pe)?,?\s*(?:thanks?|thank you)?[,.\s—–-]+(?:i(?:'|’)?(?:\s|m\b|d\b|ll\b|don)|my\b|we\b).{3,}/i,
  /\bi (?:hate|don(?:'|’)?t (?:like|care|want|need) (?:to )?(?:sav|grow|better|good|free|money|time|improv|succe)|prefer (?:to )?(?:los|wast|pay|struggl|miss)|like (?:wast|los|pay)|(?:am|'m|’m) (?:fine|ok|okay|happy) (?:with )?(?:los|wast|miss|pay))/i,
  /^нет,?\s*(?:спасибо)?[,.\s—–-]+(?:я|мне|мы|нам)(?=\s).{3,}/iu,
  /(?:^|\s)(?:я )?(?:не хочу|не люблю|не буду|не желаю)\s+(?:экономить|расти|развиваться|зарабатывать|улучшать|знать|учиться|становиться|сберечь)/iu,
  /(?:^|\s)(?:люблю|предпочитаю|готов|готова|хочу)\s+(?:терять|тратить|переплачивать|работать больше|мучиться)/iu,
];

const WORD = (words: string) => new RegExp(`(?<![\\p{L}])(?:${words})(?![\\p{L}])`, "iu");
const FORMAL = WORD(
  "вы|вас|вам|вами|ваш|ваша|ваше|ваши|вашего|вашей|вашему|вашим|вашими|ваших|вашу|вашем|(?:нажм|выбер|попробу|посмотр|откро|созда|добав|введ|узна|начн|провер|сохран|пригла?с|напиш|отправ|заполн|настро)(?:ите|йте|ьте)",
);
const INFORMAL = WORD(
  "ты|тебя|тебе|тобой|твой|твоя|твоё|твое|твои|твоего|твоей|твоему|твоим|твоими|твоих|твою|твоём|твоем|нажми|выбери|попробуй|посмотри|открой|создай|добавь|введи|узнай|начни|проверь|сохрани|пригласи|напиши|отправь|заполни|настрой",
);

/** Tone: codes `guilt-button`, `no-way-out`, `capitals`, `exclamation`, `mixed-address`, `russian-too-long`. */
export function lintTone(context: LintContext): void {
  for (const flow of context.flows) {
    lintWords(context, flow);
    lintWaysOut(context, flow);
  }
}

function lintWords(context: LintContext, flow: Flow): void {
  const subject = { flow: flow.id };
  const address: { formal?: Wording; informal?: Wording } = {};
  let exclaimed = false;
  for (const place of textsIn(flow)) {
    if (place.role === "copy") continue;
    const wordings = languagesOf(place);
    for (const wording of wordings) {
      const text = plain(wording.words);
      const { path } = wording;
      if (place.role === "label" && GUILT.some((pattern) => pattern.test(text)))
        context.report(
          "guilt-button",
          subject,
          path,
          `"${text}" makes people feel guilty for saying no`,
          'say plainly what the button does, such as "Not now"',
        );
      if (shouts(text))
        context.report(
          "capitals",
          subject,
          path,
          `"${text}" is written in capitals`,
          "write it small, and use **strong** where a word matters",
        );
      if (!exclaimed && text.includes("!")) {
        exclaimed = true;
        context.report("exclamation", subject, path, `"${text}" exclaims`, "leave the exclamation mark out");
      }
      if (/[а-яё]/i.test(text)) {
        if (FORMAL.test(text)) address.formal ??= wording;
        if (INFORMAL.test(text)) address.informal ??= wording;
      }
    }
    const [english, russian] = ["en", "ru"].map((language) =>
      wordings.find(({ tag }) => isLanguage(tag, language)),
    );
    if (english && russian && muchLonger(plain(russian.words), plain(english.words)))
      context.report(
        "russian-too-long",
        subject,
        russian.path,
        `the Russian has ${plain(russian.words).length} characters, the English ${plain(english.words).length}`,
        "cut it to what the English says",
      );
  }
  const { formal, informal } = address;
  if (formal && informal)
    context.report(
      "mixed-address",
      subject,
      informal.path,
      `this text says ты, and ${formal.path === informal.path ? "вы as well" : `${formal.path} says вы`}`,
      "choose one for the whole flow; in work products вы",
    );
}

/** Two or more words of four letters in capitals, or one that is longer than abbreviations are, or a whole sentence. */
function shouts(text: string): boolean {
  const words = text.match(/\p{L}+/gu) ?? [];
  // "PDF, CSV, XLS" says three names, and "TRY IT NOW" has a space between its words.
  if (/^\p{Lu}+(?: \p{Lu}+){2,}[!?.]*$/u.test(text)) return true;
  const loud = words.filter(
    (word) => word.length >= 4 && word === word.toUpperCase() && word !== word.toLowerCase(),
  );
  return loud.length >= 2 || loud.some((word) => word.length >= (/[а-яё]/i.test(word) ? 5 : 6));
}

/** Half as long again, and by more than a few letters. */
const muchLonger = (text: string, other: string) =>
  text.length > other.length * 1.5 && text.length - other.length > 20;

const leads = (deed: Do) =>
  typeof deed === "object" && ("navigate" in deed || "link" in deed || "contact" in deed || "start" in deed);

/** Steps whose every button leads somewhere: the × is then the only way to decline. */
function lintWaysOut(context: LintContext, flow: Flow): void {
  if (flow.critical && flow.kind === "banner") return;
  for (const { path, steps } of stepLists(flow))
    for (const [i, { actions = [] }] of steps.entries()) {
      const deeds = actions.map((action) => [action.do].flat() as Do[]);
      if (deeds.length > 0 && deeds.every((list) => list.some(leads)))
        context.report(
          "no-way-out",
          { flow: flow.id },
          `${path}/${i}/actions`,
          "every button leads somewhere, so people can decline only by the ×",
          'add a button that does "dismiss" or {"snooze": …}',
        );
    }
}
