import type { Condition } from "./condition.ts";
import type { Duration } from "./duration.ts";
import type { FlowKind, Holdout } from "./flow.ts";
import type { Theme } from "./theme.ts";

export interface Budget {
  readonly perSession?: number;
  readonly perDay?: number;
  readonly perWeek?: number;
  readonly minGap?: Duration;
  readonly starvation?: Duration;
  readonly afterDismiss?: { readonly base?: Duration; readonly factor?: number; readonly max?: Duration };
  readonly weights?: { readonly [kind in FlowKind]?: number };
}
export interface GuardSettings {
  readonly typing?: Duration | false;
  readonly drag?: boolean;
  readonly selection?: boolean;
  readonly hostModal?: boolean;
  readonly fullscreen?: boolean;
  readonly hidden?: boolean;
}
export interface QuietRule {
  readonly id: string;
  readonly when: Condition;
  readonly except?: readonly "critical"[];
}
/** One environment's settings, as written: every field has a default ({@link resolveSettings}). */
export interface Settings {
  readonly $schema?: string;
  readonly schemaVersion?: 1;
  readonly locale?: string;
  /** IANA name of the zone whose clocks say when a report's weeks and days begin. @default "UTC" */
  readonly timezone?: string;
  readonly enabled?: boolean;
  readonly holdout?: Holdout;
  readonly origins?: readonly string[];
  readonly identity?: { readonly settle?: Duration; readonly required?: boolean };
  readonly budget?: Budget | null;
  readonly guard?: GuardSettings;
  readonly quiet?: readonly QuietRule[];
  readonly categories?: readonly string[];
  readonly exclude?: Condition;
  readonly theme?: Theme;
  readonly navigate?: { readonly origins?: readonly string[] };
  readonly minSdk?: string | null;
}

/** Settings with every default filled in. */
export interface ResolvedSettings {
  readonly locale: string;
  readonly enabled: boolean;
  readonly holdout: Holdout | null;
  readonly origins: readonly string[];
  readonly identity: { readonly settle: Duration; readonly required: boolean };
  readonly budget: ResolvedBudget | null;
  readonly guard: Required<GuardSettings>;
  readonly quiet: readonly QuietRule[];
  readonly categories: readonly string[];
  readonly exclude: Condition | null;
  readonly theme: Theme;
  readonly navigate: { readonly origins: readonly string[] };
  readonly minSdk: string | null;
}
export interface ResolvedBudget {
  readonly perSession: number;
  readonly perDay: number;
  readonly perWeek: number;
  readonly minGap: Duration;
  readonly starvation: Duration;
  readonly afterDismiss: { readonly base: Duration; readonly factor: number; readonly max: Duration };
  readonly weights: { readonly [kind in FlowKind]: number };
}

const BUDGET: ResolvedBudget = {
  perSession: 3,
  perDay: 4,
  perWeek: 8,
  minGap: "2m",
  starvation: "14d",
  afterDismiss: { base: "1h", factor: 3, max: "7d" },
  weights: { tooltip: 1, tour: 2, modal: 2, slideout: 1, banner: 1, hotspot: 0, checklist: 0 },
};

/** Fills in the defaults field by field; `"budget": null` switches the budget off. */
export function resolveSettings(settings: Settings = {}): ResolvedSettings {
  const { budget } = settings;
  return {
    locale: settings.locale ?? "en",
    enabled: settings.enabled ?? true,
    holdout: settings.holdout ?? null,
    origins: settings.origins ?? [],
    identity: { settle: "3s", required: false, ...settings.identity },
    budget:
      budget === null
        ? null
        : {
            ...BUDGET,
            ...budget,
            afterDismiss: { ...BUDGET.afterDismiss, ...budget?.afterDismiss },
            weights: { ...BUDGET.weights, ...budget?.weights },
          },
    guard: {
      typing: "2s",
      drag: true,
      selection: true,
      hostModal: true,
      fullscreen: true,
      hidden: true,
      ...settings.guard,
    },
    quiet: settings.quiet ?? [],
    categories: settings.categories ?? ["tip", "onboarding", "news", "notice"],
    exclude: settings.exclude ?? null,
    theme: settings.theme ?? {},
    navigate: { origins: settings.navigate?.origins ?? [] },
    minSdk: settings.minSdk ?? null,
  };
}
