import { randomBytes } from "node:crypto";
import { connect } from "node:net";

export interface LoadResult {
  readonly eventsPerSecond: number;
  /** Milliseconds from sending a batch to its answer. */
  readonly p50: number;
  readonly p99: number;
  /** Answers that were not 200, or did not accept all events. */
  readonly errors: number;
  readonly accepted: number;
  /** Microseconds of processor time that the client itself spent on one event. */
  readonly clientCpuPerEvent: number;
}

/**
 * A client as small as can be, since it shares the cores with the server: plain sockets, requests kept ready
 * but for their ids and times, answers read by length. Messages are like the SDK's: about 400 bytes, UUIDv7 ids in order of time.
 */
const CONNECTIONS = Number(process.env.BENCH_CONNECTIONS ?? 32);
const BATCH = 20;
const PERSONS = 5_000;
const [url = "", seconds = "5"] = process.argv.slice(2);
const { hostname, port } = new URL(url);

let sequence = 0;
const random = randomBytes(4).toString("hex");

/** The request of one person, and where in it the ids and times stand that are new each time. */
interface Template {
  readonly bytes: Buffer;
  readonly ids: readonly number[];
  readonly times: readonly number[];
}
const ID = "i".repeat(36);
const TIME = "t".repeat(24);
const HEX = Buffer.from("0123456789abcdef");

function toTemplate(person: number): Template {
  const messages: string[] = [];
  for (let i = 0; i < BATCH; i++)
    messages.push(
      `{"type":"track","messageId":"${ID}","timestamp":"${TIME}","anonymousId":"anon-${person}","userId":"user-${person}","event":"report.${i % 12}","properties":{"format":"pdf","rows":${i},"filter":"overdue"},"context":{"page":{"url":"https://app.example.com/reports/${i}","path":"/reports/${i}"},"locale":"en-GB","timezone":"Europe/Berlin","groupId":"account-${person % 400}","cairn":{"session":"s-${person}","seq":${i + 1},"tab":"t1","sdk":"0.1.0"}}}`,
    );
  const body = `{"sentAt":"${TIME}","batch":[${messages.join(",")}]}`;
  const text = `POST /v1/batch HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer sk_bench_0123456789abcdef\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  return { bytes: Buffer.from(text, "latin1"), ids: placesOf(text, ID), times: placesOf(text, TIME) };
}

function placesOf(text: string, mark: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) places.push(at);
  return places;
}

const templates = Array.from({ length: PERSONS }, (_, person) => toTemplate(person));
let persons = 0;
/** No two open requests share a person, so none is written over before it is answered. */
function nextRequest(): Buffer {
  persons = (persons + 1) % PERSONS;
  const { bytes, ids, times } = templates[persons] as Template;
  const now = Date.now();
  const time = now.toString(16).padStart(12, "0");
  const id = Buffer.from(
    `${time.slice(0, 8)}-${time.slice(8)}-7000-${random.slice(0, 4)}-${random.slice(4)}00000000`,
  );
  const timestamp = Buffer.from(new Date(now).toISOString());
  for (const at of ids) {
    bytes.set(id, at);
    sequence += 1;
    for (let rest = sequence, end = at + ID.length - 1; rest > 0; rest >>>= 4, end--)
      bytes[end] = HEX[rest & 15] as number;
  }
  for (const at of times) bytes.set(timestamp, at);
  return bytes;
}

let accepted = 0;
let errors = 0;
let measuring = false;
const latencies: number[] = [];

function open(): void {
  const socket = connect({ host: hostname, port: Number(port) });
  socket.setNoDelay(true);
  let sentAt = 0;
  let text = "";
  const send = () => {
    sentAt = performance.now();
    socket.write(nextRequest());
  };
  socket.on("connect", send);
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
    const head = text.indexOf("\r\n\r\n");
    if (head < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? Number.NaN);
    if (text.length < head + 4 + length) return;
    if (measuring) {
      latencies.push(performance.now() - sentAt);
      if (text.startsWith("HTTP/1.1 200") && text.includes(`"accepted":${BATCH},`)) accepted += BATCH;
      else errors += 1;
    }
    text = "";
    send();
  });
  socket.on("error", () => {
    errors += 1;
  });
}
for (let i = 0; i < CONNECTIONS; i++) open();

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
// Long enough for both sides to have been compiled.
await wait(2_500);
process.send?.("begin");
measuring = true;
const start = performance.now();
const cpuBefore = process.cpuUsage();
await wait(Number(seconds) * 1000);
const elapsed = (performance.now() - start) / 1000;
measuring = false;
const cpu = process.cpuUsage(cpuBefore);
latencies.sort((a, b) => a - b);
const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? 0;
const result: LoadResult = {
  eventsPerSecond: accepted / elapsed,
  p50: at(0.5),
  p99: at(0.99),
  errors,
  accepted,
  clientCpuPerEvent: (cpu.user + cpu.system) / accepted,
};
process.send?.(result, undefined, undefined, () => process.exit(0));
