import { browser, type Suite, unit } from "./guard.ts";

const SRC = "packages/sdk/src";
const TEST = "packages/sdk/test/delivery";
const faults = unit(`${TEST}/faults.test.ts`);
const judge = unit(`${SRC}/transport/judge.test.ts`);
const delivery = unit(`${SRC}/transport/delivery.test.ts`);
const day = unit(`${TEST}/offline.test.ts`, "stores 5,000");
const caps = unit(`${TEST}/offline.test.ts`, "gives up");
const storm = unit(`${TEST}/retry-storm.test.ts`);
const restored = unit(`${SRC}/restored.test.ts`);
const damaged = unit(`${SRC}/client.test.ts`, "lies damaged");
const told = unit(`${SRC}/start.test.ts`, "lies damaged");
const storage = (only: string) => browser("storage", only);

/** What keeps an event from being lost or doubled. */
export const DELIVERY: readonly Suite[] = [
  {
    name: "Fault matrix: 17 faults × {config, events, state} × {boot, running, unload}",
    tests: [faults, judge, delivery, unit(`${SRC}/transport/flow-source.test.ts`)],
    guards: [
      {
        name: "200 with a login page is no success",
        file: `${SRC}/transport/send.ts`,
        out: `ok: answer.ok && typeof (await answer.json().catch(() => null))?.accepted === "number",`,
        put: "ok: answer.ok,",
        red: faults,
      },
      {
        name: "deleted only on the server's word",
        file: `${SRC}/transport/delivery.ts`,
        out: "if (outcome?.ok) {",
        put: "if (outcome) {",
        red: faults,
      },
      {
        name: "no answer is no verdict",
        file: `${SRC}/transport/judge.ts`,
        out: "if (!outcome) return delay;",
        put: `if (!outcome) return "refused";`,
        red: faults,
      },
      {
        name: "413 halves",
        file: `${SRC}/transport/judge.ts`,
        out: `if (status === 413 && batchSize > 1) return "split";`,
        put: "",
        red: faults,
      },
      {
        name: "400 is given up, not tried for ever",
        file: `${SRC}/transport/judge.ts`,
        out: `if (status === 413 || status === 400) return "refused";`,
        put: `if (status === 413) return "refused";`,
        red: faults,
      },
      {
        name: "401 and 403 stop",
        file: `${SRC}/transport/judge.ts`,
        out: `if (status >= 300 && status < 500 && ![408, 425, 429].includes(status)) return "stop";`,
        put: "",
        red: faults,
      },
      {
        name: "408 and 429 are tried again",
        file: `${SRC}/transport/judge.ts`,
        out: "&& ![408, 425, 429].includes(status)",
        put: "",
        red: faults,
      },
      {
        name: "Retry-After in seconds",
        file: `${SRC}/transport/judge.ts`,
        out: "/^\\d+$/.test(text) ? +text * 1_000 : Date.parse(text) - now;",
        put: "Date.parse(text) - now;",
        red: faults,
      },
      {
        name: "Retry-After as a date",
        file: `${SRC}/transport/judge.ts`,
        out: ": Date.parse(text) - now;",
        put: ": 0;",
        red: faults,
      },
      {
        name: "a copy at the end deletes nothing, and goes not before Retry-After",
        file: `${SRC}/transport/delivery.ts`,
        out: "if (line.stopped || !batch.length || now() < line.notBefore) return;",
        put: "if (!batch.length) return;",
        red: faults,
      },
      {
        name: "a server that hangs is given up",
        file: `${SRC}/transport/request.ts`,
        out: "cancel = clock.after(TIMEOUT_MS, () => abort.abort());",
        put: "",
        red: faults,
      },
      {
        name: "a request never rejects, whatever the page has made of fetch",
        file: `${SRC}/transport/request.ts`,
        out: `} catch {
      // No network, no server, not its words: nothing to do but try again later.
      return undefined;`,
        put: "} catch (error) {\n      throw error;",
        red: faults,
      },
      {
        name: "definitions that make no sense change nothing",
        file: `${SRC}/transport/flow-source.ts`,
        out: "if (config?.schemaVersion !== 1 || !Array.isArray(config.flows)) return;",
        put: "",
        red: unit(`${SRC}/transport/flow-source.test.ts`),
      },
      {
        name: "poison events are set aside",
        file: `${SRC}/transport/trouble.ts`,
        out: "await suspect(line, batch, outcome);",
        put: "",
        red: delivery,
      },
      {
        name: "the last state goes when the page is left",
        file: `${SRC}/client.ts`,
        out: "    vouched.client?.leave();\n    persistence?.leave(goes);",
        put: "    persistence?.leave(goes);",
        red: faults,
      },
      {
        name: "the state keeps to Retry-After, too",
        file: `${SRC}/transport/state-client.ts`,
        out: "if (now() < later) return undefined;",
        put: "",
        red: faults,
      },
    ],
  },
  {
    name: "Offline 24 h: 5,000 events, 20 reloads, 20 killed tabs, 30 % errors",
    tests: [unit(`${TEST}/offline.test.ts`), delivery],
    guards: [
      {
        name: "sent, then deleted",
        file: `${SRC}/transport/delivery.ts`,
        out: "const outcome = await send(batch);",
        put: "await line.forget(batch);\n      const outcome = await send(batch);",
        red: day,
      },
      {
        name: "an event keeps its id each time that it is sent",
        file: `${SRC}/transport/send.ts`,
        out: "toText({ writeKey: key, sentAt, token, batch });",
        put: "toText({ writeKey: key, sentAt, token, batch: batch.map((one) => ({ ...one, messageId: `${one.messageId}${Math.random()}` })) });",
        red: day,
      },
      {
        name: "ids rise, so that keys are in order",
        file: `${SRC}/state/random-id.ts`,
        out: "} else if (++counter > 0xfff) {",
        put: "} else if ((counter = Number.parseInt(random.slice(0, 3), 16)) > 0xfff) {",
        red: day,
      },
      {
        name: "kept in the store before they are sent",
        file: `${SRC}/transport/delivery.ts`,
        out: "if (unsaved.push(message) === 1) queueMicrotask(save);",
        put: "unsaved.push(message);",
        red: delivery,
      },
      {
        name: "the least valuable goes first",
        file: `${SRC}/transport/tidy-queue.ts`,
        out: "kept.sort((a, b) => worth(a.message) - worth(b.message))",
        put: "kept",
        red: caps,
      },
      {
        name: "caps are kept while the server takes nothing",
        file: `${SRC}/transport/delivery.ts`,
        out: "while (isFull() && (await lock.take())) await tidy();",
        put: "",
        red: caps,
      },
      {
        name: "what was given up is counted, also for the next page",
        file: `${SRC}/transport/trouble.ts`,
        out: "await line.store.update(line.droppedKey, (before) => (Number(before) || 0) + dropped);",
        put: "",
        red: caps,
      },
      {
        name: "who has lost the lock stops sending",
        file: `${SRC}/transport/delivery.ts`,
        out: "while (!line.stopped && lock.held()) {",
        put: "while (!line.stopped) {",
        red: delivery,
      },
      {
        name: "the server takes each id once",
        file: "packages/server/src/storage/sqlite/insert-events.ts",
        out: "INSERT OR IGNORE INTO events",
        put: "INSERT INTO events",
        red: day,
      },
    ],
  },
  {
    name: "Retry storm: clients after a 10-minute outage",
    tests: [storm, judge, delivery],
    guards: [
      {
        name: "full jitter",
        file: `${SRC}/transport/judge.ts`,
        out: "random * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** attempt);",
        put: "Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** attempt);",
        red: judge,
      },
      {
        name: "spread out after Retry-After",
        file: `${SRC}/transport/judge.ts`,
        out: "Math.max(delay, random * Math.min(later, MAX_DELAY_MS));",
        put: "(later ? 0 : delay);",
        red: storm,
      },
      {
        name: "none before Retry-After",
        file: `${SRC}/transport/judge.ts`,
        out: "return later + Math.max(",
        put: "return Math.max(",
        red: storm,
      },
      {
        name: "also where a new event comes",
        file: `${SRC}/transport/trouble.ts`,
        out: "line.notBefore = now + verdict;",
        put: "",
        red: delivery,
      },
      {
        name: "nor by another tab or the next page",
        file: `${SRC}/transport/delivery.ts`,
        out: "if (now() < line.notBefore) return schedule(0);",
        put: "",
        red: delivery,
      },
    ],
  },
  {
    name: "Storage faults: all modes, the UI works, nothing thrown",
    tests: [storage("^(?!.*back/forward).*$"), unit(`${SRC}/state/state-store.test.ts`), damaged, told],
    guards: [
      {
        name: "what hangs, or is blocked, is left",
        file: `${SRC}/state/state-store.ts`,
        out: "half(() => half(() => reject(0)));",
        put: "",
        red: storage("hangs|hang,|blocks"),
      },
      {
        name: "the next rung is used",
        file: `${SRC}/state/state-store.ts`,
        out: "            at++;",
        put: "",
        red: storage("no database"),
      },
      {
        name: "memory is the last rung",
        file: `${SRC}/browser-platform.ts`,
        out: "          async () => (await loadRare()).createMemoryStore(),\n",
        put: "",
        red: storage("cookies are off|localStorage are full"),
      },
      {
        name: "localStorage is the second",
        file: `${SRC}/browser-platform.ts`,
        out: "          async () => (await loadRare()).createLocalStore(window.localStorage),\n",
        put: "",
        red: storage("disk is full"),
      },
      {
        name: "a database that closes is opened anew",
        file: `${SRC}/state/state-store.ts`,
        out: "++tries > 2",
        put: "++tries > 0",
        red: storage("closes in the middle"),
      },
      {
        name: "nobody is kept from deleting it",
        file: `${SRC}/state/state-store.ts`,
        out: "        db.close();\n",
        put: "",
        red: storage("deleting the database"),
      },
      {
        name: "damaged values are passed over",
        file: `${SRC}/transport/queue.ts`,
        out: `now - Date.parse(message?.timestamp ?? "") <= MAX_AGE_MS && typeof message?.messageId === "string";`,
        put: `message !== undefined;`,
        red: storage("damaged"),
      },
      {
        name: "who it is, is damaged",
        file: `${SRC}/identity.ts`,
        out: `typeof (saved as Partial<Who> | undefined)?.anonymousId === "string" ? (saved as Who) : undefined;`,
        put: "saved as Who | undefined;",
        red: damaged,
      },
      {
        name: "what is damaged is told",
        file: `${SRC}/identity.ts`,
        out: "if (saved && !found) report(saved);",
        put: "",
        red: told,
      },
      {
        name: "full: all or nothing",
        file: `${SRC}/state/local-store.ts`,
        out: "for (const [key] of before) storage.removeItem(LOCAL_PREFIX + key);",
        put: "",
        red: unit(`${SRC}/state/state-store.test.ts`),
      },
      {
        name: "Web Locks are refused",
        file: `${SRC}/state/tab-lock.ts`,
        out: "else if (locks && /^(Security|Type)Error$/.test(name)) {",
        put: "else if (false) {",
        red: storage("sandboxed"),
      },
      {
        name: "channels are refused",
        file: `${SRC}/state/tab-sync.ts`,
        out: "      } catch {\n        // It may rest",
        put: "      } catch (error) {\n        throw error;\n        // It may rest",
        red: storage("nothing of the kind|sandboxed"),
      },
      {
        name: "looking for what was left in localStorage is refused",
        file: `${SRC}/persistence.ts`,
        out: "      } catch {\n        // Not allowed to look.",
        put: "      } catch (error) {\n        throw error;",
        red: storage("cookies are off"),
      },
      {
        name: "what localStorage kept comes back",
        file: `${SRC}/state/bring-back.ts`,
        out: "events.flatMap((event) =>",
        put: "([] as typeof events).flatMap((event) =>",
        red: storage("comes back when the database"),
      },
    ],
  },
  {
    name: "Back/forward cache: restored, and nothing doubled",
    tests: [storage("back/forward"), unit(`${SRC}/state/tab-lock.test.ts`), restored],
    guards: [
      {
        name: "a page that goes hears nothing of other tabs",
        file: `${SRC}/state/tab-sync.ts`,
        out: "      isAwake = false;\n      channel?.close();\n      channel = undefined;",
        put: "",
        red: storage("what another tab says"),
      },
      {
        name: "its requests for locks are taken back",
        file: `${SRC}/state/tab-lock.ts`,
        out: "from.request(name, steal ?? { signal }, had)",
        put: "from.request(name, steal ?? {}, had)",
        red: unit(`${SRC}/state/tab-lock.test.ts`, "is no longer waited for"),
      },
      {
        name: "restored, it goes on",
        file: `${SRC}/dom/watch-life.ts`,
        out: "if ((event as PageTransitionEvent).persisted) goOn();",
        put: "",
        red: restored,
      },
    ],
  },
];
