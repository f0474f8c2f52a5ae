/**
 * What an event that Cairn records is to the reports, as a small number. The order is that of a flow's life: it
 * decides between events of one millisecond and one `seq`.
 */
export const GUIDANCE = [
  /** Any event of a forced start: its run counts nowhere. */
  "forced",
  "decided-held",
  "held",
  "decided-withheld",
  "withheld",
  "decided-shown",
  "shown",
  "target-fallback",
  "target-missing",
  "step-shown",
  "step-completed",
  "goal-reached",
  "completed",
  "dismissed",
  "snoozed",
  "ended",
] as const;
export type GuidanceCode = (typeof GUIDANCE)[number];
const CODES = new Map<string, number>(GUIDANCE.map((code, index) => [code, index]));

/** Names of recorded events, without their prefix, that are told by a code of the same meaning. */
const NAMES: { readonly [name: string]: GuidanceCode } = {
  "cairn.flow.held": "held",
  "cairn.flow.withheld": "withheld",
  "cairn.flow.shown": "shown",
  "cairn.target.fallback": "target-fallback",
  "cairn.target.missing": "target-missing",
  "cairn.step.shown": "step-shown",
  "cairn.step.completed": "step-completed",
  "cairn.goal.reached": "goal-reached",
  "cairn.flow.completed": "completed",
  "cairn.flow.dismissed": "dismissed",
  "cairn.flow.snoozed": "snoozed",
  "cairn.flow.ended": "ended",
};
const FEATURE_USED = "cairn.feature.used";
/** Longer texts are of no flow that we published. */
const TEXT_LIMIT = 256;

/** Step, item or reason that an event is about, and the release of the host product it happened in. */
export interface GuidanceWord {
  readonly about: string | null;
  readonly release: string | null;
}

/** What the rollups keep of one recorded event. */
export type ReportMark =
  | { readonly list: "feature"; readonly subject: string }
  | {
      readonly list: "flow";
      readonly subject: string;
      readonly code: number;
      readonly seq: number;
      /** A 53-bit hash of the run's id; 0 for none. */
      readonly run: number;
      readonly times: number;
      /** {@link wordText} */
      readonly word: string;
    };

interface Recorded {
  readonly properties?: { readonly [name: string]: unknown } | null;
  readonly context?: {
    readonly app?: { readonly version?: unknown } | null;
    readonly cairn?: { readonly seq?: unknown; readonly run?: unknown } | null;
  } | null;
}

/** Reads a `track` message named `name`; `undefined` where reports know nothing of it. */
export function markOf(name: string, message: Recorded): ReportMark | undefined {
  const { properties, context } = message;
  if (name === FEATURE_USED) {
    const feature = textOf(properties?.feature);
    return feature === null ? undefined : { list: "feature", subject: feature };
  }
  const subject = textOf(properties?.flow);
  const code = subject === null ? undefined : codeOf(name, properties ?? {});
  if (subject === null || code === undefined || properties === null || properties === undefined)
    return undefined;
  const run = properties.run ?? context?.cairn?.run;
  const seq = context?.cairn?.seq;
  const times = name === "cairn.target.fallback" ? properties.rank : properties.count;
  const about = name.startsWith("cairn.flow.") ? properties.reason : (properties.item ?? properties.step);
  return {
    list: "flow",
    subject,
    code: CODES.get(code) ?? 0,
    seq: typeof seq === "number" ? seq : 0,
    run: typeof run === "string" ? hashOf(run) : 0,
    times: typeof times === "number" ? Math.min(Math.max(Math.trunc(times), 0), 1e9) : 1,
    word: wordText({ about: textOf(about), release: textOf(context?.app?.version) }),
  };
}

function codeOf(name: string, { start, outcome }: { readonly [name: string]: unknown }): string | undefined {
  if (start === "forced")
    return Object.hasOwn(NAMES, name) || name === "cairn.flow.decided" ? "forced" : undefined;
  if (name === "cairn.flow.decided")
    return CODES.has(`decided-${outcome}`) ? `decided-${outcome}` : undefined;
  return Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value.length <= TEXT_LIMIT ? value : null;
}

/** JSON, which escapes whatever a database would not keep. */
export function wordText({ about, release }: GuidanceWord): string {
  return JSON.stringify(release === null ? [about] : [about, release]);
}

export function wordOf(text: string): GuidanceWord {
  const [about, release = null] = JSON.parse(text) as readonly [string | null, (string | null)?];
  return { about, release };
}

/** cyrb53: two 32-bit halves, of which 53 bits are used. Runs are told apart by it, and by nothing else. */
export function hashOf(text: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    high = Math.imul(high ^ unit, 2_654_435_761);
    low = Math.imul(low ^ unit, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return 4_294_967_296 * (2_097_151 & low) + (high >>> 0) || 1;
}
