import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

/** A labelled field of text, with what is said about it below. */
export function TextField(props: {
  readonly label: string;
  readonly value: string;
  readonly onText: (text: string) => void;
  /** @default "text" */
  readonly type?: "text" | "email" | "password" | "datetime-local";
  /** What a browser may fill in. @default "off" */
  readonly autocomplete?: string;
  /** For several lines: how many are seen at once. */
  readonly rows?: number;
  readonly maxLength?: number;
  readonly placeholder?: string;
  /** For what is no prose: a key, an id. */
  readonly code?: boolean;
  readonly hint?: string;
  /** Stands in place of the hint. */
  readonly wrong?: string | undefined;
  /** The element that says what is wrong, where it speaks of several fields. */
  readonly saidBy?: { readonly id: string; readonly wrong: boolean };
  /** Beside the field. */
  readonly button?: ComponentChildren;
}) {
  const id = useId();
  const { wrong, saidBy } = props;
  const below = wrong ?? props.hint;
  const shared = {
    id,
    class: props.code ? "input mono" : "input",
    value: props.value,
    maxLength: props.maxLength,
    placeholder: props.placeholder,
    spellcheck: props.code ? false : undefined,
    "aria-invalid": saidBy?.wrong || wrong !== undefined,
    "aria-describedby": saidBy?.id ?? (below === undefined ? undefined : `${id}-below`),
    onInput: (event: { currentTarget: { value: string } }) => props.onText(event.currentTarget.value),
  };
  const field =
    props.rows === undefined ? (
      // The types list roles by type; none is given here.
      <input {...shared} type={props.type as "text"} autocomplete={props.autocomplete ?? "off"} />
    ) : (
      <textarea {...shared} rows={props.rows} />
    );
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      {props.button === undefined ? (
        field
      ) : (
        <div class="with-button">
          {field}
          {props.button}
        </div>
      )}
      {below !== undefined && (
        <span id={`${id}-below`} class={wrong === undefined ? "hint" : "wrong"} role="status">
          {below}
        </span>
      )}
    </div>
  );
}
