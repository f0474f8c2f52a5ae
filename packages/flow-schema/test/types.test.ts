import { ATTRIBUTE_OPERATORS, FLOW_KINDS, LEAF_KEYS, MESSAGE_TYPES } from "@cairn/flow-schema";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import schema from "../src/flow.schema.json" with { type: "json" };

interface Definition {
  readonly type?: string | readonly string[];
  readonly properties?: { readonly [name: string]: Definition & { readonly $ref?: string } };
  readonly required?: readonly string[];
  readonly oneOf?: readonly { readonly $ref?: string }[];
  readonly enum?: readonly unknown[];
}
const DEFS = schema.$defs as unknown as { readonly [name: string]: Definition };

/** Each exported type, and the definitions that say the same; several for a union. */
const TIES: { readonly [type: string]: string | readonly string[] } = {
  StepFlow: "stepFlow",
  ChecklistFlow: "checklistFlow",
  Step: "step",
  Item: "item",
  Action: "action",
  Media: "media",
  Route: "route",
  Frequency: "frequency",
  Holdout: "holdout",
  Variant: "variant",
  Goal: "goal",
  Target: "target",
  Theme: "theme",
  Colours: "colours",
  EventLeaf: "eventLeaf",
  SequenceLeaf: "sequenceLeaf",
  InactiveLeaf: "inactiveLeaf",
  FeatureLeaf: "featureLeaf",
  FlowLeaf: "flowLeaf",
  SegmentLeaf: "segmentLeaf",
  UserLeaf: "userLeaf",
  AccountLeaf: "accountLeaf",
  PageLeaf: "pageLeaf",
  ElementLeaf: "elementLeaf",
  InteractionLeaf: ["clickLeaf", "hoverLeaf", "focusLeaf", "inputLeaf"],
  SignalLeaf: "signalLeaf",
  TimeLeaf: "timeLeaf",
  LocaleLeaf: "localeLeaf",
  DeviceLeaf: "deviceLeaf",
  Feature: "feature",
  Segment: "segment",
  Settings: "settings",
  Budget: "budget",
  GuardSettings: "guard",
  QuietRule: "quietRule",
  Config: "config",
  Batch: "batch",
  CairnContext: "cairnContext",
};
/** Objects that are written inside another type: `owner.property`. */
const INNER: { readonly [place: string]: string } = {
  "StepFlow.schedule": "schedule",
  "Theme.font": "font",
  "TimeLeaf.time": "timeWindow",
  "Feature.activated": "activated",
  "Feature.lapsed": "lapsed",
  "Settings.identity": "identity",
  "Settings.navigate": "navigateSettings",
  "Budget.afterDismiss": "afterDismiss",
  "Budget.weights": "weights",
};
/** Types that are no object of one shape, checked below or free by nature. */
const ELSEWHERE = [
  ...[
    "Flow",
    "FlowHead",
    "Do",
    "Condition",
    "Leaf",
    "FeatureUse",
    "Text",
    "AttributeRule",
    "Json",
    "JsonObject",
  ],
  ...[
    "Message",
    "MessageContext",
    "ResolvedSettings",
    "ResolvedBudget",
    "BatchResult",
    "Rejection",
    "Problem",
  ],
  ...["KnownIds", "ValidateOptions", "Bounds"],
];

const entry = new URL("../src/index.ts", import.meta.url).pathname;
const program = ts.createProgram([entry], {
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
  types: [],
});
const checker = program.getTypeChecker();
const source = program.getSourceFile(entry);
const exported = new Map(
  checker
    .getExportsOfModule(checker.getSymbolAtLocation(source as ts.SourceFile) as ts.Symbol)
    .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
    .map((symbol) => [symbol.name, symbol]),
);

function typeNamed(name: string): ts.Type {
  const symbol = exported.get(name);
  if (symbol === undefined) throw new Error(`no exported type ${name}`);
  return checker.getDeclaredTypeOfSymbol(symbol);
}

const isOptional = (symbol: ts.Symbol) => (symbol.flags & ts.SymbolFlags.Optional) !== 0;

/** `name` for a property that must be there, `name?` for one that may. */
function propertiesOf(type: ts.Type): string[] {
  return checker
    .getPropertiesOfType(type)
    .map((symbol) => `${symbol.name}${isOptional(symbol) ? "?" : ""}`)
    .sort();
}

function propertiesIn({ properties = {}, required = [] }: Definition): string[] {
  return Object.keys(properties)
    .map((name) => `${name}${required.includes(name) ? "" : "?"}`)
    .sort();
}

function literalsOf(type: ts.Type): string[] {
  const members = type.isUnion() ? type.types : [type];
  return members.flatMap((member) => (member.isStringLiteral() ? [member.value] : [])).sort();
}

function propertyType(owner: ts.Type, name: string): ts.Type {
  const symbol = checker.getPropertyOfType(owner, name);
  if (symbol === undefined) throw new Error(`no property ${name}`);
  return checker.getNonNullableType(checker.getTypeOfSymbol(symbol));
}

describe("types and schema", () => {
  it.each(Object.entries(TIES))(
    "say the same of %s: fields, and which of them must be there",
    (name, names) => {
      const type = typeNamed(name);
      const definitions = typeof names === "string" ? [names] : names;
      const members = type.isUnion() ? type.types : [type];
      const inSchema = definitions.map((definition) => propertiesIn(DEFS[definition] ?? {}));
      expect(members.map(propertiesOf).sort()).toEqual(inSchema.sort());
    },
  );

  it.each(Object.entries(INNER))("say the same of the object %s", (place, name) => {
    const [owner = "", property = ""] = place.split(".");
    expect(propertiesOf(propertyType(typeNamed(owner), property))).toEqual(propertiesIn(DEFS[name] ?? {}));
  });

  it("say the same of every list of words", () => {
    let lists = 0;
    for (const [name, names] of Object.entries(TIES)) {
      const definition = DEFS[typeof names === "string" ? names : (names[0] ?? "")];
      for (const [property, value] of Object.entries(definition?.properties ?? {})) {
        const target = value.$ref === undefined ? value : DEFS[value.$ref.slice("#/$defs/".length)];
        if (target?.enum === undefined || typeof target.enum[0] !== "string") continue;
        lists += 1;
        const inType = literalsOf(propertyType(typeNamed(name), property));
        expect([name, property, inType]).toEqual([name, property, [...target.enum].sort()]);
      }
    }
    expect(lists).toBeGreaterThan(15);
  });

  it("say the same of every deed", () => {
    const type = typeNamed("Do") as ts.UnionType;
    const objects = type.types.filter((member) => !member.isStringLiteral()).map(propertiesOf);
    const branches = (DEFS.do?.oneOf ?? []).map(({ $ref = "" }) => DEFS[$ref.slice("#/$defs/".length)] ?? {});
    expect(literalsOf(type)).toEqual([...(branches[0]?.enum ?? [])].sort());
    expect(objects.sort()).toEqual(branches.slice(1).map(propertiesIn).sort());
  });

  it("say the same of conditions, groups and leaves", () => {
    const branches = (DEFS.condition?.oneOf ?? []).map(
      ({ $ref = "" }) => DEFS[$ref.slice("#/$defs/".length)] ?? {},
    );
    const type = typeNamed("Condition") as ts.UnionType;
    expect(type.types.map(propertiesOf).sort()).toEqual(branches.map(propertiesIn).sort());
    expect(branches.map(({ required }) => required?.[0]).sort()).toEqual(
      ["all", "any", "not", ...LEAF_KEYS].sort(),
    );
  });

  it("say the same of messages", () => {
    const fields = (DEFS.message?.oneOf ?? []).flatMap(({ $ref = "" }) =>
      Object.keys(DEFS[$ref.slice("#/$defs/".length)]?.properties ?? {}),
    );
    const inSchema = new Set([...fields, ...Object.keys(DEFS.messageHead?.properties ?? {})]);
    expect(propertiesOf(typeNamed("Message")).map((name) => name.replace("?", ""))).toEqual(
      [...inSchema].sort(),
    );
    expect(DEFS.messageHead?.properties?.type?.enum).toEqual(MESSAGE_TYPES);
  });

  it("say the same of kinds and operators", () => {
    const kinds = [
      ...(DEFS.stepFlow?.properties?.kind?.enum ?? []),
      ...(DEFS.checklistFlow?.properties?.kind?.enum ?? []),
    ];
    expect([...kinds].sort()).toEqual([...FLOW_KINDS].sort());
    expect(Object.keys(DEFS.attributeTest?.properties ?? {}).sort()).toEqual([...ATTRIBUTE_OPERATORS].sort());
  });

  it("leave no exported interface out", () => {
    const interfaces = [...exported.values()]
      .filter((symbol) => symbol.flags & ts.SymbolFlags.Interface)
      .map(({ name }) => name);
    expect(interfaces.filter((name) => !(name in TIES) && !ELSEWHERE.includes(name))).toEqual([]);
    expect(Object.keys(TIES)).toHaveLength(38);
  });
});
