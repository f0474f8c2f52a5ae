import { useEffect, useState } from "preact/hooks";
import { accountTraits, track } from "../guidance.ts";
import type { Account, Plan } from "../model/person.ts";
import { useBooks, useSaldo } from "../model/store-context.ts";
import { longDate, money, useWords } from "../words/language.ts";

const PRICES = { solo: 900, pro: 2900 } as const;

export function PlanPage() {
  const words = useWords();
  const store = useSaldo();
  const { account, person } = useBooks();
  const [note, setNote] = useState("");
  const [saved, setSaved] = useState(false);

  useEffect(() => {
    track("plan.viewed", { plan: account.plan });
  }, []);

  const change = (edit: (account: Account) => Account): void => {
    store.change((books) => ({ ...books, account: edit(books.account) }));
    window.cairn?.group(account.id, accountTraits(store.books().account));
  };
  const choose = (plan: Plan): void => {
    track("plan.changed", { from: account.plan, to: plan });
    change(({ trialEndsAt: _, ...rest }) => ({ ...rest, plan }));
    setNote(words.plan.chosen(words.plan[plan]));
  };
  const pay = (): void => {
    track("plan.paid", { amount: account.amountDue ?? 0, currency: "EUR", by: "card" });
    change(({ paymentDueAt: _, ...rest }) => ({ ...rest, amountDue: 0 }));
    setNote(words.plan.paid);
  };
  const plans = [
    { plan: "solo" as const, forWhom: words.plan.soloFor, has: words.plan.soloHas },
    { plan: "pro" as const, forWhom: words.plan.proFor, has: words.plan.proHas },
  ];
  const due = account.amountDue !== undefined && account.amountDue > 0 && account.paymentDueAt !== undefined;

  return (
    <div class="page narrow">
      <h1>{words.plan.title}</h1>
      {account.plan === "trial" && account.trialEndsAt !== undefined ? (
        <p class="lead">
          <b>{words.plan.trialUntil(longDate(words, account.trialEndsAt))}.</b> {words.plan.trialLead}
        </p>
      ) : null}
      <p class="note good" role="status" hidden={note === ""}>
        {note}
      </p>
      {due ? (
        <section class="sheet due" aria-labelledby="due">
          <div>
            <h2 id="due">{words.plan.due}</h2>
            <p class="due-sum">
              {words.plan.dueLine(
                money(words, (account.amountDue ?? 0) * 100),
                longDate(words, account.paymentDueAt ?? ""),
              )}
            </p>
            <p class="quiet-text">{words.plan.dueFor}</p>
          </div>
          <button type="button" class="button primary" onClick={pay}>
            {words.plan.pay}
          </button>
        </section>
      ) : null}
      <ul class="plans">
        {plans.map(({ plan, forWhom, has }) => (
          <li key={plan} class={account.plan === plan ? "current" : undefined}>
            <h2>{words.plan[plan]}</h2>
            <p class="price">
              <b>{money(words, PRICES[plan])}</b> {words.plan.perMonth}
            </p>
            <p>{forWhom}</p>
            <ul>
              {has.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
            {account.plan === plan ? (
              <p class="tag tag-paid">{words.plan.current}</p>
            ) : (
              <button type="button" class="button" onClick={() => choose(plan)}>
                {words.plan.choose}
              </button>
            )}
          </li>
        ))}
      </ul>
      {person.payer ? (
        <form
          class="sheet"
          onSubmit={(event) => {
            event.preventDefault();
            setSaved(true);
          }}
        >
          <h2>{words.plan.remindWhom}</h2>
          <div class="field-row">
            <label class="field">
              <span>{words.plan.remindEmail}</span>
              <input type="email" required defaultValue={person.email} onInput={() => setSaved(false)} />
            </label>
            <button type="submit" class="button">
              {saved ? words.plan.savedContact : words.plan.saveContact}
            </button>
          </div>
        </form>
      ) : null}
    </div>
  );
}
