/** What commands need of the process they run in. */
export interface Terminal {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** Writes in large pieces, and waits where the reader is slow: an answer may have millions of lines. */
export interface Output {
  write(text: string): void;
  /** Hands on what has gathered; to be awaited now and then, and at the end. */
  flush(): Promise<void>;
  /** Whether enough has gathered that `flush` is due. */
  readonly isFull: boolean;
}

const PIECE = 1 << 16;

export function createOutput(stream: NodeJS.WritableStream): Output {
  let parts: string[] = [];
  let size = 0;
  return {
    get isFull() {
      return size >= PIECE;
    },
    write(text) {
      parts.push(text);
      size += text.length;
    },
    async flush() {
      const text = parts.join("");
      parts = [];
      size = 0;
      if (text !== "" && !stream.write(text)) await new Promise((done) => stream.once("drain", done));
    },
  };
}
