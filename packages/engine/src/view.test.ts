import { describe, expect, it } from "vitest";
import { aConfig, aFlow, createDriver } from "./testing.ts";

describe("a hint's theme", () => {
  it("is the flow's, laid over the environment's field by field", () => {
    const theme = {
      light: { accent: "#7a3cff" },
      font: { size: 16 },
      radius: 4,
    };
    const driver = createDriver({
      config: aConfig([aFlow("tip", { theme })], {
        settings: {
          theme: {
            light: { surface: "#fff4e0", accent: "#111111" },
            font: { family: "Inter" },
            mode: "light",
          },
        } as never,
      }),
    });
    driver.page("/");
    expect([...driver.screen.values()][0]?.theme).toEqual({
      mode: "light",
      radius: 4,
      light: { surface: "#fff4e0", accent: "#7a3cff" },
      font: { family: "Inter", size: 16 },
    });
  });
});
