import { browser, type Suite, unit } from "./guard.ts";

const SRC = "packages/sdk/src";
const api = unit(`${SRC}/public-api.test.ts`);
const hostile = unit(`${SRC}/client.test.ts`, "the public calls");
const contained = browser("contained");
const start = unit(`${SRC}/start.test.ts`);
const pages = (only: string) => browser("hostile", only, { soak: true, built: true });

/** What keeps an error of the SDK's, or an odd page, from costing the host anything. */
export const CONTAINMENT: readonly Suite[] = [
  {
    name: "Public API × hostile arguments × {before load, loaded, destroyed}",
    tests: [hostile, api, unit([`${SRC}/errors.test.ts`, `${SRC}/loader.test.ts`])],
    guards: [
      {
        name: "the guard around every call",
        file: `${SRC}/public-api.ts`,
        out: `const safe = errors.guarded("api", fn, idle);`,
        put: "const safe = fn;",
        red: api,
      },
      {
        name: "explain() answers where its file does not come",
        file: `${SRC}/public-api.ts`,
        out: `.catch((error) => {
          errors.report("api", error);
          return { ...core.health(), sdk: "", errors: errors.codes(), flows: [], advice: [] };
        })`,
        put: "",
        red: api,
      },
      {
        name: "the function that on() gives back is guarded, too",
        file: `${SRC}/public-api.ts`,
        out: "return call(emitter.on(type, handler), undefined);",
        put: "return emitter.on(type, handler);",
        red: api,
      },
      {
        name: "after destroy() no call does anything",
        file: `${SRC}/public-api.ts`,
        out: "return (...args) => (core.alive() ? safe(...args) : idle);",
        put: "return (...args) => safe(...args);",
        red: api,
      },
      {
        name: "a getter or proxy of the host's that throws is no error of Cairn's",
        file: `${SRC}/to-json.ts`,
        out: "} catch {\n    // A getter",
        put: "} catch (error) {\n    throw error;\n    // A getter",
        red: hostile,
      },
      {
        name: "nor is a token's getter",
        file: `${SRC}/public-api.ts`,
        out: `(token as Token) : undefined;
  } catch {`,
        put: `(token as Token) : undefined;
  } catch (error) {
    throw error;`,
        red: hostile,
      },
      {
        name: "nor a language that is none",
        file: `${SRC}/public-api.ts`,
        out: `Intl.getCanonicalLocales(value)[0] : undefined;
  } catch {`,
        put: `Intl.getCanonicalLocales(value)[0] : undefined;
  } catch (error) {
    throw error;`,
        red: hostile,
      },
      {
        name: "createCairn() gives something that can be called, whatever it is given",
        file: `${SRC}/create-cairn.ts`,
        out: `  } catch {
    return inert();`,
        put: `  } catch (error) {
    throw error;`,
        red: api,
      },
      {
        name: "before load: a call that was taken down, and fails later",
        file: `${SRC}/loader.ts`,
        out: "      } catch {}\n      return call.result;",
        put: "      } finally {}\n      return call.result;",
        red: unit(`${SRC}/loader.test.ts`),
      },
      {
        name: "telling of an error throws none itself",
        file: `${SRC}/errors.ts`,
        out: `    // The page may have broken what is used here, too.
    quietly(() => {`,
        put: "    ((fn: () => void) => fn())(() => {",
        red: unit([`${SRC}/errors.test.ts`, `${SRC}/public-api.test.ts`]),
      },
    ],
  },
  {
    name: "Callbacks of the UI, the page, timers, promises and handlers",
    tests: [
      unit([`${SRC}/guarded.test.ts`, `${SRC}/failing-ui.test.ts`, `${SRC}/callbacks.test.ts`]),
      unit(`${SRC}/client.test.ts`, "tells handlers"),
      contained,
    ],
    guards: [
      {
        name: "around what draws: a UI that fails is taken down",
        file: `${SRC}/screen.ts`,
        out: `      try {
        fn(...args);
      } catch (error) {
        failed(error);
      }`,
        put: "      fn(...args);",
        red: unit(`${SRC}/failing-ui.test.ts`),
      },
      {
        name: "around listeners",
        file: `${SRC}/dom/listen.ts`,
        out: "run(() => listener(event));",
        put: "listener(event);",
        red: contained,
      },
      {
        name: "around observers of the page",
        file: `${SRC}/client.ts`,
        out: `const guard: Guard = (fn) => guarded("observer", fn);`,
        put: "const guard: Guard = (fn) => fn;",
        red: unit(`${SRC}/callbacks.test.ts`),
      },
      {
        name: "around timers",
        file: `${SRC}/client.ts`,
        out: `platform.clock.after(ms, guarded("timer", fn)),`,
        put: "platform.clock.after(ms, fn),",
        red: unit(`${SRC}/callbacks.test.ts`),
      },
      {
        name: "around what other tabs say",
        file: `${SRC}/persistence.ts`,
        out: `  const hear = (news: TabNews) =>
    ports.run(() => {`,
        put: `  const hear = (news: TabNews) =>
    ((fn: () => void) => fn())(() => {`,
        red: unit(`${SRC}/callbacks.test.ts`),
      },
      {
        name: "around each task in the queue",
        file: `${SRC}/task-queue.ts`,
        out: "} catch (error) {\n        report(error);",
        put: "} catch (error) {\n        throw error;",
        red: unit(`${SRC}/callbacks.test.ts`),
      },
      {
        name: "around the host's own handlers",
        file: `${SRC}/emitter.ts`,
        out: "} catch (error) {\n          report(error);",
        put: "} catch (error) {\n          throw error;",
        red: unit(`${SRC}/client.test.ts`, "tells handlers"),
      },
      {
        name: "a callback in the UI that somebody writes without it is found in the sources",
        file: `${SRC}/ui/observe-exposure.ts`,
        out: "guard((entries: readonly IntersectionObserverEntry[]) => {",
        put: "((entries: readonly IntersectionObserverEntry[]) => {",
        red: unit(`${SRC}/guarded.test.ts`),
      },
    ],
  },
  {
    name: "Circuit breaker: three errors in 60 s, and Cairn is off the page",
    tests: [
      unit([`${SRC}/errors.test.ts`, `${SRC}/failing-ui.test.ts`]),
      unit(`${SRC}/client.test.ts`, "the breaker|minutes"),
    ],
    guards: [
      {
        name: "it trips",
        file: `${SRC}/errors.ts`,
        out: "    ports.trip();",
        put: "",
      },
      {
        name: "tripped, everything is taken off",
        file: `${SRC}/client.ts`,
        out: "trip: () => shutdown(),",
        put: "trip() {},",
      },
      {
        name: "errors long ago do not count",
        file: `${SRC}/errors.ts`,
        out: ".filter((at) => now - at < BREAKER_WINDOW_MS)",
        put: "",
      },
      {
        name: "the host's own errors, and files that do not come, do not count",
        file: `${SRC}/errors.ts`,
        out: `if (code === "event-handler" || code === "chunk") return;`,
        put: "",
      },
    ],
  },
  {
    name: "Kill switch, per environment and per flow, and least SDK version",
    tests: [
      unit(`${SRC}/min-sdk.test.ts`),
      unit(`${SRC}/client.test.ts`, "the kill switch"),
      unit("packages/engine/test/cases.test.ts"),
    ],
    guards: [
      {
        name: "an SDK that is too old does not guide",
        file: `${SRC}/definitions.ts`,
        out: "...(isOld && { settings: { enabled: false } })",
        put: "",
        red: unit(`${SRC}/min-sdk.test.ts`),
      },
      {
        name: "switched off, what is on the page goes",
        file: `${SRC}/screen.ts`,
        out: "if (!settings.enabled) return clear();",
        put: "",
        red: unit(`${SRC}/client.test.ts`, "the kill switch"),
      },
      {
        name: "switched off, no flow opens",
        file: "packages/engine/src/eligibility.ts",
        out: `if (!settings.enabled) return hold("disabled", "settings");`,
        put: "",
        red: unit("packages/engine/test/cases.test.ts"),
      },
      {
        name: "a flow that is switched off does not open",
        file: "packages/engine/src/eligibility.ts",
        out: `if (flow.enabled === false) return hold("disabled");`,
        put: "",
        red: unit("packages/engine/test/cases.test.ts"),
      },
    ],
  },
  {
    name: "Hostile host pages: the host's own assertions unchanged",
    tests: [pages(""), unit([`${SRC}/to-json.test.ts`, `${SRC}/loader.test.ts`])],
    guards: [
      {
        name: "the tag stands there three times",
        file: `${SRC}/loader.ts`,
        out: "if (early?.loader || (queue && !queue.push) || !script) return;",
        put: "if ((queue && !queue.push) || !script) return;",
        red: unit(`${SRC}/loader.test.ts`),
      },
      {
        name: "a <base> leads elsewhere",
        file: `${SRC}/loader.ts`,
        out: "new URL(name, src).href;",
        put: "new URL(name, document.baseURI).href;",
        red: pages("base:"),
      },
      {
        name: "an old Prototype.js changes what JSON is",
        file: `${SRC}/client.ts`,
        out: `if ("toJSON" in []) ({ pristine } = await platform.loadRare());`,
        put: "",
        red: pages("prototype-js"),
      },
      {
        name: "nothing works, and the boot chunk throws",
        file: `${SRC}/loader.ts`,
        out: "        () => {},\n      );",
        put: "      );",
        red: pages("no-console|other-boot"),
      },
      {
        name: "keys of the host's never reach a prototype",
        file: `${SRC}/to-json.ts`,
        out: "/^(__proto__|constructor|prototype|",
        put: "/^(",
        red: unit(`${SRC}/to-json.test.ts`),
      },
    ],
  },
  {
    name: "Prerendered pages: nothing before somebody sees them, all of it once after",
    tests: [browser("prerender")],
    guards: [
      {
        name: "the start waits until the page is seen",
        file: `${SRC}/client.ts`,
        out: `    if ((document as { prerendering?: boolean }).prerendering)
      await new Promise((seen) => document.addEventListener("prerenderingchange", seen));
`,
        put: "",
      },
    ],
  },
  {
    name: "Errors are told, and what is destroyed before it has started never starts",
    tests: [start],
    guards: [
      {
        name: "an error before the start is told after it",
        file: `${SRC}/client.ts`,
        out: "      else tasks.add(tell, true);\n",
        put: "",
      },
      {
        name: "an error is told to the server",
        file: `${SRC}/client.ts`,
        out: `        send({ type: "track", event: "cairn.error", properties: { code } });
`,
        put: "",
      },
      {
        name: "what was destroyed meanwhile does not start",
        file: `${SRC}/client.ts`,
        out: `    // It may have been taken down meanwhile, before there was anything to undo.
    if (!alive) return;
`,
        put: "",
      },
      {
        name: "nor is it asked for definitions",
        file: `${SRC}/client.ts`,
        out: "      if (!alive) return;\n      void flows?.refresh();",
        put: "      void flows?.refresh();",
      },
      {
        name: "nor is anybody vouched for",
        file: `${SRC}/client.ts`,
        out: "store: () => (alive ? persistence?.store : undefined),",
        put: "store: () => persistence?.store,",
      },
      {
        name: "nor once what vouches has come",
        file: `${SRC}/state/vouched.ts`,
        out: "      if (!ports.store()) return undefined;\n",
        put: "",
      },
      {
        name: "nor is it looked for changes to save",
        file: `${SRC}/state/state-keeper.ts`,
        out: "if (!isResting && version !== written) changed();",
        put: "if (version !== written) changed();",
      },
    ],
  },
  {
    name: "Previews: their own timers and button",
    tests: [unit([`${SRC}/preview/create-preview.test.ts`, `${SRC}/guarded.test.ts`])],
    guards: [
      {
        name: "around the timers of a preview",
        file: `${SRC}/preview/create-preview.ts`,
        out: "platform.clock.after(ms, guard(fn)),",
        put: "platform.clock.after(ms, fn),",
        red: unit(`${SRC}/preview/create-preview.test.ts`),
      },
      {
        name: "around its button",
        file: `${SRC}/preview/preview-mark.ts`,
        out: "button.onclick = options.guard(() => options.press());",
        put: "button.onclick = () => options.press();",
      },
    ],
  },
  {
    name: "Versioning: integrity of chunks, old loader and new chunks",
    tests: [unit(`${SRC}/loader.test.ts`), pages("boot|tampered|loader|html-for-js")],
    guards: [
      {
        name: "imported only after all have loaded, never after an error",
        file: `${SRC}/loader.ts`,
        out: "return Promise.all(checks).then(() => import(hrefOf(name)));",
        put: "Promise.all(checks).catch(() => {});\n      return import(hrefOf(name));",
        red: unit(`${SRC}/loader.test.ts`),
      },
      {
        name: "what the browser refuses is an error",
        file: `${SRC}/loader.ts`,
        out: `((event as Event).type > "g" ? resolve : reject)(event);`,
        put: "resolve(event);",
        red: unit(`${SRC}/loader.test.ts`),
      },
      {
        name: "each file is asked for with its hash",
        file: `${SRC}/loader.ts`,
        out: "[link.integrity] = hashOf(one);",
        put: "",
        red: pages("tampered"),
      },
      {
        name: "with the page's nonce",
        file: `${SRC}/loader.ts`,
        out: `link.nonce = nonce ?? "";`,
        put: "",
        red: unit(`${SRC}/loader.test.ts`),
      },
    ],
  },
];
