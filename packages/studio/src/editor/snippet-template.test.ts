import { describe, expect, it } from "vitest";
import { opensEmptyField, snippetTemplate } from "./snippet-template.ts";

describe("snippetTemplate", () => {
  it.each([
    ['"kind": $1,', '"kind": ${1},'],
    ['{ "event": "${1:name}", "atLeast": ${2:3} }', '{ "event": "${1:name}", "atLeast": ${2:3} }'],
    ["{$1}", "{${1}}"],
    ['"\\$in": [$1]', '"$in": [${1}]'],
    ['{"a":1\\}', '{"a":1}'],
    ["a $0", "a ${99}"],
    ["plain", "plain"],
  ])("writes %s as %s", (lsp, expected) => {
    expect(snippetTemplate(lsp)).toBe(expected);
  });
  it("keeps a brace behind a dollar sign from becoming a field", () => {
    expect(snippetTemplate("\\${x\\}")).toBe("$\\{x}");
    expect(snippetTemplate("#{x\\}")).toBe("#\\{x}");
  });
});

describe("opensEmptyField", () => {
  it("is true only where the first field has no text yet", () => {
    expect(opensEmptyField('"kind": ${1}')).toBe(true);
    expect(opensEmptyField('"kind": ${1:tour}')).toBe(false);
    expect(opensEmptyField('"kind"')).toBe(false);
  });
});
