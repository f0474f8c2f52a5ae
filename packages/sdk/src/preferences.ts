import type { Input } from "@cairn/engine";
import { replays } from "@cairn/engine/explain";
import type { FlowId } from "@cairn/flow-schema";
import type { EngineLoop } from "./engine-loop.ts";
import type { Ui } from "./ports.ts";
import { type Choices, type Choose, preferencesPanel } from "./ui/preferences.tsx";

/** Opens the panel in which a person says what hints they want; what they choose is the engine's to obey, at once. */
export function openPreferences(
  ui: Ui,
  { loop, dispatch }: { loop(): EngineLoop; dispatch(input: Input): void },
): void {
  const { enabled, theme } = loop().compiled.settings;
  if (!enabled) return;
  let waits = false;
  const choices = (): Choices => {
    const { compiled, state, env } = loop();
    const { paused, categories } = state.shared.preferences;
    return {
      paused,
      categories: compiled.settings.categories.map((id) => ({
        id,
        on: !Object.hasOwn(categories, id) || categories[id] !== false,
      })),
      tours: replays(compiled, state, env()),
      waits,
    };
  };
  const choose: Choose = (kind, what) => {
    waits = false;
    if (kind === "tour") {
      dispatch({ type: "start", flow: what as FlowId });
      waits = !loop().state.local.open.some(({ flow }) => flow === what);
      return !waits;
    }
    const { paused, categories } = choices();
    if (kind === "pause") dispatch({ type: "preferences", paused: !paused });
    else {
      const isOn = categories.some(({ id, on }) => id === what && on);
      dispatch({ type: "preferences", categories: { [what]: !isOn } });
    }
    return false;
  };
  ui.panel(preferencesPanel(choices, choose), theme);
}
