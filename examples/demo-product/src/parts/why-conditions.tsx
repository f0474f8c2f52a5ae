import type { Words } from "../words/en.ts";
import { useWords } from "../words/language.ts";
import type { Tree } from "./why-answers.ts";

/** A rule, line by line: what it asks for, what there is, and whether that is enough. */
export function WhyConditions({ tree, label }: { tree: Tree; label: string }) {
  return (
    <div class="why-rule">
      <p class="label">{label}</p>
      <ul>
        <Rule tree={tree} />
      </ul>
    </div>
  );
}

function Rule({ tree }: { tree: Tree }) {
  const words = useWords();
  const parts = (tree.of ?? []).map((part, index) => <Rule key={`${index} ${part.op}`} tree={part} />);
  if (tree.op === "all") return <>{parts}</>;
  const value = tree.value === null ? "unknown" : String(tree.value);
  return (
    <li class={`is-${value}`}>
      <span aria-hidden="true">{tree.value === null ? "?" : tree.value ? "✓" : "✕"}</span>
      <div>
        {say(words, tree)}
        {tree.leaf === undefined || tree.op === "segment" ? null : (
          <small>{words.why.rule.had(show(words, tree.had))}</small>
        )}
        {parts.length === 0 ? null : <ul>{parts}</ul>}
      </div>
    </li>
  );
}

function say(words: Words, { op, leaf }: Tree): string {
  const rule = words.why.rule;
  if (op === "any") return rule.oneOf;
  if (op === "not") return rule.not;
  const text = (key: string): string => String(leaf?.[key] ?? "");
  const within = leaf?.within === undefined ? "" : rule.within(text("within"));
  switch (op) {
    case "event": {
      const most = leaf?.exactly ?? leaf?.atMost;
      const count =
        leaf?.atLeast !== undefined ? `≥ ${text("atLeast")}` : most !== undefined ? `≤ ${most}` : "≥ 1";
      return rule.event(text("event"), rule.times(count), within);
    }
    case "sequence": {
      const names = Array.isArray(leaf?.sequence) ? leaf.sequence.join(" → ") : "";
      const without = leaf?.without === undefined ? "" : rule.without(text("without"));
      const wait = leaf?.wait === undefined ? "" : rule.wait(text("wait"));
      return `${names}${within}${without}${wait}`;
    }
    case "feature":
      return rule.feature(text("feature"), text("is"));
    case "flow":
      return rule.flow(text("flow"), text("is"));
    case "segment":
      return rule.segment(text("segment"));
    case "inactive":
      return rule.inactive(Object.values(leaf?.inactive ?? {}).join(), text("for"));
    case "page":
      return rule.page([leaf?.page].flat().join(", "));
    default:
      return `${op} ${show(words, leaf?.[op])}`;
  }
}

const SIGNS: { readonly [operator: string]: string } = {
  $eq: "=",
  $ne: "≠",
  $lt: "<",
  $lte: "≤",
  $gt: ">",
  $gte: "≥",
  $in: "∈",
  $nin: "∉",
};

/** Attributes and operators without JSON's noise: `createdAt ≤ 7d ago`. */
function show(words: Words, value: unknown): string {
  const { rule } = words.why;
  if (value === undefined || value === null) return rule.nothing;
  if (typeof value === "string" && /^https?:/.test(value)) return new URL(value).pathname;
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return value.map((entry) => show(words, entry)).join(", ");
  return Object.entries(value)
    .map(([key, entry]) => {
      if (key === "$exists") return entry === true ? rule.exists : rule.missing;
      if (key === "$ago") return rule.ago(show(words, entry));
      if (key === "$ahead") return rule.ahead(show(words, entry));
      return `${SIGNS[key] ?? key} ${show(words, entry)}`;
    })
    .join(isOperators(value) ? " " : "; ");
}

/** Whether this is a set of operators rather than of attributes. */
function isOperators(value: object): boolean {
  return Object.keys(value)[0]?.startsWith("$") === true;
}
