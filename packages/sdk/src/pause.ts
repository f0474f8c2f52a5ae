import type { Clock } from "./ports.ts";

/** Ends the task, so that the page can do its own work before ours goes on. */
export const pause = (clock: Clock): Promise<void> => new Promise((resolve) => void clock.after(0, resolve));
