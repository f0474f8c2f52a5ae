/** More than this waiting means that something never ends; what comes then is dropped. */
const MAX_TASKS = 1_000;

export type Task = () => void | Promise<void>;

/**
 * Runs tasks one after another: at once where nothing is under way, else when it is done. So a `track` that follows
 * an `identify` finds the new person, although that had to be read from storage first. What is added `ahead` comes
 * before all that is not.
 */
export function createTaskQueue(report: (error: unknown) => void): {
  add(task: Task, ahead?: boolean): void;
  clear(): void;
} {
  let first: Task[] = [];
  let then: Task[] = [];
  let busy = false;

  async function drain(): Promise<void> {
    if (busy) return;
    busy = true;
    for (let task = first.shift() ?? then.shift(); task; task = first.shift() ?? then.shift())
      try {
        // What is done at once keeps nobody waiting, not even for a turn.
        const pending = task();
        if (pending) await pending;
      } catch (error) {
        report(error);
      }
    busy = false;
  }

  return {
    add(task, ahead) {
      const tasks = ahead ? first : then;
      if (tasks.length < MAX_TASKS) tasks.push(task);
      drain();
    },
    clear() {
      first = [];
      then = [];
    },
  };
}
