import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { track } from "../guidance.ts";
import { today } from "../model/clock.ts";
import { addDays } from "../model/day.ts";
import {
  type Client,
  type Invoice,
  type Line,
  netOf,
  nextInvoiceId,
  taxOf,
  totalOf,
} from "../model/invoice.ts";
import { useBooks, useSaldo } from "../model/store-context.ts";
import { amount, money, useWords } from "../words/language.ts";

interface Row {
  readonly what: string;
  readonly quantity: string;
  readonly price: string;
}
const EMPTY: Row = { what: "", quantity: "1", price: "" };

/** Reads `1 234,50` as well as `1234.50`; `undefined` where it is no sum. */
function parseNumber(text: string): number | undefined {
  const value = Number(text.replace(/[\s\u00a0]/g, "").replace(",", "."));
  return text.trim() !== "" && Number.isFinite(value) && value > 0 ? value : undefined;
}

export function InvoiceNew() {
  const words = useWords();
  const store = useSaldo();
  const { clients, invoices } = useBooks();
  const { route } = useLocation();
  const [clientId, setClientId] = useState("");
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [due, setDue] = useState(addDays(today(), 14));
  const [rows, setRows] = useState<readonly Row[]>([EMPTY]);
  const [problem, setProblem] = useState("");

  const lines = rows.flatMap((row): Line[] => {
    const quantity = parseNumber(row.quantity);
    const price = parseNumber(row.price);
    return row.what.trim() === "" || quantity === undefined || price === undefined
      ? []
      : [{ what: row.what.trim(), quantity, price: Math.round(price * 100) }];
  });
  const edit = (at: number, change: Partial<Row>): void =>
    setRows(rows.map((row, index) => (index === at ? { ...row, ...change } : row)));

  const save = (send: boolean): void => {
    const client: Client | undefined =
      clientId === "new"
        ? name.trim() === ""
          ? undefined
          : {
              id: `c${clients.length + 1}`,
              name: name.trim(),
              email: email.trim() || "office@client.example",
              city: "",
            }
        : clients.find((one) => one.id === clientId);
    if (client === undefined) {
      setProblem(words.invoice.needClient);
      return;
    }
    if (lines.length === 0) {
      setProblem(words.invoice.needLine);
      return;
    }
    const day = today();
    const invoice: Invoice = {
      id: nextInvoiceId(invoices, day),
      client,
      issued: day,
      due,
      lines,
      ...(send ? { sentOn: day } : {}),
    };
    store.change((books) => ({
      ...books,
      clients: books.clients.some((one) => one.id === client.id) ? books.clients : [...books.clients, client],
      invoices: [...books.invoices, invoice],
    }));
    const properties = { invoice: invoice.id, total: totalOf(invoice) / 100, currency: "EUR" };
    track("invoice.created", { ...properties, lines: lines.length });
    if (send) track("invoice.sent", properties);
    route(`/demo/invoices/${invoice.id}`);
  };

  return (
    <div class="page narrow">
      <a class="up" href="/demo/invoices">
        {words.invoice.title}
      </a>
      <h1>{words.invoice.create}</h1>
      <form
        class="sheet"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save(true);
        }}
      >
        <div class="field-row">
          <label class="field">
            <span>{words.invoice.forWhom}</span>
            <select
              data-cairn="invoice-client"
              value={clientId}
              onChange={(event) => setClientId(event.currentTarget.value)}
            >
              <option value="">{words.invoice.choose}</option>
              {clients.map((client) => (
                <option key={client.id} value={client.id}>
                  {client.name}
                </option>
              ))}
              <option value="new">{words.invoice.newClient}</option>
            </select>
          </label>
          <label class="field short">
            <span>{words.invoice.payWithin}</span>
            <input type="date" value={due} onInput={(event) => setDue(event.currentTarget.value || due)} />
          </label>
        </div>
        {clientId === "new" ? (
          <div class="field-row">
            <label class="field">
              <span>{words.invoice.clientName}</span>
              <input
                value={name}
                autoComplete="off"
                onInput={(event) => setName(event.currentTarget.value)}
              />
            </label>
            <label class="field">
              <span>{words.invoice.clientEmail}</span>
              <input
                type="email"
                value={email}
                autoComplete="off"
                onInput={(event) => setEmail(event.currentTarget.value)}
              />
            </label>
          </div>
        ) : null}
        <fieldset class="lines" data-cairn="invoice-lines">
          <legend>{words.invoice.lines}</legend>
          {rows.map((row, index) => (
            <div class="line" key={index}>
              <label class="field">
                <span>{words.invoice.what}</span>
                <input
                  value={row.what}
                  autoComplete="off"
                  onInput={(event) => edit(index, { what: event.currentTarget.value })}
                />
              </label>
              <label class="field tiny">
                <span>{words.invoice.quantity}</span>
                <input
                  class="num"
                  inputMode="decimal"
                  value={row.quantity}
                  onInput={(event) => edit(index, { quantity: event.currentTarget.value })}
                />
              </label>
              <label class="field tiny">
                <span>{words.invoice.price}</span>
                <input
                  class="num"
                  inputMode="decimal"
                  value={row.price}
                  placeholder={amount(words, 0)}
                  onInput={(event) => edit(index, { price: event.currentTarget.value })}
                />
              </label>
              <button
                type="button"
                class="icon-button"
                aria-label={words.invoice.removeLine}
                disabled={rows.length === 1}
                onClick={() => setRows(rows.filter((_, at) => at !== index))}
              >
                <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
                  <path d="M5 5l10 10M15 5 5 15" />
                </svg>
              </button>
            </div>
          ))}
          <button type="button" class="link-button" onClick={() => setRows([...rows, EMPTY])}>
            {words.invoice.addLine}
          </button>
        </fieldset>
        <dl class="totals">
          <div>
            <dt>{words.invoice.net}</dt>
            <dd>{money(words, netOf({ lines }))}</dd>
          </div>
          <div>
            <dt>{words.invoice.tax}</dt>
            <dd>{money(words, taxOf({ lines }))}</dd>
          </div>
          <div class="grand">
            <dt>{words.invoice.total}</dt>
            <dd>{money(words, totalOf({ lines }))}</dd>
          </div>
        </dl>
        <p class="problem" role="alert">
          {problem}
        </p>
        <div class="actions">
          <button type="button" class="button" onClick={() => save(false)}>
            {words.invoice.save}
          </button>
          <button type="submit" class="button primary" data-cairn="invoice-send">
            {words.invoice.send}
          </button>
        </div>
      </form>
    </div>
  );
}
