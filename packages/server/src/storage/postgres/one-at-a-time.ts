/**
 * Many who ask the same at once cost one question: while one is under way the others wait, and all of them share the
 * next. Nobody is given an answer to a question that was asked before theirs.
 */
export function oneAtATime<Key, Answer>(ask: (key: Key) => Promise<Answer>): (key: Key) => Promise<Answer> {
  const running = new Map<Key, Promise<unknown>>();
  const next = new Map<Key, Promise<Answer>>();
  const start = (key: Key): Promise<Answer> => {
    const answer = ask(key);
    const over = answer.then(
      () => {},
      () => {},
    );
    running.set(key, over);
    void over.then(() => {
      if (running.get(key) === over) running.delete(key);
    });
    return answer;
  };
  return (key) => {
    const waiting = next.get(key);
    if (waiting !== undefined) return waiting;
    const before = running.get(key);
    if (before === undefined) return start(key);
    const shared = before.then(() => {
      next.delete(key);
      return start(key);
    });
    next.set(key, shared);
    return shared;
  };
}
