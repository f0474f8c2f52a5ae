import { addDays, type Day } from "./day.ts";
import type { Client, Invoice, Line } from "./invoice.ts";
import type { PersonKind } from "./person.ts";
import { createRandom } from "./random.ts";

interface Trade {
  readonly seed: number;
  readonly days: number;
  readonly every: number;
  readonly imported: boolean;
  readonly clients: readonly (readonly [name: string, city: string])[];
  readonly work: readonly (readonly [what: string, from: number, to: number, least: number, most: number])[];
}

const TRADES: { readonly [kind in PersonKind]: Trade } = {
  new: {
    seed: 11,
    days: 350,
    every: 4,
    imported: true,
    clients: [
      ["Café Morgenrot", "Lübeck"],
      ["Haus am Wall", "Bremen"],
      ["Petersen & Sohn", "Kiel"],
      ["Praxis Dr. Ahlers", "Hamburg"],
      ["Familie Nowak", "Lübeck"],
    ],
    work: [
      ["Oak worktop, fitted", 380, 640, 1, 3],
      ["Built-in shelves", 210, 320, 2, 6],
      ["Door repair", 95, 140, 1, 4],
      ["Workshop hours", 62, 62, 4, 26],
    ],
  },
  experienced: {
    seed: 23,
    days: 400,
    every: 4,
    imported: false,
    clients: [
      ["Harbour Terrace Residents", "Malmö"],
      ["Solberg Hotel", "Lund"],
      ["Öresund Clinic", "Malmö"],
      ["Villa Ekbacken", "Ystad"],
      ["Norra Skolan", "Lund"],
      ["Bageri Kardemumma", "Malmö"],
      ["Strandvägen 14 Housing", "Trelleborg"],
    ],
    work: [
      ["Garden care, monthly", 240, 420, 1, 1],
      ["Hedge cutting, metres", 8.5, 11, 20, 90],
      ["Planting, hours", 48, 48, 4, 30],
      ["Perennials and soil", 90, 410, 1, 2],
      ["Winter service call-out", 85, 85, 1, 5],
    ],
  },
  admin: {
    seed: 37,
    days: 40,
    every: 4,
    imported: false,
    clients: [
      ["Teatro Lisura", "Valencia"],
      ["Bodega Alta Vela", "Requena"],
      ["Festival de la Nit", "Valencia"],
      ["Marina Editorial", "Alicante"],
    ],
    work: [
      ["Identity design, stage", 900, 1800, 1, 1],
      ["Poster series", 320, 480, 1, 4],
      ["Layout, hours", 55, 55, 6, 24],
    ],
  },
};

/** A firm's invoices up to today: the same for the same person and day. Oldest first. */
export function sampleInvoices(kind: PersonKind, today: Day): Invoice[] {
  const trade = TRADES[kind];
  const random = createRandom(trade.seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const clients = trade.clients.map(([name, city], index): Client => {
    const host = name
      .toLowerCase()
      .normalize("NFD")
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "");
    return { id: `c${index + 1}`, name, city, email: `office@${host}.example` };
  });
  const numbers = new Map<string, number>();
  const invoices: Invoice[] = [];
  for (let age = trade.days; age > 0; age -= 1 + Math.round(random() * (trade.every * 2 - 2))) {
    const issued = addDays(today, -age);
    const number = (numbers.get(issued.slice(0, 4)) ?? 0) + 1;
    numbers.set(issued.slice(0, 4), number);
    const lines: Line[] = [];
    const wanted = 1 + Math.floor(random() * 3);
    while (lines.length < wanted) {
      const [what, from, to, least, most] = pick(trade.work);
      const price = Math.round((from + random() * (to - from)) * 2) * 50;
      const quantity = least + Math.floor(random() * (most - least + 1));
      if (!lines.some((line) => line.what === what)) lines.push({ what, quantity, price });
    }
    const due = addDays(issued, 14);
    const opened = random() < 0.9 ? addDays(issued, Math.floor(random() * 3)) : undefined;
    const paid = addDays(issued, 5 + Math.floor(random() * 16));
    const slow = random() < 0.16;
    invoices.push({
      id: `${issued.slice(0, 4)}-${String(number).padStart(4, "0")}`,
      client: pick(clients),
      issued,
      due,
      lines,
      sentOn: issued,
      ...(opened !== undefined && opened <= today ? { openedOn: opened } : {}),
      ...(paid <= today && !(slow && age < 60) ? { paidOn: paid } : {}),
      ...(trade.imported ? { imported: true } : {}),
    });
  }
  return invoices;
}
