import { useStudio } from "../shell/studio-context.ts";
import { Segmented } from "../ui/segmented.tsx";

const DAY_MS = 86_400_000;
const CHOICES = ["7", "30", "90", "180"] as const;
export type Days = (typeof CHOICES)[number];

/** A number of days as the address has it; anything else becomes the fallback. */
export function daysOf(text: string | undefined, fallback: Days): Days {
  return CHOICES.find((choice) => choice === text) ?? fallback;
}

/** Where a period of so many days that ends now begins. */
export function rangeStart(days: Days): string {
  return new Date(Date.now() - Number(days) * DAY_MS).toISOString();
}

/** How far back a report looks. */
export function RangeChoice(props: {
  readonly value: Days;
  readonly from?: Days;
  readonly onChange: (days: Days) => void;
}) {
  const { words } = useStudio();
  const choices = CHOICES.slice(CHOICES.indexOf(props.from ?? "7"));
  return (
    <Segmented
      label={words.range.label}
      value={props.value}
      options={choices.map((value) => ({ value, label: words.range.days(Number(value)) }))}
      onChange={props.onChange}
    />
  );
}
