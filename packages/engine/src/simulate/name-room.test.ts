import { describe, expect, it } from "vitest";
import { MAX_NAMES } from "../history.ts";
import { aConfig, START } from "../testing.ts";
import { createNameRoom } from "./name-room.ts";
import { createReplay } from "./replay.ts";

describe("room for event names in a replay", () => {
  it("is there as long as all names of the log and of the flows' own events find place in a book", () => {
    const config = aConfig([], {});
    const hasRoom = createNameRoom(config);
    for (let i = 1; i < MAX_NAMES - 1; i++) expect(hasRoom(`name-${i}`), `${i}`).toBe(true);
    expect(hasRoom("name-1")).toBe(true);
    expect(hasRoom("one more")).toBe(false);
    expect(hasRoom("name-1")).toBe(false);
  });

  it("is made by forgetting the name not seen for longest, as everywhere", () => {
    const replay = createReplay({ config: aConfig([]) });
    const write = (i: number) => {
      const timestamp = new Date(START + i * 1000).toISOString();
      replay.read({ type: "track", event: `name-${i}`, userId: "ada", timestamp }, START + i * 1000);
    };
    for (let i = 0; i < MAX_NAMES + 40; i++) write(i);
    const [person] = replay.people;
    const [book] = Object.values(person?.state.shared.books ?? {});
    const names = Object.keys(book ?? {}).filter((key) => key.startsWith("e:"));
    expect(names).toHaveLength(MAX_NAMES);
    expect(names).not.toContain("e:name-39");
    expect(names).toContain("e:name-40");
  });
});
