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
}

/**
 * A client as small as can be, since it shares the cores with the server: plain sockets, requests made from a
 * template, answers read by length. Messages are like the SDK's: about 400 bytes, UUIDv7 ids in order of time.
 */
const CONNECTIONS = Number(process.env.BENCH_CONNECTIONS ?? 96);
const BATCH = 20;
const [url = "", seconds = "5"] = process.argv.slice(2);
const { hostname, port } = new URL(url);

let sequence = 0;
const random = randomBytes(8).toString("hex");
function uuid(): string {
  sequence += 1;
  const time = Date.now().toString(16).padStart(12, "0");
  const tail = sequence.toString(16).padStart(8, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${tail.slice(5)}-${random.slice(0, 4)}-${random.slice(4, 8)}${tail}`;
}

let persons = 0;
function requestText(): string {
  persons = (persons + 1) % 5_000;
  const timestamp = new Date().toISOString();
  const messages: string[] = [];
  for (let i = 0; i < BATCH; i++)
    messages.push(
      `{"type":"track","messageId":"${uuid()}","timestamp":"${timestamp}","anonymousId":"anon-${persons}","userId":"user-${persons}","event":"report.${i % 12}","properties":{"format":"pdf","rows":${i},"filter":"overdue"},"context":{"page":{"url":"https://app.example.com/reports/${i}","path":"/reports/${i}"},"locale":"en-GB","timezone":"Europe/Berlin","groupId":"account-${persons % 400}","cairn":{"session":"s-${persons}","seq":${i + 1},"tab":"t1","sdk":"0.1.0"}}}`,
    );
  const body = `{"sentAt":"${timestamp}","batch":[${messages.join(",")}]}`;
  return `POST /v1/batch HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer sk_bench_0123456789abcdef\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
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
    socket.write(requestText());
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
await wait(1_500);
process.send?.("begin");
measuring = true;
const start = performance.now();
await wait(Number(seconds) * 1000);
const elapsed = (performance.now() - start) / 1000;
measuring = false;
latencies.sort((a, b) => a - b);
const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? 0;
const result: LoadResult = {
  eventsPerSecond: accepted / elapsed,
  p50: at(0.5),
  p99: at(0.99),
  errors,
  accepted,
};
process.send?.(result, undefined, undefined, () => process.exit(0));
