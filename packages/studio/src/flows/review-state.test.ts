import { describe, expect, it } from "vitest";
import type { Session } from "../session/session.ts";
import type { Review } from "../text/server-words.ts";
import { hasToAsk, sceneOf } from "./review-state.ts";

const person = (email: string, role: "author" | "publisher") => ({
  session: { type: "person", email, role, csrf: "", environment: "production" } as Session,
  mayPublish: role === "publisher",
});
const ANNA = person("anna", "author");
const BORIS = person("boris", "publisher");
const CLARA = person("clara", "publisher");
const KEY = { session: { type: "key", key: "sk_x", demo: false } as Session, mayPublish: true };
const said = (by: string) => ({ by, at: "2026-11-20T12:00:00Z", note: null });
const NONE: Review = {
  needed: "modal",
  writer: "anna",
  approvedBy: [],
  asked: null,
  sentBack: null,
  enough: true,
};

describe("what a page shows of a review", () => {
  it("lets whoever may publish decide what another has asked", () => {
    const review = { ...NONE, asked: said("anna") };
    expect(sceneOf(review, BORIS)).toEqual({ type: "decide", approved: false });
    expect(sceneOf(review, KEY)).toEqual({ type: "decide", approved: false });
    expect(sceneOf({ ...review, approvedBy: ["boris"] }, BORIS)).toEqual({ type: "decide", approved: true });
  });
  it("tells who asked that it waits, then that it is approved or sent back", () => {
    expect(sceneOf({ ...NONE, asked: said("anna") }, ANNA)).toEqual({ type: "waits" });
    expect(sceneOf({ ...NONE, asked: said("boris") }, BORIS)).toEqual({ type: "waits" });
    expect(sceneOf({ ...NONE, asked: said("anna"), approvedBy: ["boris"] }, ANNA)).toEqual({
      type: "approved",
    });
    expect(sceneOf({ ...NONE, sentBack: said("boris") }, ANNA)).toEqual({ type: "sent-back" });
  });
  it("does not take one's own yes for a second person", () => {
    const own = { ...NONE, asked: said("boris"), approvedBy: ["boris"] };
    expect(sceneOf(own, BORIS)).toEqual({ type: "waits" });
    expect(sceneOf({ ...NONE, approvedBy: ["boris"], enough: false }, BORIS)).toEqual({ type: "alone" });
  });
  it("is silent where nothing waits", () => {
    expect(sceneOf(NONE, CLARA)).toEqual({ type: "nothing" });
    expect(sceneOf({ ...NONE, enough: false }, ANNA)).toEqual({ type: "nothing" });
  });
});

describe("the way to publish", () => {
  it("is to ask for authors, and for publishers who would stand behind it alone", () => {
    expect(hasToAsk(NONE, false, ANNA)).toBe(true);
    expect(hasToAsk(undefined, false, BORIS)).toBe(false);
    expect(hasToAsk(NONE, false, BORIS)).toBe(false);
    expect(hasToAsk({ ...NONE, enough: false }, false, BORIS)).toBe(true);
    expect(hasToAsk({ ...NONE, needed: null, enough: true }, true, BORIS)).toBe(false);
    // What is not saved yet will be theirs.
    expect(hasToAsk(NONE, true, BORIS)).toBe(true);
    expect(hasToAsk({ ...NONE, enough: false }, true, KEY)).toBe(false);
  });
});
