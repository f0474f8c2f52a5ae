/** More than this waiting means that something never ends; what comes then is dropped. */
const MAX_TASKS = 1_000;

export type Task = () => void | Promise<void>;

/**
 * Runs tasks one after another: at once where nothing is under way, else when it is done. So a `track` that follows
 * an `identify` finds the new person, although that had to be read from storage first.
 */
export function createTaskQueue(report: (error: unknown) => void): { add(task: Task): void; clear(): void } {
  let tasks: Task[] = [];
  let busy = false;

  function drain(): void {
    while (!busy) {
      const task = tasks.shift();
      if (!task) return;
      busy = true;
      let pending: unknown;
      try {
        pending = task();
      } catch (error) {
        report(error);
      }
      if (pending instanceof Promise)
        pending.catch(report).then(() => {
          busy = false;
          drain();
        });
      else busy = false;
    }
  }

  return {
    add(task) {
      if (tasks.length < MAX_TASKS) tasks.push(task);
      drain();
    },
    clear() {
      tasks = [];
    },
  };
}
