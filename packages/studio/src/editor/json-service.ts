import {
  type CompletionItem,
  ErrorCode,
  getLanguageService,
  type Hover,
  type JSONDocument,
  type JSONSchema,
} from "vscode-json-languageservice";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Range } from "./locate.ts";
import { forAuthors } from "./schema-for-authors.ts";

const URI = "cairn://studio/flow.json";
const SCHEMA_URI = "cairn://studio/flow.schema.json";

/** From here on the service's codes are about schemas. */
const SCHEMA_CODES = 0x300;

/** A place where the text is not JSON, by code, so that the studio can say it in the reader's language. */
export interface SyntaxFault extends Range {
  readonly code: SyntaxCode;
}
export type SyntaxCode =
  | "end-of-text"
  | "bracket"
  | "colon"
  | "comma"
  | "comment"
  | "deep"
  | "escape"
  | "key"
  | "number"
  | "trailing-comma"
  | "twice"
  | "value";

/** Edits that the language service proposes, with offsets instead of lines and columns. */
export interface Proposal extends Range {
  readonly item: CompletionItem;
  readonly newText: string;
}

/** The JSON language service of VS Code, bound to one schema, speaking in offsets. */
export interface JsonService {
  parse(text: string): JSONDocument;
  complete(text: string, offset: number): Promise<readonly Proposal[]>;
  hover(text: string, offset: number): Promise<(Range & { readonly text: string }) | undefined>;
  faults(text: string): Promise<readonly SyntaxFault[]>;
  format(text: string): string;
}

export function createJsonService(schema: JSONSchema): JsonService {
  const service = getLanguageService({});
  service.configure({ schemas: [{ uri: SCHEMA_URI, fileMatch: ["*"], schema: forAuthors(schema) }] });
  const open = (text: string) => TextDocument.create(URI, "json", 1, withoutSchemaLink(text));
  return {
    parse: (text) => service.parseJSONDocument(open(text)),
    async complete(text, offset) {
      const doc = open(text);
      const list = await service.doComplete(doc, doc.positionAt(offset), service.parseJSONDocument(doc));
      return (list?.items ?? []).flatMap((item) => {
        const edit = item.textEdit;
        if (edit === undefined || !("range" in edit) || item.label === "$schema") return [];
        const { start, end } = edit.range;
        return [{ item, newText: edit.newText, from: doc.offsetAt(start), to: doc.offsetAt(end) }];
      });
    },
    async hover(text, offset) {
      const doc = open(text);
      const json = service.parseJSONDocument(doc);
      const node = json.getNodeFromOffset(offset);
      // A bracket stands for everything inside it: that would be a tooltip over the whole page.
      if (node === undefined || node.type === "object" || node.type === "array") return undefined;
      const hover = await service.doHover(doc, doc.positionAt(offset), json);
      const words = hover === null ? "" : hoverText(hover.contents);
      if (words === "" || !hover?.range) return undefined;
      return { text: words, from: doc.offsetAt(hover.range.start), to: doc.offsetAt(hover.range.end) };
    },
    async faults(text) {
      const doc = open(text);
      const found = await service.doValidation(doc, service.parseJSONDocument(doc), {
        schemaValidation: "ignore",
        trailingCommas: "error",
        comments: "error",
      });
      return found.filter(isSyntax).map(({ code, range }) => ({
        code: faultCode(code),
        from: doc.offsetAt(range.start),
        to: doc.offsetAt(range.end),
      }));
    },
    format(text) {
      const doc = open(text);
      return TextDocument.applyEdits(doc, service.format(doc, undefined, { tabSize: 2, insertSpaces: true }));
    },
  };
}

/** A flow's own `$schema` would send the service after that file; one letter less, and it is any field. */
function withoutSchemaLink(text: string): string {
  return text.replace(/"\$schema"(?=\s*:)/, '"_schema"');
}

/** What the service says about schemas is not the author's concern: the validator checks the definition. */
function isSyntax({ code }: { readonly code?: string | number }): boolean {
  return typeof code === "number" && code >= ErrorCode.UnexpectedEndOfComment && code < SCHEMA_CODES;
}

/** The service answers in Markdown with every mark escaped; the studio shows plain text. */
export function hoverText(contents: Hover["contents"]): string {
  const parts = Array.isArray(contents) ? contents : [contents];
  return parts
    .map((part) => (typeof part === "string" ? part : part.value))
    .join("\n\n")
    .replaceAll("&nbsp;", " ")
    .replaceAll(/\\\n/g, "\n")
    .replaceAll(/\\([\\`*_{}[\]()<>#+\-.!])/g, "$1")
    .trim();
}

function faultCode(code: string | number | undefined): SyntaxCode {
  switch (code) {
    case ErrorCode.UnexpectedEndOfComment:
    case ErrorCode.CommentNotPermitted:
      return "comment";
    case ErrorCode.UnexpectedEndOfString:
      return "end-of-text";
    case ErrorCode.UnexpectedEndOfNumber:
      return "number";
    case ErrorCode.InvalidUnicode:
    case ErrorCode.InvalidEscapeCharacter:
    case ErrorCode.InvalidCharacter:
      return "escape";
    case ErrorCode.PropertyExpected:
    case ErrorCode.PropertyKeysMustBeDoublequoted:
      return "key";
    case ErrorCode.CommaExpected:
      return "comma";
    case ErrorCode.ColonExpected:
      return "colon";
    case ErrorCode.CommaOrCloseBacketExpected:
    case ErrorCode.CommaOrCloseBraceExpected:
      return "bracket";
    case ErrorCode.TrailingComma:
      return "trailing-comma";
    case ErrorCode.DuplicateKey:
      return "twice";
    default:
      return "value";
  }
}
