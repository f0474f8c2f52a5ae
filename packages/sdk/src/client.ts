import { type Compiled, compile, deserialise, type Input, serialise } from "@cairn/engine";
import { type Config, parseDuration, type Target, targetKey } from "@cairn/flow-schema";
import type { Cairn, CairnOptions, Consent } from "./api.ts";
import { allowedUrl } from "./dom/allowed-url.ts";
import { createInteractionCapture } from "./dom/capture-interactions.ts";
import { findTarget } from "./dom/find-target.ts";
import { createMutations } from "./dom/mutations.ts";
import { createTargetObserver, type Sighting } from "./dom/observe-target.ts";
import { watchGuard } from "./dom/watch-guard.ts";
import { watchUrl } from "./dom/watch-url.ts";
import { createEmitter } from "./emitter.ts";
import { createEngineLoop, type EngineLoop } from "./engine-loop.ts";
import { createErrors } from "./errors.ts";
import { createHostActs } from "./host-acts.ts";
import { createIdentity } from "./identity.ts";
import { createPersistence, type Persistence } from "./persistence.ts";
import type { Clock, Platform } from "./ports.ts";
import { createApi } from "./public-api.ts";
import { createEffectRunner, elementInput, locatedInput } from "./run-effects.ts";
import { createUuid, randomId } from "./state/random-id.ts";
import { personKey } from "./state/state-keeper.ts";
import { createTaskQueue, type Task } from "./task-queue.ts";
import { createFlowSource } from "./transport/flow-source.ts";
import { createStamp, type MessageBody } from "./transport/message.ts";

/** The engine starts without definitions where they have not come by then. Milliseconds. */
const FIRST_CONFIG_MS = 5_000;
const RESIZE_MS = 250;
/** What the UI can draw; flows of other kinds are held as `unsupported`. */
const KINDS = ["tooltip", "tour", "checklist"];
const NOTHING: Config = { schemaVersion: 1, flows: [] };

/** Puts the SDK together. Everything below gets what it needs from here. */
export function createClient(options: CairnOptions, platform: Platform): Cairn {
  const { window } = platform;
  const { document, location, navigator } = window;
  const server = "key" in options ? options : undefined;
  const local = "config" in options ? options.config : undefined;
  const environment = server?.key ?? local?.environment ?? "local";
  const tab = randomId(platform.fill).slice(0, 8);
  const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  let locale = options.locale || document.documentElement.lang || navigator.language || "en";
  let consent: Consent = options.consent ?? "granted";
  let alive = true;
  let config: Config | undefined;
  let loop: EngineLoop | undefined;
  let persistence: Persistence | undefined;
  const undo: (() => void)[] = [];

  const errors = createErrors({
    clock: platform.clock,
    logger: options.debug ? platform.logger : undefined,
    trip: () => shutdown(),
  });
  const { report, guarded } = errors;
  const run = (fn: () => void) => guarded("capture", fn, undefined)();
  const clock: Clock = {
    now: platform.clock.now,
    after: (ms, fn) => platform.clock.after(ms, guarded("timer", fn, undefined)),
  };
  const emitter = createEmitter((error) => report("event-handler", error));
  const tasks = createTaskQueue((error) => report("api", error));
  // Who the person is belongs before the first page, or the page's hints would be asked about somebody unknown.
  let early: Task[] | undefined = [];

  /* ---- the page ---- */
  const roots = () => [document];
  const find = (target: Target) => findTarget(roots, target)?.element ?? null;
  const stopwatch = () => window.performance.now();
  const mutations = createMutations({ document, clock, stopwatch });
  const observe = (toInput: (sighting: Sighting) => Input) =>
    createTargetObserver({
      roots,
      mutations,
      changed: (sightings) => {
        for (const sighting of sightings) dispatch(toInput(sighting));
      },
    });
  const targets = observe(locatedInput);
  const elements = observe(elementInput);
  const capture = createInteractionCapture({
    document,
    roots,
    run,
    seen: (action, targets) => dispatch({ type: "ui", action, targets }),
  });
  const readDevice = () => ({
    width: window.innerWidth,
    height: window.innerHeight,
    touch: navigator.maxTouchPoints > 0,
  });
  let device = readDevice();
  let guard: { dispose(): void } | undefined;

  /* ---- the engine ---- */
  const dispatch = (input: Input) => {
    if (alive) loop?.dispatch(input);
  };
  const engine = (): EngineLoop => {
    if (!loop) throw new Error("not started");
    return loop;
  };
  const stamp = createStamp({
    window,
    clock,
    uuid: createUuid(platform.fill),
    tab,
    timezone,
    locale: () => locale,
    state: () => engine().state(),
  });
  const settings = () => engine().compiled().settings;
  let held: (() => void)[] | undefined;
  /** Sends a message, where there is consent and the environment is switched on. */
  function send(body: MessageBody, about?: Parameters<typeof stamp>[1]): void {
    if (held) held.push(() => send(body, about));
    else if (settings().enabled) persistence?.add(stamp(body, about));
  }
  /** Sends what happened ahead of what the engine made of it, so that causes have the lower number. */
  function tell(body: MessageBody, at: number, happen: () => void): void {
    const outer = held;
    const later: (() => void)[] = [];
    held = later;
    happen();
    held = outer;
    send(body, { at });
    for (const one of later) one();
  }
  const acts = createHostActs({ window, emitter, settings, beforeLeaving: () => persistence?.keeper.save() });
  const runner = createEffectRunner({
    loadUi: platform.loadUi,
    uiPorts: () => ({
      document,
      clock,
      locale,
      find,
      act: (id, act) => dispatch({ type: "action", run: id, act }),
      exposed: (id, step) => dispatch({ type: "exposed", run: id, step }),
      allowsUrl: (url) => allowedUrl(url, location.href) !== undefined,
    }),
    observer: targets,
    clock,
    tick: () => dispatch({ type: "tick" }),
    record({ event, properties, run: id, decidedAt }) {
      send({ type: "track", event, properties }, { run: id, decidedAt });
      emitter.emit(event.slice("cairn.".length), id === undefined ? properties : { ...properties, run: id });
    },
    navigate: acts.navigate,
    host: (call, id) => {
      if (call.kind === "track") track(call.event, call.properties, clock.now());
      else acts.call(call, id);
    },
    uiFailed(error) {
      report("ui", error);
      dispatch({ type: "stop" });
    },
  });

  function track(event: string, properties: MessageBody["properties"], at: number): void {
    const about = { event, ...(properties && { properties }) };
    tell({ type: "track", ...about }, at, () => dispatch({ type: "track", ...about }));
  }
  /**
   * Flows that were held because it was not known who the person is, or which account, are asked once more: the
   * engine does not keep them waiting, and the host may learn the name later than the page.
   */
  function askAgain(): void {
    dispatch({ type: "page", url: location.href });
  }
  let announced = false;
  function page(body: Omit<MessageBody, "type"> = {}, at = clock.now()): void {
    announced = true;
    const { name } = body;
    tell({ type: "page", ...body }, at, () =>
      dispatch({ type: "page", url: location.href, ...(name !== undefined && { name }) }),
    );
  }

  /* ---- definitions ---- */
  /** Targets of all steps that stand inside the host's modal. */
  function inside(modal: Element): string[] {
    const targets = (config?.flows ?? []).flatMap((flow) =>
      flow.kind === "checklist" ? [] : flow.steps.flatMap(({ target }) => target ?? []),
    );
    const there = targets.filter((target) => modal.contains(find(target)));
    return [...new Set(there.map(targetKey))];
  }
  function watchPage({
    settings: { enabled, guard: moments },
    interactions,
    elements: asked,
  }: Compiled): void {
    guard?.dispose();
    capture.watch(enabled ? interactions : []);
    for (const sighting of elements.watch(enabled ? asked : [])) dispatch(elementInput(sighting));
    guard = enabled
      ? watchGuard({
          document,
          clock,
          mutations,
          settings: moments,
          run,
          inside,
          changed: (reason, on, except) => dispatch({ type: "guard", reason, on, ...(except && { except }) }),
        })
      : undefined;
    if (!enabled) runner.clear();
  }
  const apply = guarded(
    "config",
    (next: Config) => {
      if (!alive) return;
      config = next;
      if (!loop) return;
      const compiled = compile(next, { supported: KINDS });
      loop.use(compiled);
      watchPage(compiled);
    },
    undefined,
  );
  const flows =
    server &&
    createFlowSource({
      fetch: platform.fetch,
      clock,
      host: server.host,
      key: server.key,
      isVisible: () => document.visibilityState !== "hidden",
      apply,
    });

  /* ---- consent: what stores and sends exists only with it ---- */
  const identity = createIdentity({
    platform,
    loop: engine,
    persistence: () => persistence,
    replaced: begin,
  });
  const join = (text: string) => {
    const state = deserialise(text);
    if (state) dispatch({ type: "merge", state });
  };
  const snapshot = () => {
    const state = engine().state();
    return { person: personKey(state.person), text: serialise(state) };
  };
  const openPersistence = () =>
    createPersistence({
      platform,
      clock,
      environment,
      tab,
      server,
      run,
      report,
      snapshot,
      join,
      received: ({ person, text }) => {
        if (person === personKey(engine().state().person)) join(text);
      },
    });
  async function setConsent(next: Consent): Promise<void> {
    if (next === consent && (persistence !== undefined) === (next === "granted")) return;
    consent = next;
    if (next === "granted") {
      persistence = openPersistence();
      await identity.remember();
      flows?.refresh();
    } else {
      const old = persistence;
      persistence = undefined;
      old?.dispose();
      await (old ?? openPersistence()).clear();
    }
    dispatch({ type: "preferences", consent: next });
  }

  /* ---- life ---- */
  function listen(target: EventTarget, type: string, listener: (event: Event) => void): void {
    const safe = guarded("capture", listener, undefined);
    target.addEventListener(type, safe);
    undo.push(() => target.removeEventListener(type, safe));
  }
  /** Tells an engine that has just been given a state what stands on the page. */
  function begin(): void {
    dispatch({ type: "locale", locale });
    if (engine().state().shared.preferences.consent !== consent) dispatch({ type: "preferences", consent });
    watchPage(engine().compiled());
  }
  async function start(): Promise<void> {
    if (local) config = local;
    if (consent === "granted") persistence = openPersistence();
    let cancel = () => {};
    const late = new Promise<void>((resolve) => {
      cancel = clock.after(FIRST_CONFIG_MS, resolve);
    });
    // A request tells the server that somebody is there; without consent it is not made.
    const [state] = await Promise.all([
      identity.restore(),
      persistence && Promise.race([flows?.refresh(), late]),
    ]);
    cancel();
    if (!alive) return;
    const compiled = compile(config ?? NOTHING, { supported: KINDS });
    loop = createEngineLoop({
      compiled,
      state,
      env: () => ({ now: clock.now(), timezone, device }),
      run: runner.run,
      changed: () => persistence?.keeper.changed(),
      report: (error) => report("engine", error),
    });
    dispatch({ type: "config" });
    begin();

    listen(document, "visibilitychange", () => {
      if (document.visibilityState === "hidden") persistence?.leave();
      else if (consent === "granted") flows?.visible();
    });
    listen(window, "pagehide", () => persistence?.leave());
    listen(window, "pageshow", (event) => {
      if ((event as PageTransitionEvent).persisted) tasks.add(() => persistence?.keeper.pull());
    });
    listen(window, "online", () => persistence?.flush());
    let resized = () => {};
    listen(window, "resize", () => {
      resized();
      resized = clock.after(RESIZE_MS, () => {
        device = readDevice();
        dispatch({ type: "device" });
      });
    });
    const url = watchUrl({ window, clock, run, changed: () => tasks.add(() => page()) });
    undo.push(url.dispose);

    const first = early ?? [];
    early = undefined;
    for (const task of first) {
      try {
        await task();
      } catch (error) {
        report("api", error);
      }
    }
    page();
    // Whoever has not been named by then is a visitor: what asks for attributes can be answered now.
    clock.after(parseDuration(compiled.settings.identity.settle) ?? 0, () => {
      if (engine().state().person.userId === undefined) askAgain();
    });
    persistence?.flush();
  }
  function shutdown(): void {
    if (!alive) return;
    persistence?.leave();
    runner.clear();
    alive = false;
    for (const step of undo) guarded("boot", step, undefined)();
    guard?.dispose();
    capture.dispose();
    mutations.dispose();
    flows?.dispose();
    tasks.clear();
    emitter.clear();
    persistence?.dispose();
  }

  tasks.add(start);
  return createApi({
    errors,
    emitter,
    clock,
    alive: () => alive,
    add: (task) => tasks.add(task),
    addIdentity: (task) => (early ? early.push(task) : tasks.add(task)),
    loop: () => loop,
    dispatch,
    identify: async (userId, traits) => {
      const before = engine().state().person.userId;
      await identity.identify(userId, traits);
      if (announced && before !== userId) askAgain();
    },
    group(accountId, traits, at) {
      const known = traits && { traits };
      tell({ type: "group", groupId: accountId, ...known }, at, () => {
        const before = engine().state().person.accountId;
        dispatch({ type: "group", accountId, ...known });
        if (announced && before !== accountId) askAgain();
      });
    },
    async reset() {
      await identity.reset();
      if (announced) askAgain();
    },
    send,
    track,
    page,
    setConsent,
    setLocale(tag) {
      locale = tag;
      runner.setLocale(tag);
      dispatch({ type: "locale", locale: tag });
    },
    health: () => ({
      storage: persistence?.store.kind ?? "memory",
      consent,
      config: config !== undefined,
      enabled: config?.settings?.enabled ?? true,
      droppedEvents: persistence?.dropped() ?? 0,
    }),
    shutdown,
  });
}
