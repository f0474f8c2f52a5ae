import type { ConditionAnswer } from "./why-answers.ts";

const MARKS = { true: "✓", false: "✕", unknown: "?" } as const;

/** The leaves of a flow's rule, each with its answer. */
export function WhyConditions({
  conditions,
  label,
}: {
  conditions: readonly ConditionAnswer[];
  label: string;
}) {
  return (
    <details>
      <summary>{label}</summary>
      <ul class="why-conditions">
        {conditions.map((condition) => (
          <li key={condition.text} class={`is-${condition.value}`}>
            <span aria-hidden="true">{MARKS[condition.value]}</span>
            <span>
              {condition.text}
              {condition.actual === undefined ? null : <small>{condition.actual}</small>}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
