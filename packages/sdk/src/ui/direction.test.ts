import { expect, it } from "vitest";
import { directionOf } from "./direction.ts";

it("knows the direction of a language, whatever its region", () => {
  for (const tag of ["ar", "ar-EG", "he-IL", "fa", "ur-PK", "pa-Arab-PK"])
    expect(directionOf(tag), tag).toBe("rtl");
  for (const tag of ["en", "ru-RU", "de-AT", "arn", "az-Latn"]) expect(directionOf(tag), tag).toBe("ltr");
});
