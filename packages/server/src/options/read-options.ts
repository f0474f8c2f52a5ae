import { readFileSync } from "node:fs";
import { nearestName } from "./nearest-name.ts";
import type { Option } from "./option.ts";
import { flagOf, OPTIONS, type OptionName, type OptionValues } from "./option-table.ts";

const MARK = Symbol("wrong-option");
const NAMES = Object.keys(OPTIONS) as OptionName[];
/** `--help`, as every command has it. */
const HELP = ["--help", "-h"];

/**
 * Names that begin with `CAIRN_` and are none of ours: of the command line and the tests, and what Kubernetes writes
 * into every container of a cluster with a service of that name.
 */
const FOREIGN =
  /^CAIRN_(?:HOST|SOAK|TRACE|CHROMIUM|HEADLESS_SHELL|FIREFOX|GALLERY|TEST_\w+|(?:\w+_)?SERVICE_(?:HOST|PORT)(?:_\w+)?|(?:\w+_)?PORT_\d+_\w+)$/;

/** Where a value comes from, in words: `--port`, `PORT`, `cairn.json`. */
export interface ReadOption {
  readonly name: OptionName;
  /** What may be printed. */
  readonly shown: string;
  readonly from: string;
}

export interface ReadOptions {
  readonly values: OptionValues;
  /** One for each option that was asked for, in the order of the table. */
  readonly list: readonly ReadOption[];
  /** `--help` was among the arguments; then nothing else counts. */
  readonly help: boolean;
  /** Arguments that are no flags, where the command takes some. */
  readonly rest: readonly string[];
}

export interface OptionSources {
  /** Of the command line, after the command's name. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Which flags the command has; in the environment and in the file all options may stand. @default all */
  readonly only?: readonly OptionName[];
  /** How many arguments without a flag the command takes. @default 0 */
  readonly positional?: number;
  /** @default reads it from the disk */
  readonly readFile?: (path: string) => string;
}

/** Something in the options that must be mended; its message says what. */
export const isWrongOption = (thrown: unknown): thrown is Error => thrown instanceof Error && MARK in thrown;

const wrong = (message: string): Error => Object.assign(new Error(message), { [MARK]: true });

interface Given {
  readonly text: string;
  readonly from: string;
}
type Found = Map<OptionName, Given>;

/**
 * Reads the options: a flag stands over the environment, that over the file, and that over the default. Throws an
 * error that `isWrongOption` knows for names that do not exist, in any of the three, and for values that are none.
 */
export function readOptions({
  args = [],
  env = {},
  only = NAMES,
  positional = 0,
  readFile = (path) => readFileSync(path, "utf8"),
}: OptionSources): ReadOptions {
  if (args.some((arg) => HELP.includes(arg))) return { values: {}, list: [], help: true, rest: [] };
  const { flags, rest } = fromFlags(args, only);
  if (rest.length > positional) throw wrong(`"${rest[positional]}" is one argument too many.`);
  const variables = fromEnvironment(env);
  const config = flags.get("config") ?? variables.get("config");
  const file: Found = config === undefined ? new Map() : fromFile(config, readFile);
  const values: Record<string, unknown> = {};
  const list: ReadOption[] = [];
  for (const name of NAMES) {
    if (!only.includes(name)) continue;
    const option: Option = OPTIONS[name];
    const given = flags.get(name) ?? variables.get(name) ?? file.get(name);
    if (given === undefined) {
      list.push({ name, shown: option.fallback, from: "default" });
      continue;
    }
    const value = option.read(given.text);
    // What is no value may still be a secret.
    if (value === undefined)
      throw wrong(
        `${given.from} must be ${option.form}${option.show === undefined ? `, not "${given.text}"` : ""}.`,
      );
    values[name] = value;
    list.push({ name, shown: option.show?.(given.text) ?? given.text, from: given.from });
  }
  return { values: values as OptionValues, list, help: false, rest };
}

function fromFlags(args: readonly string[], only: readonly OptionName[]) {
  const flags: Found = new Map();
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? "";
    if (!arg.startsWith("-") || arg === "-") {
      rest.push(arg);
      continue;
    }
    const [, flag = arg, inline] = /^([^=]+)=([\s\S]*)$/.exec(arg) ?? [];
    const name = only.find((one) => flagOf(one) === flag);
    if (name === undefined) throw unknown("flag", flag, only.map(flagOf));
    if (flags.has(name)) throw wrong(`${flag} is given twice.`);
    const following = args[i + 1];
    if (inline !== undefined) flags.set(name, { text: inline, from: flag });
    else if (OPTIONS[name].isSwitch) flags.set(name, { text: "1", from: flag });
    else if (following === undefined || following.startsWith("--")) throw wrong(`${flag} needs a value.`);
    else {
      flags.set(name, { text: following, from: flag });
      i += 1;
    }
  }
  return { flags, rest };
}

function fromEnvironment(env: Readonly<Record<string, string | undefined>>): Found {
  const found: Found = new Map();
  const known = new Map(NAMES.map((name) => [OPTIONS[name].env as string, name]));
  for (const [variable, text] of Object.entries(env)) {
    // Empty is how compose files and shells write "not set".
    if (text === undefined || text === "") continue;
    const name = known.get(variable);
    if (name !== undefined) found.set(name, { text, from: variable });
    else if (variable.startsWith("CAIRN_") && !FOREIGN.test(variable) && !text.startsWith("tcp://"))
      throw unknown("environment variable", variable, [...known.keys()]);
  }
  return found;
}

function fromFile({ text: path, from }: Given, readFile: (path: string) => string): Found {
  let content: unknown;
  try {
    content = JSON.parse(readFile(path));
  } catch (thrown) {
    const why = thrown instanceof SyntaxError ? "it is not JSON" : (thrown as Error).message;
    throw wrong(`${from}: ${path} cannot be read: ${why}`);
  }
  if (typeof content !== "object" || content === null || Array.isArray(content))
    throw wrong(`${path}: it must be one JSON object, {"port": 8787}.`);
  const found: Found = new Map();
  for (const [key, value] of Object.entries(content)) {
    const name = NAMES.find((one) => one === key);
    if (name === undefined || name === "config")
      throw unknown(
        `option in ${path} called`,
        key,
        NAMES.filter((one) => one !== "config"),
      );
    if (value === null) continue;
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean")
      throw wrong(`${path}: "${key}" must be ${OPTIONS[name].form}.`);
    found.set(name, { text: String(value), from: `"${key}" in ${path}` });
  }
  return found;
}

function unknown(what: string, name: string, names: readonly string[]): Error {
  const meant = nearestName(name, names);
  return wrong(`There is no ${what} ${name}.${meant === undefined ? "" : ` Did you mean ${meant}?`}`);
}
