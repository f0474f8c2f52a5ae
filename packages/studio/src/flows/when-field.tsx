import { useState } from "preact/hooks";
import { useStudio } from "../shell/studio-context.ts";
import { Segmented } from "../ui/segmented.tsx";
import { TextField } from "../ui/text-field.tsx";
import { fromLocalField, nextFullHour, toLocalField } from "./when.ts";

/** When to publish: `at` undefined is now; `wrong` cannot be planned. */
export type When = { readonly at: string | undefined } | "wrong";
export const NOW: When = { at: undefined };

/** Now, or at a time by the reader's own clock. */
export function WhenField(props: { readonly onChange: (when: When) => void }) {
  const { words } = useStudio();
  const [later, setLater] = useState(false);
  const [text, setText] = useState(() => toLocalField(nextFullHour(Date.now())));
  const wrong = fromLocalField(text, Date.now()) === undefined;
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const tell = (isLater: boolean, written: string) => {
    const at = fromLocalField(written, Date.now());
    props.onChange(isLater ? (at === undefined ? "wrong" : { at }) : NOW);
  };
  return (
    <div class="when-field">
      <Segmented
        label={words.plan.when}
        value={later ? "later" : "now"}
        options={[
          { value: "now", label: words.plan.now },
          { value: "later", label: words.plan.later },
        ]}
        onChange={(next) => {
          setLater(next === "later");
          tell(next === "later", text);
        }}
      />
      {later && (
        <TextField
          label={words.plan.at}
          type="datetime-local"
          value={text}
          onText={(written) => {
            setText(written);
            tell(true, written);
          }}
          hint={words.plan.zone(timeZone)}
          wrong={wrong ? words.plan.past : undefined}
        />
      )}
    </div>
  );
}
