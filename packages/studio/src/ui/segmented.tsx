import { useId } from "preact/hooks";

/** A row of choices of which one holds; arrow keys move between them. */
export function Segmented<T extends string>(props: {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string; readonly lang?: string }[];
  readonly onChange: (value: T) => void;
  readonly small?: boolean;
}) {
  const name = useId();
  return (
    <fieldset class={props.small ? "segmented small" : "segmented"}>
      <legend class="hidden-visually">{props.label}</legend>
      {props.options.map((option) => (
        <label key={option.value} lang={option.lang}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === props.value}
            onChange={() => props.onChange(option.value)}
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
