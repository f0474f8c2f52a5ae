import type { ItemView, RunView } from "@cairn/engine";
import { hintProps, mark } from "./card.tsx";
import { CHEVRON, Icon, LOCK, TICK } from "./icon.tsx";
import { enChecklist } from "./strings/en-checklist.ts";
import { plural } from "./strings/plural.ts";
import { type ChecklistStrings, fill } from "./strings/strings.ts";
import { type Kit, line, prose } from "./text.tsx";
import type { Tokens } from "./theme.ts";

export { checklistStyles as styles } from "./checklist-styles.ts";

export interface ChecklistProps {
  readonly view: RunView;
  readonly items: readonly ItemView[];
  readonly collapsed: boolean;
  readonly nth: number;
  readonly kit: Kit;
  readonly tokens: Tokens | undefined;
  readonly enter: boolean;
}

/** Whether all that counts is done; optional lines do not. */
export function isComplete(items: readonly ItemView[]): boolean {
  return items.every((item) => item.done || item.optional);
}

/** A docked list: a disclosure button with the progress, and under it the lines. */
export function Checklist(props: ChecklistProps) {
  const { view, items, collapsed, nth, kit, tokens, enter } = props;
  const { strings } = kit;
  const counted = items.filter((item) => !item.optional);
  const total = counted.length;
  const done = counted.filter((item) => item.done).length;
  const share = total ? done / total : 1;
  const complete = isComplete(items);
  const words = strings.checklist ?? enChecklist;
  const progress = fill(words.done, { done, total });
  const [titleId, listId] = [`t${nth}`, `l${nth}`];
  return (
    <section
      class="hint dock"
      data-collapsed={mark(collapsed)}
      aria-labelledby={titleId}
      {...hintProps(view, tokens, enter)}
    >
      <div class="surface">
        <div class="bar">
          <button
            class="toggle"
            type="button"
            data-do="toggle"
            aria-expanded={!collapsed}
            aria-controls={listId}
          >
            <Ring share={share} />
            <span class="name">
              <span class="title" id={titleId}>
                {view.title ? line(view.title, kit) : words.progress}
              </span>
              <span class="note">
                <bdi lang={strings.locale}>
                  {complete
                    ? words.allDone
                    : collapsed
                      ? plural(strings.locale, words.left, total - done)
                      : progress}
                </bdi>
              </span>
            </span>
            <Icon path={CHEVRON} />
          </button>
          {!collapsed && (
            <button class="x" type="button" data-do="close" lang={strings.locale} aria-label={strings.close}>
              ×
            </button>
          )}
        </div>
        {/* On the page before its words are, so that they are read out. */}
        <div class="sr" role="status" lang={strings.locale}>
          {complete && words.allDone}
        </div>
        <div class="list" id={listId} hidden={collapsed}>
          <div
            class="track"
            role="progressbar"
            lang={strings.locale}
            aria-label={words.progress}
            aria-valuemin={0}
            aria-valuemax={total}
            aria-valuenow={done}
            aria-valuetext={progress}
          >
            <i style={{ width: `${share * 100}%` }} />
          </div>
          <ul>
            {items.map((item) => (
              <Item key={item.id} item={item} strings={words} kit={kit} />
            ))}
          </ul>
        </div>
      </div>
    </section>
  );
}

interface ItemProps {
  readonly item: ItemView;
  readonly strings: ChecklistStrings;
  readonly kit: Kit;
}

function Item({ item, strings, kit }: ItemProps) {
  const { locale } = kit.strings;
  const { id, title, body, done, locked, optional, actionable } = item;
  const state = done ? "done" : locked ? "locked" : "open";
  const words = (
    <>
      {line(title, kit)}
      <span class="sr" lang={locale}>
        {` (${done ? strings.itemDone : locked ? strings.locked : strings.itemOpen})`}
      </span>
    </>
  );
  return (
    <li class={state}>
      <span class="mark" aria-hidden="true">
        {done ? <Icon path={TICK} /> : locked ? <Icon path={LOCK} /> : null}
      </span>
      <div class="words">
        <div class="line">
          {actionable && state === "open" ? (
            <button class="go" type="button" data-do="item" data-id={id}>
              {words}
            </button>
          ) : (
            <span>{words}</span>
          )}
          {optional && !done && (
            <bdi class="tag" lang={locale}>
              {strings.optional}
            </bdi>
          )}
        </div>
        {body && state === "open" && <div class="prose">{prose(body, kit)}</div>}
      </div>
      {actionable && state === "open" && (
        <span class="more">
          <Icon path={CHEVRON} />
        </span>
      )}
    </li>
  );
}

/** Progress as a ring: the part of a circle of length 100. */
function Ring({ share }: { readonly share: number }) {
  return (
    <svg class={`ring${share < 1 ? "" : " full"}`} viewBox="0 0 36 36" aria-hidden="true">
      <circle cx="18" cy="18" r="15.9155" />
      <circle
        class="arc"
        cx="18"
        cy="18"
        r="15.9155"
        style={{ strokeDashoffset: `${100 - share * 100}`, opacity: share === 0 ? 0 : 1 }}
      />
      {share >= 1 && <path d="M12 18.5l4.2 4.2 8-9" />}
    </svg>
  );
}
