export type { LineCheck, LogLine, MessageLine, SignalLine, UiLine } from "./log-line.ts";
export { checkLine } from "./log-line.ts";
export type { Replay, ReplayOptions } from "./replay.ts";
export { createReplay } from "./replay.ts";
export type { Reply, Respond } from "./respond.ts";
export { parseRespond } from "./respond.ts";
export type {
  Change,
  Changes,
  DecisionRecord,
  Details,
  SimulateOptions,
  Simulation,
  SimulationResult,
  Summary,
} from "./simulate.ts";
export { compareDecisions, createRecorder, createSimulation, recordOf, simulate } from "./simulate.ts";
export type { FlowDetail, FlowSummary, Interruptions, Overload } from "./tally.ts";
