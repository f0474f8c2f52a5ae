// Over 300 lines: the one place where all parts meet; what is left here is who is told what, and in which order.
import type { Effect, Input } from "@cairn/engine";
import { deserialise } from "@cairn/engine/core";
import { type Config, parseDuration } from "@cairn/flow-schema";
import type { Cairn, CairnOptions, Consent } from "./api.ts";
import { createDefinitions, type EngineParts } from "./definitions.ts";
import { createInteractionCapture } from "./dom/capture-interactions.ts";
import { createListen } from "./dom/listen.ts";
import { timeZone } from "./dom/time-zone.ts";
import { watchLife, watchRest } from "./dom/watch-life.ts";
import { watchUrl } from "./dom/watch-url.ts";
import { createEmitter } from "./emitter.ts";
import { createEngineLoop, type EngineLoop } from "./engine-loop.ts";
import { createErrors } from "./errors.ts";
import { createIdentity, type Join } from "./identity.ts";
import { pause } from "./pause.ts";
import { createPersistence, type Persistence } from "./persistence.ts";
import type { Clock, Guard, Platform } from "./ports.ts";
import type { Privacy } from "./privacy.ts";
import { createApi, type Deed } from "./public-api.ts";
import type { Screen } from "./screen.ts";
import { createUuid, randomId } from "./state/random-id.ts";
import { personKey, type Who } from "./state/state-keeper.ts";
import { createVouched } from "./state/vouched.ts";
import { createTaskQueue } from "./task-queue.ts";
import { createFlowSource } from "./transport/flow-source.ts";
import { createStamp } from "./transport/message.ts";
import { createMessages } from "./transport/messages.ts";
import { createRequest } from "./transport/request.ts";
import { createSend } from "./transport/send.ts";
import type { Elsewhere, Word } from "./word.ts";

/** The engine starts without definitions where they have not come by then. Milliseconds. */
const FIRST_CONFIG_MS = 5_000;
/** A chunk that could not be loaded is not asked for again before. Milliseconds. */
const RETRY_PART_MS = 30_000;

/** Puts the SDK together. Everything below gets what it needs from here. */
export function createClient(options: CairnOptions, platform: Platform): Cairn {
  const { window } = platform;
  const { document, location, navigator } = window;
  const server = "key" in options ? options : undefined;
  const first = "config" in options ? options.config : undefined;
  const environment = server?.key ?? first?.environment ?? "local";
  const tab = randomId(platform.fill).slice(0, 8);
  let timezone = "UTC";
  let locale = options.locale || document.documentElement.lang || navigator.language || "en";
  let consent: Consent = options.consent ?? "granted";
  let alive = true;
  /** The first page has been told: from now on calls are taken as they come. */
  let announced = false;
  let loop: EngineLoop | undefined;
  const parts: EngineParts = {};
  const loading: { [part in keyof typeof parts]: Promise<void> | undefined } = {};
  let actOnHost: Awaited<ReturnType<Platform["loadCourse"]>>["actOnHost"] | undefined;
  let screen: Screen | undefined;
  let persistence: Persistence | undefined;
  let typedAt = 0;
  let cancelWake = () => {};
  const elsewhere: Elsewhere = { second: true, open: [] };
  let word: Word | undefined;
  const undo: (() => void)[] = [];
  /** What the host's privacy options ask for. */
  let clean: Privacy["clean"] = (message) => message;
  let isGuided = false;
  /** Runs what makes JSON, where the page has changed how that is done. */
  let pristine = <T>(fn: () => T): T => fn();

  const errors = createErrors({
    clock: platform.clock,
    logger: options.debug ? platform.logger : undefined,
    first(code) {
      // What a host's handler throws is the host's to know.
      if (code === "event-handler") return;
      const tell = () => {
        send({ type: "track", event: "cairn.error", properties: { code } });
        emitter.emit("error", { code });
      };
      // Before the start there is nobody yet to whom it happens.
      if (loop) tell();
      else tasks.add(tell, true);
    },
    trip: () => shutdown(),
  });
  const { report, guarded } = errors;
  const run = guarded("capture", (fn: () => void) => fn());
  const listen = createListen(run);
  const guard: Guard = (fn) => guarded("observer", fn);
  const clock: Clock = {
    now: platform.clock.now,
    after: (ms, fn) => platform.clock.after(ms, guarded("timer", fn)),
  };
  const emitter = createEmitter((error) => report("event-handler", error));
  const tasks = createTaskQueue((error) => report("api", error));

  /* ---- the engine, and what it hears and does ---- */
  const dispatch = (input: Input) => {
    if (alive) loop?.dispatch(input);
  };
  const engine = (): EngineLoop => {
    if (!loop) throw new Error("not started");
    return loop;
  };
  const settings = () => engine().compiled.settings;
  const readDevice = () => ({
    width: window.innerWidth,
    height: window.innerHeight,
    touch: navigator.maxTouchPoints > 0,
  });
  let device = readDevice();
  const capture = createInteractionCapture({
    document,
    listen,
    seen: (action, targets) => dispatch({ type: "ui", action, targets }),
  });
  function perform(effect: Effect): readonly Input[] {
    if (effect.type === "wake") {
      cancelWake();
      if (effect.at !== null)
        cancelWake = clock.after(effect.at - clock.now(), () => dispatch({ type: "tick" }));
    } else if (effect.type === "record") {
      const { event, properties, run: id, decidedAt } = effect;
      send({ type: "track", event, properties }, { run: id, decidedAt });
      emitter.emit(event.slice("cairn.".length), id === undefined ? properties : { ...properties, run: id });
    } else if (effect.type === "load") void load(effect.part);
    else return screen?.run(effect) ?? [];
    return [];
  }

  /* ---- messages ---- */
  const stamp = createStamp({
    window,
    clock,
    uuid: createUuid(platform.fill),
    tab,
    timezone: () => timezone,
    release: options.release,
    locale: () => locale,
    state: () => engine().state,
  });
  const { send, tell } = createMessages(stamp, (message) => persistence?.add(clean(message)));
  const track: Deed = (event, properties, at) => {
    const about = { type: "track" as const, event, ...(properties && { properties }) };
    tell(about, at, () => dispatch(about));
  };
  const page: Deed = (name, properties, at) =>
    tell({ type: "page", ...(name && { name }), ...(properties && { properties }) }, at, askAgain);
  const pageNow = () => {
    screen?.moved();
    page("", undefined, clock.now());
  };
  /**
   * Asks the flows of this page. Once more when it has become known who the person is, or which account: the engine
   * does not keep waiting what was held for that, and the host may learn the name later than the page.
   */
  function askAgain(): void {
    if (announced) dispatch({ type: "page", url: location.href });
  }

  /* ---- definitions ---- */
  const definitions = createDefinitions({ first, parts, clock, report: (error) => report("config", error) });
  const apply = (next?: Config): Promise<void> => {
    definitions.use(next);
    return renew().catch((error) => void report("config", error));
  };
  async function renew(): Promise<void> {
    if (!loop) return;
    const ready = await definitions.prepare();
    if (!alive) return;
    loop.use({ compiled: ready });
    follow();
  }
  function follow(anew = false): void {
    if (!alive) return;
    const { compiled } = engine();
    capture.watch(compiled.interactions);
    if (screen) screen.follow(compiled, anew);
    else if (compiled.settings.enabled && compiled.elements.length > 0) void load("stage");
  }
  /** Loads a part of the engine, with what goes with it, once, and tells the engine. */
  function load(part: keyof typeof parts): Promise<void> {
    loading[part] ??= fetchPart(part).catch((error) => {
      report("chunk", error);
      clock.after(RETRY_PART_MS, () => {
        delete loading[part];
        // The engine asks for it again where it is still needed.
        dispatch({ type: "config" });
      });
    });
    return loading[part];
  }
  /** Running a file for the first time is work enough for one task of the page's. */
  async function apart<T>(file: Promise<T>): Promise<T> {
    const found = await file;
    await pause(clock);
    return found;
  }
  async function fetchPart(part: keyof typeof parts): Promise<void> {
    if (part === "course") {
      const [more] = await Promise.all([apart(platform.loadCourse()), load("stage")]);
      // Without the one the other is of no use.
      if (!parts.stage) throw new Error("no stage");
      parts.course = more.course;
      actOnHost = more.actOnHost;
    } else {
      const [{ stage, createScreen, createWord, createUi }, isFirst] = await Promise.all([
        apart(platform.loadScreen()),
        // Whether this tab may open hints, and knows all that others have: asked while the files are on their way.
        (async () =>
          !persistence || ((await persistence.word.take()) && !(await persistence.keeper.isBehind())))(),
      ]);
      if (!alive) return;
      parts.stage = stage;
      screen = createScreen({
        window,
        clock,
        emitter,
        guard,
        listen,
        dispatch,
        settings,
        locale: () => locale,
        typedAt: () => typedAt,
        createUi,
        loadSignals: platform.loadSignals,
        loop: engine,
        account: () => engine().state.person.account,
        actOnHost: (...args) => actOnHost?.(...args),
        beforeLeaving: () => persistence?.keeper.save(),
        track: (event, properties) => send({ type: "track", event, properties }),
        report: (error) => report("ui", error),
      });
      // The moments in which nothing may open are known before the engine is asked what may.
      if (loop) follow();
      word = createWord({
        window,
        clock,
        listen,
        elsewhere,
        persistence: () => persistence,
        loop: engine,
        dispatch,
        hide: (run) => screen?.run({ type: "hide", run, reason: "waiting" }),
        report: (error) => report("tab", error),
      });
      // It may have been asked for, and let go, since.
      elsewhere.second = !isFirst || persistence?.word.held() === false;
      if (elsewhere.second) word.wait();
    }
    await apply();
  }
  const join: Join = async (what) => {
    // At once where it can be: the text that is being saved is taken right after.
    if (!parts.course) await load("course");
    dispatch({ type: "merge", ...what });
  };
  const request = server && createRequest({ fetch: platform.fetch, clock, host: server.host });
  const toText = (value: unknown) => pristine(() => JSON.stringify(value));
  const post = request && createSend({ request, clock, key: server.key, toText });
  const flows =
    request &&
    createFlowSource({
      request,
      clock,
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
      send: post && ((batch, keepalive) => (vouched.client?.send ?? post)(batch, keepalive)),
      run,
      report,
      // News may come before the start; they are about nobody then.
      person: () => (loop ? personKey(environment, loop.state.person) : ""),
      text() {
        const { state } = engine();
        // What is open is for whoever has the word to say.
        return toText(
          elsewhere.second ? { ...state, local: { ...state.local, open: elsewhere.open } } : state,
        );
      },
      join(text, aside) {
        const state = deserialise(text);
        // What cannot be joined for good is not worth waiting for.
        if (!state) return undefined;
        if (!aside) elsewhere.open = state.local.open;
        const isLate = !parts.course;
        const joined = join({ state }).then(guarded("tab", () => word?.adopt()));
        return isLate ? joined : undefined;
      },
      moved,
      denied: () => tasks.add(() => setConsent("denied")),
      lost: () => word?.lost(),
      yields() {
        if (word) return word.yields();
        persistence?.word.release();
        return true;
      },
      freed: () => word?.freed(),
      tell: (count) => send({ type: "track", event: "cairn.error", properties: { code: "dropped", count } }),
    });
  const identity = createIdentity({
    platform,
    loop: engine,
    environment,
    persistence: () => persistence,
    replaced: begin,
    join,
    report: (error) => report("state", error),
  });
  const vouched = createVouched({
    platform,
    clock,
    key: server?.key,
    environment,
    request,
    post,
    store: () => (alive ? persistence?.store : undefined),
    state: () => engine().state,
    toText,
    learn: join,
    report,
  });
  async function reset(next?: Who): Promise<void> {
    leave();
    await vouched.verify("", undefined);
    await identity.reset(next);
    askAgain();
  }
  /** Another tab may have put somebody else here, and have deleted this state; else somebody has emptied the store. */
  function moved(gone?: string): void {
    tasks.add(async () => {
      const next = await identity.successor();
      if (next) {
        await reset(next);
        // Written anew, perhaps, by this tab when it was only starting.
        if (gone && gone !== personKey(environment, next)) await persistence?.store.put([[gone, undefined]]);
      } else {
        await identity.remember();
        persistence?.keeper.changed();
      }
    });
  }
  async function setConsent(next: Consent): Promise<void> {
    const isGranted = next === "granted";
    // What is denied may be stored all the same: by a page before this one.
    if (isGranted && persistence) return;
    consent = next;
    const old = persistence ?? openPersistence();
    persistence = isGranted ? old : undefined;
    if (isGranted) {
      await identity.remember();
      const { userId } = engine().state.person;
      const { token } = vouched;
      if (userId && token) await identity.identify(userId, undefined, await vouched.verify(userId, token));
      if (!alive) return;
      void flows?.refresh();
      word?.ask();
    } else {
      vouched.dispose();
      if (next === "denied") old.announce({ denied: true });
      await old.dispose(true);
      await old.store.clear(`${environment}|`);
      // And notes that other tabs may have left there.
      await platform
        .loadRare()
        .then(({ createLocalStore }) => createLocalStore(window.localStorage).clear(`${environment}|`))
        .catch(() => {});
    }
    dispatch({ type: "preferences", consent: told() });
    if (isGranted) askAgain();
  }

  /* ---- life ---- */
  /** Consent as the engine knows it: to hints. */
  const told = () => (isGuided ? "granted" : consent);
  /** Tells an engine that has just been given a state what stands on the page. */
  function begin(): void {
    dispatch({ type: "locale", locale });
    if (engine().state.shared.preferences.consent !== told())
      dispatch({ type: "preferences", consent: told() });
    follow(true);
    elsewhere.open = engine().state.local.open;
    word?.replaced();
  }
  async function start(): Promise<void> {
    await pause(clock);
    // Nobody has seen a page that is only prerendered, and perhaps nobody will.
    if ((document as { prerendering?: boolean }).prerendering)
      await new Promise((seen) => document.addEventListener("prerenderingchange", seen));
    // An old Prototype.js: what is written as JSON would not be.
    const { privacy } = options;
    if (privacy)
      try {
        const { createPrivacy } = await platform.loadPrivacy();
        const { definitions: own, objects, ...rest } = createPrivacy(window, privacy);
        clean = rest.clean;
        isGuided = own !== undefined;
        if (!definitions.config) definitions.use(own);
        if (objects) consent = "denied";
      } catch (error) {
        // Too little is better than too much.
        consent = "denied";
        report("chunk", error);
      }
    if ("toJSON" in []) ({ pristine } = await platform.loadRare());
    // It may have been taken down meanwhile, before there was anything to undo.
    if (!alive) return;
    if (consent === "granted") persistence = openPersistence();
    let cancel = () => {};
    const late = new Promise<void>((resolve) => {
      cancel = clock.after(FIRST_CONFIG_MS, resolve);
    });
    // A request tells the server that somebody is there; without consent it is not made.
    const first = persistence && flows ? Promise.race([flows.refresh(), late]) : undefined;
    // A browser that is asked for the first time takes long: in a task of its own, while others work.
    const zone = pause(clock).then(() => {
      timezone = timeZone();
    });
    const [state] = await Promise.all([identity.restore(), first, zone]);
    cancel();
    const ready = await definitions.prepare();
    if (!alive) return;
    loop = createEngineLoop({
      compiled: ready,
      state,
      env: () => ({ now: clock.now(), timezone, device }),
      run: perform,
      changed() {
        persistence?.keeper.changed();
        vouched.client?.changed();
      },
      report: (error) => report("engine", error),
    });
    dispatch({ type: "config" });
    begin();
    undo.push(
      ...watchLife({
        window,
        clock,
        listen,
        hidden: leave,
        visible() {
          if (consent === "granted") flows?.visible();
        },
        online: () => persistence?.flush(),
        typed() {
          typedAt = clock.now();
        },
        resized() {
          device = readDevice();
          dispatch({ type: "device" });
        },
      }),
      watchUrl({ ...platform, clock, guard, listen, changed: () => tasks.add(pageNow) }),
    );
    await pause(clock);
  }
  function arrive(): void {
    announced = true;
    pageNow();
    // Whoever has not been named by then is a visitor: what asks for attributes can be answered now.
    const settled = clock.after(parseDuration(settings().identity.settle) ?? 0, () => {
      const { person, local } = engine().state;
      // Not while a hint is open: it would take that for another page, and a tour would wait for its own.
      if (person.userId === undefined && !local.open.length) askAgain();
    });
    undo.push(settled);
    persistence?.flush();
  }
  function leave(goes?: boolean): void {
    vouched.client?.leave();
    persistence?.leave(goes);
  }
  /** The page goes, or stands still from now on: others do what it did. */
  function rest(): void {
    leave(true);
    word?.rest();
    persistence?.rest();
  }
  function goOn(): void {
    persistence?.wake();
    if (loop) moved();
    persistence?.flush();
    word?.ask();
  }
  function shutdown(): void {
    if (!alive) return;
    leave(true);
    alive = false;
    vouched.dispose();
    undo.push(cancelWake, capture.dispose, tasks.clear, emitter.clear);
    for (const one of [screen, word, flows, persistence]) if (one) undo.push(one.dispose);
    for (const step of undo) guarded("boot", step)();
  }

  undo.push(...watchRest({ window, listen, rest, goOn }));
  tasks.add(start);
  // Who the person is belongs before the first page, or the page's hints would be asked about somebody unknown.
  tasks.add(arrive);
  return createApi({
    errors,
    emitter,
    clock,
    alive: () => alive,
    add: (task, ahead) => tasks.add(task, ahead && !announced),
    loop: () => loop,
    dispatch,
    async identify(userId, traits, at, given) {
      const before = engine().state.person.userId;
      await identity.identify(userId, traits, await vouched.verify(userId, given));
      send({ type: "identify", ...(traits && { traits }) }, { at });
      if (before !== userId) askAgain();
    },
    group(accountId, traits, at) {
      const known = traits && { traits };
      tell({ type: "group", groupId: accountId, ...known }, at, () => {
        const before = engine().state.person.accountId;
        dispatch({ type: "group", accountId, ...known });
        if (before !== accountId) askAgain();
      });
    },
    preferences: () =>
      load("course").then(() => void screen?.run({ type: "host", run: "", call: { kind: "preferences" } })),
    reset: () => reset(),
    track,
    page,
    consent: setConsent,
    early(given) {
      if (!loop && given === "denied") consent = given;
    },
    setLocale(tag) {
      locale = tag;
      screen?.setLocale(tag);
      dispatch({ type: "locale", locale });
    },
    loadExplain: async () => (await platform.loadRare()).loadExplain(),
    health: () => ({
      storage: persistence?.store.kind ?? "memory",
      consent,
      config: definitions.config !== undefined,
      enabled: loop === undefined || settings().enabled,
      droppedEvents: persistence?.dropped() ?? 0,
    }),
    shutdown,
  });
}
