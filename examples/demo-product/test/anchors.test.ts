import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { ANCHORS } from "../src/anchors.ts";
import { EVENTS } from "../src/events.ts";

const sources = ["pages", "parts"].flatMap((folder) => {
  const url = new URL(`../src/${folder}/`, import.meta.url);
  return readdirSync(url).map((file) => readFileSync(new URL(file, url), "utf8"));
});
const all = sources.join("\n");

it("puts each anchor of the list on an element, and no other", () => {
  const used = new Set([...all.matchAll(/(?:data-cairn=|anchor: )"([a-z-]+)"/g)].map((match) => match[1]));
  expect([...used].sort()).toEqual([...ANCHORS].sort());
});

it("tracks each event of the list", () => {
  const used = new Set([...all.matchAll(/\btrack\("([a-z.]+)"/g)].map((match) => match[1]));
  expect([...used].sort()).toEqual([...EVENTS].sort());
});
