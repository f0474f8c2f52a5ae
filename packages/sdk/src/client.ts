import type { Input, Stage, State } from "@cairn/engine";
import { compile, deserialise, serialise } from "@cairn/engine/core";
import { type Config, parseDuration } from "@cairn/flow-schema";
import type { Cairn, CairnOptions, Consent } from "./api.ts";
import { allowedUrl } from "./dom/allowed-url.ts";
import { watchUrl } from "./dom/watch-url.ts";
import { createEmitter } from "./emitter.ts";
import { createEngineLoop, type EngineLoop } from "./engine-loop.ts";
import { createErrors } from "./errors.ts";
import { createHostActs } from "./host-acts.ts";
import { createIdentity } from "./identity.ts";
import { createOutbox } from "./outbox.ts";
import { createPageWatch } from "./page-watch.ts";
import { createPersistence, type Persistence } from "./persistence.ts";
import type { Clock, Platform } from "./ports.ts";
import { createApi } from "./public-api.ts";
import { createEffectRunner } from "./run-effects.ts";
import { createUuid, randomId } from "./state/random-id.ts";
import { personKey } from "./state/state-keeper.ts";
import { createTaskQueue, type Task } from "./task-queue.ts";
import { createFlowSource } from "./transport/flow-source.ts";
import { createStamp, type MessageBody } from "./transport/message.ts";

/** The engine starts without definitions where they have not come by then. Milliseconds. */
const FIRST_CONFIG_MS = 5_000;
const RESIZE_MS = 250;
/** What the UI can draw; flows of other kinds are held as `unsupported`. */
const SUPPORTED = ["tooltip", "tour", "checklist"];
/** A chunk that could not be loaded is not asked for again before. Milliseconds. */
const RETRY_STAGE_MS = 30_000;

/** Puts the SDK together. Everything below gets what it needs from here. */
export function createClient(options: CairnOptions, platform: Platform): Cairn {
  const { window } = platform;
  const { document, location, navigator } = window;
  const server = "key" in options ? options : undefined;
  let config: Config | undefined = "config" in options ? options.config : undefined;
  const environment = server?.key ?? config?.environment ?? "local";
  const tab = randomId(platform.fill).slice(0, 8);
  const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  let locale = options.locale || document.documentElement.lang || navigator.language || "en";
  let consent: Consent = options.consent ?? "granted";
  let alive = true;
  let announced = false;
  let loop: EngineLoop | undefined;
  let stage: Stage | undefined;
  let staging: Promise<void> | undefined;
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

  /* ---- the engine, and what it hears and does ---- */
  const dispatch = (input: Input) => {
    if (alive) loop?.dispatch(input);
  };
  const engine = (): EngineLoop => {
    if (!loop) throw new Error("not started");
    return loop;
  };
  const settings = () => engine().compiled().settings;
  const readDevice = () => ({
    width: window.innerWidth,
    height: window.innerHeight,
    touch: navigator.maxTouchPoints > 0,
  });
  let device = readDevice();
  const watch = createPageWatch({ window, clock, run, dispatch, flows: () => config?.flows ?? [] });
  const { send, tell } = createOutbox({
    stamp: createStamp({
      window,
      clock,
      uuid: createUuid(platform.fill),
      tab,
      timezone,
      locale: () => locale,
      state: () => engine().state(),
    }),
    isOpen: () => settings().enabled,
    add: (message) => persistence?.add(message),
  });
  const acts = createHostActs({
    window,
    emitter,
    settings,
    beforeLeaving: () => persistence?.keeper.save(),
  });
  const runner = createEffectRunner({
    loadUi: platform.loadUi,
    uiPorts: () => ({
      document,
      clock,
      locale,
      find: watch.find,
      act: (id, act) => dispatch({ type: "action", run: id, act }),
      exposed: (id, step) => dispatch({ type: "exposed", run: id, step }),
      allowsUrl: (url) => allowedUrl(url, location.href) !== undefined,
    }),
    observer: watch.targets,
    clock,
    tick: () => dispatch({ type: "tick" }),
    stage: () => void loadStage(),
    record({ event, properties, run: id, decidedAt }) {
      send({ type: "track", event, properties }, { run: id, decidedAt });
      emitter.emit(event.slice("cairn.".length), id === undefined ? properties : { ...properties, run: id });
    },
    navigate: acts.navigate,
    host: (call, id) => {
      if (call.kind === "track") track(call.event, call.properties);
      else acts.call(call, id);
    },
    uiFailed(error) {
      report("ui", error);
      dispatch({ type: "stop" });
    },
  });

  function track(event: string, properties: MessageBody["properties"], at = clock.now()): void {
    const about = { type: "track" as const, event, ...(properties && { properties }) };
    tell(about, at, () => dispatch(about));
  }
  function page(body: Omit<MessageBody, "type"> = {}, at = clock.now()): void {
    announced = true;
    tell({ type: "page", ...body }, at, askAgain);
  }
  /**
   * Asks the flows of this page. Once more when it has become known who the person is, or which account: the engine
   * does not keep waiting what was held for that, and the host may learn the name later than the page.
   */
  function askAgain(): void {
    if (announced) dispatch({ type: "page", url: location.href });
  }

  /* ---- definitions ---- */
  const compiled = () =>
    compile(config ?? { schemaVersion: 1, flows: [] }, { supported: SUPPORTED, stage: stage ?? null });
  /** Loads what the engine needs for the screen. */
  function loadStage(): Promise<void> {
    staging ??= platform.loadStage().then(
      (chunk) => {
        stage = chunk.stage;
        if (alive) loop?.use(compiled());
      },
      (error) => {
        report("ui", error);
        clock.after(RETRY_STAGE_MS, () => {
          staging = undefined;
        });
      },
    );
    return staging;
  }
  async function join(state: State): Promise<void> {
    if (!stage) await loadStage();
    dispatch({ type: "merge", state });
  }
  const apply = guarded(
    "config",
    (next: Config) => {
      config = next;
      if (!alive || !loop) return;
      loop.use(compiled());
      follow();
    },
    undefined,
  );
  function follow(): void {
    watch.follow(engine().compiled());
    if (!settings().enabled) runner.clear();
  }
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
  const openPersistence = () =>
    createPersistence({
      platform,
      clock,
      environment,
      tab,
      server,
      run,
      report,
      person: () => personKey(engine().state().person),
      text: () => serialise(engine().state()),
      join(text) {
        const state = deserialise(text);
        if (state) void join(state);
        // What cannot be joined for good is not worth waiting for.
        return !state || stage !== undefined;
      },
    });
  const identity = createIdentity({
    platform,
    loop: engine,
    persistence: () => persistence,
    replaced: begin,
    join,
  });
  async function setConsent(next: Consent): Promise<void> {
    if (next === consent && (persistence !== undefined) === (next === "granted")) return;
    consent = next;
    if (next === "granted") {
      persistence = openPersistence();
      await identity.remember();
      void flows?.refresh();
    } else {
      const old = persistence;
      persistence = undefined;
      old?.dispose();
      await (old ?? openPersistence()).clear();
    }
    dispatch({ type: "preferences", consent: next });
    if (next === "granted") askAgain();
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
    follow();
  }
  async function start(): Promise<void> {
    if (consent === "granted") persistence = openPersistence();
    let cancel = () => {};
    const late = new Promise<void>((resolve) => {
      cancel = clock.after(FIRST_CONFIG_MS, resolve);
    });
    // A request tells the server that somebody is there; without consent it is not made.
    const first = persistence && flows ? Promise.race([flows.refresh(), late]) : undefined;
    const [state] = await Promise.all([identity.restore(), first]);
    cancel();
    if (!alive) return;
    loop = createEngineLoop({
      compiled: compiled(),
      state,
      env: () => ({ now: clock.now(), timezone, device }),
      run: runner.run,
      changed: () => persistence?.keeper.changed(),
      report: (error) => report("engine", error),
    });
    dispatch({ type: "config" });
    begin();
    watchLife();
    const names = early ?? [];
    early = undefined;
    for (const task of names)
      await Promise.resolve()
        .then(task)
        .catch((error) => report("api", error));
    page();
    // Whoever has not been named by then is a visitor: what asks for attributes can be answered now.
    const settled = clock.after(parseDuration(settings().identity.settle) ?? 0, () => {
      if (engine().state().person.userId === undefined) askAgain();
    });
    undo.push(settled);
    persistence?.flush();
  }
  function watchLife(): void {
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
    undo.push(() => resized());
    listen(window, "resize", () => {
      resized();
      resized = clock.after(RESIZE_MS, () => {
        device = readDevice();
        dispatch({ type: "device" });
      });
    });
    undo.push(watchUrl({ window, clock, run, changed: () => tasks.add(() => page()) }).dispose);
  }
  function shutdown(): void {
    if (!alive) return;
    persistence?.leave();
    alive = false;
    undo.push(runner.clear, watch.dispose, tasks.clear, emitter.clear);
    if (flows) undo.push(flows.dispose);
    if (persistence) undo.push(persistence.dispose);
    for (const step of undo) guarded("boot", step, undefined)();
  }

  tasks.add(start);
  return createApi({
    errors,
    emitter,
    clock,
    alive: () => alive,
    add: tasks.add,
    addIdentity: (task) => (early ? early.push(task) : tasks.add(task)),
    loop: () => loop,
    dispatch,
    async identify(userId, traits, at) {
      const before = engine().state().person.userId;
      await identity.identify(userId, traits);
      send({ type: "identify", ...(traits && { traits }) }, { at });
      if (before !== userId) askAgain();
    },
    group(accountId, traits, at) {
      const known = traits && { traits };
      tell({ type: "group", groupId: accountId, ...known }, at, () => {
        const before = engine().state().person.accountId;
        dispatch({ type: "group", accountId, ...known });
        if (before !== accountId) askAgain();
      });
    },
    async reset() {
      await identity.reset();
      askAgain();
    },
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
      enabled: loop === undefined || settings().enabled,
      droppedEvents: persistence?.dropped() ?? 0,
    }),
    shutdown,
  });
}
