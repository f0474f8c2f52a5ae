import type { Context } from "hono";

/** Answers with lines of JSON as they are made. Pulled by the reader, so a slow one costs no memory. */
export function streamLines(c: Context, lines: AsyncGenerator<string>): never {
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await lines.next();
      if (next.done === true) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    async cancel() {
      await lines.return(undefined);
    },
  });
  const headers = { "Content-Type": "application/x-ndjson; charset=utf-8", "Cache-Control": "no-store" };
  // Typed as a plain answer: what is streamed has no type for clients.
  return c.body(stream, 200, headers) as never;
}
