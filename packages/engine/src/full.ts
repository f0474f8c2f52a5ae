import type { Config } from "@cairn/flow-schema";
import { compileCore } from "./compile.ts";
import type { Compiled, CompileOptions } from "./compiled.ts";
import { course } from "./course.ts";
import { stage } from "./stage.ts";

/** Makes the definitions ready to decide with. Never throws: what is broken is listed in `problems`. */
export const compile = (config: Config, options: CompileOptions = {}): Compiled =>
  compileCore(config, { stage, course, ...options });
