import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** Names of the methods that an interface of the public declarations has, as the compiler reads them. */
export function declaredMethods(name: string, file = join(import.meta.dirname, "../src/api.ts")): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const found = source.statements.filter(ts.isInterfaceDeclaration).find((one) => one.name.text === name);
  return (found?.members ?? []).map((member) => member.name?.getText(source) ?? "");
}

/** The calls that the loader's stub takes down until the boot chunk is there. */
export function stubbedMethods(): string[] {
  const text = readFileSync(join(import.meta.dirname, "../src/loader.ts"), "utf8");
  return /METHODS =\s*"([^"]+)"/.exec(text)?.[1]?.split(" ") ?? [];
}
