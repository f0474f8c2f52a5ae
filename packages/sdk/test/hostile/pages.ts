/** A host page that makes life hard for a script that is put into it. */
export interface HostilePage {
  readonly id: string;
  /** What is so, with Cairn on the page. */
  readonly fact: string;
  /** Whether the hint comes, or Cairn stays silent; `either` where all that counts is that the host is as it was. */
  readonly cairn: "hint" | "silence" | "either";
  /** Runs first in the page's head, as the host's own script. */
  readonly script?: string;
  /** Runs after Cairn's tag. */
  readonly after?: string;
  /** Stands in the head. */
  readonly head?: string;
  /** How the files of Cairn are served. */
  readonly files?:
    | "missing-boot"
    | "other-boot"
    | "tampered-boot"
    | "tampered-hint"
    | "tampered-loader"
    | "old-loader"
    | "html";
  /** The tag carries the hash that release.json names. */
  readonly pinned?: boolean;
  readonly tags?: number;
  readonly csp?: string;
  readonly frame?: boolean;
  readonly serviceWorker?: boolean;
  /** Events must reach the server, well-formed. */
  readonly delivers?: boolean;
}

const NONCE = "aG9zdA";

export const HOSTILE_PAGES: readonly HostilePage[] = [
  {
    id: "plain",
    fact: "a page that does nothing odd",
    cairn: "hint",
    delivers: true,
  },
  {
    id: "object-prototype",
    fact: "Object.prototype has new names, which for…in sees",
    cairn: "hint",
    delivers: true,
    script: `
      Object.prototype.extend = function () { return this };
      Object.prototype.hasOwn = 1; Object.prototype.each = function () { throw new Error("host") };
      Object.prototype.polluted = { a: 1 };`,
  },
  {
    id: "object-prototype-collides",
    fact: "Object.prototype has the very names that definitions and browsers use",
    cairn: "either",
    script: `
      Object.prototype.kind = "x"; Object.prototype.id = "y"; Object.prototype.title = "polluted";
      Object.prototype.steps = 7; Object.prototype.audience = { all: [] }; Object.prototype.enabled = false;
      Object.prototype.state = 1; Object.prototype.type = "t"; Object.prototype.at = 0;`,
  },
  {
    id: "array-prototype",
    fact: "Array.prototype has new names",
    cairn: "hint",
    delivers: true,
    script: `
      Array.prototype.each = function (fn) { for (var i = 0; i < this.length; i++) fn(this[i]) };
      Array.prototype.last = function () { return this[this.length - 1] };
      Array.prototype.remove = function () { throw new Error("host") };
      Array.prototype.insert = 1;`,
  },
  {
    id: "prototype-js",
    fact: "an old Prototype.js: Array.prototype.toJSON, Array.from with one argument, entries, $, extended elements",
    cairn: "hint",
    delivers: true,
    script: `
      window.$ = function (id) { return document.getElementById(id) };
      window.$A = function (iterable) { if (!iterable) return []; var r = []; for (var i = 0; i < iterable.length; i++) r[i] = iterable[i]; return r };
      window.Prototype = { Version: "1.6.0" };
      Object.toJSON = function (o) { return "custom" };
      Array.from = window.$A;
      Array.prototype.toJSON = function () { var r = []; for (var i = 0; i < this.length; i++) r[i] = String(this[i]); return "[" + r.join(", ") + "]" };
      Array.prototype.entries = function () { return this };
      Array.prototype.toArray = function () { return this };
      String.prototype.toJSON = function () { return '"' + this + '"' };
      Element.prototype.remove = function () { if (this.parentNode) this.parentNode.removeChild(this); return this };
      Element.prototype.show = Element.prototype.hide = Element.prototype.visible = function () { return this };
      Element.prototype.update = Element.prototype.insert = function () { return this };`,
  },
  {
    id: "frozen",
    fact: "all prototypes are frozen",
    cairn: "hint",
    delivers: true,
    script: `[Object, Array, Function, Promise, Map, Set, String, Number, RegExp, Date, Error, Event, EventTarget, Node, Element, HTMLElement, JSON, Math, Reflect, History, Intl]
      .forEach(function (one) { Object.freeze(one); if (one.prototype) Object.freeze(one.prototype) });`,
  },
  {
    id: "fetch-counted",
    fact: "fetch is wrapped by a monitoring tool that expects text for an address and hands on what it knows",
    cairn: "hint",
    delivers: true,
    script: `
      var original = window.fetch, own = 0;
      window.fetch = function (url, init) {
        if (typeof url !== "string") throw new TypeError("url");
        if (url[0] === "/") own++;
        return original.call(this, url, init && { method: init.method, body: init.body, keepalive: init.keepalive, credentials: init.credentials, cache: init.cache })
          .then(function (answer) { return answer });
      };
      addEventListener("DOMContentLoaded", function () { host.own = function () { var n = own; own = 0; return n } });`,
  },
  {
    id: "fetch-throws",
    fact: "fetch throws for every other origin",
    cairn: "silence",
    script: `var original = window.fetch;
      window.fetch = function (url) { if (url[0] !== "/") throw new Error("not allowed"); return original.apply(this, arguments) };`,
  },
  {
    id: "fetch-hangs",
    fact: "fetch never answers another origin",
    cairn: "silence",
    script: `var original = window.fetch;
      window.fetch = function (url) { return url[0] !== "/" ? new Promise(function () {}) : original.apply(this, arguments) };`,
  },
  {
    id: "fetch-nonsense",
    fact: "fetch answers with something that is no response",
    cairn: "silence",
    script: `var original = window.fetch;
      window.fetch = function (url) { return url[0] !== "/" ? 7 : original.apply(this, arguments) };`,
  },
  {
    id: "listeners-wrapped",
    fact: "addEventListener is wrapped, as zone.js does it",
    cairn: "hint",
    script: `
      var add = EventTarget.prototype.addEventListener, remove = EventTarget.prototype.removeEventListener, map = new WeakMap();
      EventTarget.prototype.addEventListener = function (type, fn, options) {
        if (typeof fn !== "function") return add.call(this, type, fn, options);
        var wrapped = map.get(fn) || function (event) { return fn.call(this, event) };
        map.set(fn, wrapped);
        return add.call(this, type, wrapped, options);
      };
      EventTarget.prototype.removeEventListener = function (type, fn, options) { return remove.call(this, type, map.get(fn) || fn, options) };`,
  },
  {
    id: "listeners-refused",
    fact: "addEventListener throws where a listener asks for the capture phase",
    cairn: "silence",
    script: `
      var add = EventTarget.prototype.addEventListener;
      EventTarget.prototype.addEventListener = function (type, fn, options) {
        if (options === true || (options && options.capture)) throw new Error("no capture here");
        return add.call(this, type, fn, options);
      };`,
  },
  {
    id: "promise-replaced",
    fact: "Promise is another class, without finally",
    cairn: "hint",
    delivers: true,
    script: `
      var Native = window.Promise;
      function Other(run) { var self = this; self.inner = new Native(run) }
      Other.prototype.then = function (a, b) { var inner = this.inner; return new Other(function (ok, no) { inner.then(a, b).then(ok, no) }) };
      Other.prototype["catch"] = function (b) { return this.then(undefined, b) };
      Other.resolve = function (v) { return new Other(function (ok) { ok(v) }) };
      Other.reject = function (v) { return new Other(function (_, no) { no(v) }) };
      Other.all = function (list) { return Other.resolve(Native.all(list)) };
      Other.race = function (list) { return Other.resolve(Native.race(list)) };
      window.Promise = Other;`,
  },
  {
    id: "history-wrapped",
    fact: "history is wrapped by a router that counts and refuses what is not its own",
    cairn: "hint",
    script: `
      var push = history.pushState, calls = 0;
      history.pushState = function (state) { calls++; if (!state) throw new Error("state"); return push.apply(history, arguments) };
      history.replaceState = (function (old) { return function () { calls++; return old.apply(history, arguments) } })(history.replaceState);
      Object.freeze(history);
      addEventListener("DOMContentLoaded", function () { host.own = function () { var n = calls; calls = 0; return n } });`,
  },
  {
    id: "base",
    fact: "a base leads relative addresses to another origin, in a new window",
    cairn: "hint",
    head: `<base href="https://elsewhere.invalid/deep/" target="_blank">`,
    script: `addEventListener("DOMContentLoaded", function () {
      host.ask = function () { return fetch(location.origin + "/api").then(function (a) { return a.text() }) } });`,
  },
  {
    id: "sandbox",
    fact: "in a sandboxed frame with an opaque origin",
    cairn: "hint",
    frame: true,
    script: `addEventListener("DOMContentLoaded", function () { host.ask = function () { return Promise.resolve("none") } });`,
  },
  {
    id: "strict-csp",
    fact: "a policy by nonce, no eval, no inline styles, Trusted Types 'none'",
    cairn: "hint",
    csp: `default-src 'none'; script-src 'nonce-${NONCE}' 'strict-dynamic'; connect-src *; style-src 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'`,
  },
  {
    id: "csp-blocks",
    fact: "a policy that lets no other origin in",
    cairn: "silence",
    csp: `default-src 'none'; script-src 'nonce-${NONCE}'; connect-src 'self'`,
  },
  {
    id: "service-worker-500",
    fact: "a service worker answers every request of Cairn's with 500",
    cairn: "silence",
    serviceWorker: true,
  },
  { id: "double-tag", fact: "the tag stands there three times", cairn: "hint", tags: 3, delivers: true },
  {
    id: "missing-boot",
    fact: "the boot chunk is not there any more",
    cairn: "silence",
    files: "missing-boot",
  },
  {
    id: "other-boot",
    fact: "a new loader gets an old boot chunk, which knows nothing of it",
    cairn: "silence",
    files: "other-boot",
  },
  {
    id: "tampered-boot",
    fact: "the boot chunk was changed on its way",
    cairn: "silence",
    files: "tampered-boot",
  },
  {
    id: "tampered-hint",
    fact: "the chunk of the hints was changed on its way",
    cairn: "silence",
    files: "tampered-hint",
  },
  { id: "old-loader", fact: "an old loader gets a new boot chunk", cairn: "hint", files: "old-loader" },
  {
    id: "html-for-js",
    fact: "each file is answered with 200 and a login page",
    cairn: "silence",
    files: "html",
  },
  {
    id: "name-taken",
    fact: "window.cairn is something else, and frozen",
    cairn: "silence",
    script: `Object.defineProperty(window, "cairn", { value: Object.freeze({ version: 1, loader: 0 }), writable: false, configurable: false });
      addEventListener("DOMContentLoaded", function () { host.own = function () { return JSON.stringify(cairn) } });`,
  },
  {
    id: "name-removed",
    fact: "window.cairn is deleted as soon as it is there",
    cairn: "hint",
    script: `addEventListener("DOMContentLoaded", function () { host.own = function () { return Object.keys(window).indexOf("cairn") } });`,
    after: `delete window.cairn;`,
  },
  {
    id: "json-replaced",
    fact: "JSON.stringify indents, JSON.parse revives dates",
    cairn: "hint",
    delivers: true,
    script: `
      var stringify = JSON.stringify, parse = JSON.parse;
      JSON.stringify = function (v, r, s) { return stringify(v, r, s === undefined ? 2 : s) };
      JSON.parse = function (t, r) { return parse(t, r || function (k, v) { return typeof v === "string" && /^\\d{4}-\\d\\d-\\d\\dT/.test(v) ? new Date(v) : v }) };`,
  },
  {
    id: "no-storage",
    fact: "every kind of storage throws",
    cairn: "hint",
    delivers: true,
    script: `["localStorage", "sessionStorage", "indexedDB", "caches"].forEach(function (name) {
      Object.defineProperty(window, name, { configurable: true, get: function () { throw new DOMException("denied", "SecurityError") } }) });
      Object.defineProperty(document, "cookie", { get: function () { throw new DOMException("denied", "SecurityError") } });
      window.BroadcastChannel = function () { throw new DOMException("denied", "SecurityError") };
      LockManager.prototype.request = function () { return Promise.reject(new DOMException("denied", "SecurityError")) };`,
  },
  {
    id: "no-console",
    fact: "the console throws, and there is no crypto to speak of",
    cairn: "silence",
    script: `["log", "warn", "error", "info", "debug"].forEach(function (name) { console[name] = function () { throw new Error("console") } });
      crypto.getRandomValues = function () { throw new Error("random") };`,
  },
  {
    id: "timers-stopped",
    fact: "a test harness holds setTimeout and Date",
    cairn: "either",
    script: `
      var real = window.setTimeout, frozen = Date.now();
      window.setTimeout = function (fn, ms) { return ms === 0 || ms === 20 ? real.call(window, fn, ms) : 1 };
      window.clearTimeout = function () {};
      Date.now = function () { return frozen };`,
  },
  {
    id: "remover",
    fact: "a script removes every element that it does not know",
    cairn: "either",
    script: `
      new MutationObserver(function (records) {
        for (var i = 0; i < records.length; i++) for (var j = 0; j < records[i].addedNodes.length; j++) {
          var node = records[i].addedNodes[j];
          if (node.localName && node.localName.indexOf("-") > 0) node.parentNode && node.parentNode.removeChild(node);
        }
      }).observe(document, { childList: true, subtree: true });`,
  },
  {
    id: "prerender",
    fact: "a page that is prerendered, and that nobody sees",
    cairn: "silence",
    script: `
      var seen = false;
      Object.defineProperty(document, "visibilityState", { configurable: true, get: function () { return seen ? "visible" : "hidden" } });
      Object.defineProperty(document, "hidden", { configurable: true, get: function () { return !seen } });
      Object.defineProperty(document, "prerendering", { configurable: true, get: function () { return !seen } });
      window.activate = function () { seen = true; document.dispatchEvent(new Event("prerenderingchange")); document.dispatchEvent(new Event("visibilitychange")) };`,
  },
  {
    id: "quirks",
    fact: "a page without doctype, with elements whose names are those of Cairn and of the document",
    cairn: "hint",
    head: "<!--quirks-->",
    script: `addEventListener("DOMContentLoaded", function () {
      var form = document.createElement("form"); form.innerHTML = '<input name="querySelector"><input name="body"><input name="head">'; form.name = "cairn"; form.id = "cairn";
      document.getElementById("app").appendChild(form); });`,
  },
  {
    id: "pinned",
    fact: "the tag carries the release's hash",
    cairn: "hint",
    pinned: true,
    delivers: true,
  },
  {
    id: "tampered-loader",
    fact: "the tag carries the release's hash, and the loader was changed on its way",
    cairn: "silence",
    pinned: true,
    files: "tampered-loader",
  },
];
