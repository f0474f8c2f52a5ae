import { gzipSync } from "node:zlib";

/** A body that no honest client sends, and how it is announced. */
export interface Hostile {
  readonly name: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether it must be refused as a whole (4xx); else it may also be taken, but may never break anything. */
  readonly refused: boolean;
}

const JSON_TYPE = { "content-type": "application/json" };
const GZIP = { ...JSON_TYPE, "content-encoding": "gzip" };
/** Larger than any route takes. */
const LARGE = 2_000_000;

const deep = (open: string, middle: string, close: string, times: number) =>
  open.repeat(times) + middle + close.repeat(times);

const refused = (name: string, body: string | Buffer, headers: Hostile["headers"] = JSON_TYPE): Hostile => ({
  name,
  body,
  headers,
  refused: true,
});
const odd = (name: string, body: string): Hostile => ({ name, body, headers: JSON_TYPE, refused: false });

/** Made once: they are the same for every route, and packing them takes longer than refusing them. */
const BLANK_BOMB = gzipSync(Buffer.alloc(100_000_000, " "));
const NESTED_BOMB = gzipSync(deep("[", "", "]", 10_000_000));
const MANY_NAMES = `{${Array.from({ length: 200_000 }, (_, i) => `"k${i}":1`).join()}}`;

/** `wrap` puts a piece of JSON where the route looks for values, so that odd ones get as far as they can. */
export function hostileBodies(wrap: (value: string) => string): readonly Hostile[] {
  return [
    refused("200,000 lists in each other", deep("[", "", "]", 200_000)),
    refused("200,000 objects in each other", deep('{"a":', "1", "}", 100_000)),
    refused("200,000 lists that are never closed", "[".repeat(200_000)),
    refused("deep nesting where a value should be", wrap(deep("[", "1", "]", 60_000))),
    refused("a text that is larger than allowed", wrap(`"${"x".repeat(LARGE)}"`)),
    refused("a million numbers", wrap(`[${"1,".repeat(1_000_000)}1]`)),
    refused("two hundred thousand names", wrap(MANY_NAMES)),
    refused("a gzip bomb of 100 MB", BLANK_BOMB, GZIP),
    refused("a gzip bomb of nested lists", NESTED_BOMB, GZIP),
    refused("gzip in gzip", gzipSync(gzipSync(wrap("1"))), { ...GZIP, "content-encoding": "gzip, gzip" }),
    refused("gzip that is none", wrap("1"), GZIP),
    refused("gzip that ends in the middle", gzipSync(wrap('"x"')).subarray(0, 20), GZIP),
    refused("Brotli", wrap("1"), { ...JSON_TYPE, "content-encoding": "br" }),
    refused("an encoding that does not exist", wrap("1"), {
      ...JSON_TYPE,
      "content-encoding": "x'; DROP TABLE",
    }),
    refused("UTF-16", Buffer.from(wrap('"x"'), "utf16le"), {
      "content-type": "application/json; charset=utf-16",
    }),
    refused("bytes that are no UTF-8", Buffer.from([0xff, 0xfe, 0xc0, 0x80, 0xed, 0xa0, 0x80]), JSON_TYPE),
    refused("a byte that is no UTF-8 in a text", Buffer.from(wrap('"u\xe9"'), "latin1")),
    refused("half a character in a packed text", gzipSync(Buffer.from(wrap('"u\xe2\x82"'), "latin1")), GZIP),
    refused("another charset", wrap('"x"'), { "content-type": "application/json; charset=iso-8859-1" }),
    refused("nothing but NUL", Buffer.alloc(1_000), JSON_TYPE),
    refused("XML", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>', {
      "content-type": "text/xml",
    }),
    refused("half an object", wrap("1").slice(0, -1)),
    refused("two objects", `${wrap("1")}${wrap("1")}`),
    refused("a list", "[]"),
    refused("a number", "1e400"),
    refused("null", "null"),
    refused("NaN", wrap("NaN")),
    odd(
      "numbers beyond all bounds",
      wrap("[1e400,-1e400,9007199254740993,1e-400,123456789012345678901234567890]"),
    ),
    odd("half a surrogate pair", wrap('"\\ud800 \\udc00"')),
    odd("NUL in a text", wrap('"a\\u0000b"')),
    odd("control characters and marks of direction", wrap('"\\u0001\\u202e\\u2028\\ufeff"')),
    odd("a prototype key", wrap('{"__proto__":{"isAdmin":true}}')),
    odd("a constructor key", wrap('{"constructor":{"prototype":{"isAdmin":true}}}')),
    odd("the same name twice", wrap('1,"type":"track","type":"page","id":{},"id":[]')),
    odd("an empty name", wrap('{"":{"":{"":""}}}')),
    odd("names of methods", wrap('{"toString":1,"valueOf":2,"hasOwnProperty":3,"then":4,"toJSON":5}')),
    odd("what SQL would like", wrap(`"'; DROP TABLE events; --"`)),
    odd("a long run for a regular expression", wrap(`"${"a".repeat(50_000)}!"`)),
  ];
}
