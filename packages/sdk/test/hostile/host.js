/**
 * The host's own application, in the plainest words: it must run on each of the hostile pages. `host.routine()` does
 * what a product does and writes down what came of it; with Cairn on the page the list must be the same, word for word.
 */
(() => {
  var nativeNow = performance.now.bind(performance);
  var clicks = 0;
  var typed = 0;
  var errors = [];
  window.addEventListener("error", (event) => {
    errors.push(`error ${event.message}`);
  });
  window.addEventListener("unhandledrejection", (event) => {
    errors.push(`rejection ${event.reason}`);
  });

  function outside() {
    const all = document.querySelectorAll("*");
    let count = 0;
    for (let i = 0; i < all.length; i++) {
      const name = all[i].localName;
      if (name !== "cairn-root" && !(name === "script" && all[i].id === "cairn")) count++;
    }
    return count;
  }
  function globals() {
    const names = [];
    for (const name in window) if (name !== "cairn" && name !== "host") names[names.length] = name;
    return names.length;
  }

  window.host = {
    errors: errors,
    routine: () => {
      var log = {};
      var button = document.getElementById("save");
      var input = document.getElementById("name");
      clicks = 0;
      typed = 0;
      function onClick() {
        clicks++;
      }
      function onInput() {
        typed++;
      }
      button.addEventListener("click", onClick);
      input.addEventListener("input", onInput);
      button.click();
      input.value = "hello";
      input.dispatchEvent(new Event("input", { bubbles: true }));
      button.removeEventListener("click", onClick);
      input.removeEventListener("input", onInput);
      button.click();
      log.clicks = clicks;
      log.typed = typed;
      log.value = input.value;

      log.json = JSON.stringify({ list: [1, [2, "3"]], text: "x", empty: [] });
      log.parsed = JSON.parse('{"a":[1,{"b":2}]}').a[1].b;
      var keys = [];
      for (const key in { own: 1 }) keys[keys.length] = key;
      for (const index in ["a", "b"]) keys[keys.length] = index;
      log.keys = `${keys.length} ${keys}`;
      log.outside = outside();
      log.globals = globals();
      log.html = document.getElementById("app").outerHTML;
      log.style = `${getComputedStyle(button).color} ${button.className} ${button.getAttribute("style")}`;
      log.scroll = `${window.scrollX} ${window.scrollY}`;
      log.active = document.activeElement?.id;
      log.title = document.title;

      try {
        history.pushState({ n: 1 }, "", `${location.search}#one`);
        history.replaceState({ n: 2 }, "", `${location.search}#two`);
        log.history = `${location.hash} ${JSON.stringify(history.state)}`;
      } catch {
        log.history = "refused";
      }
      log.order = "";
      var order = (mark) => () => {
        log.order += mark;
      };
      return new Promise((resolve) => {
        Promise.resolve().then(order("p")).then(order("q"));
        setTimeout(order("t"), 0);
        var request = window.host.ask ? window.host.ask() : Promise.resolve("none");
        request.then(
          (answer) => {
            log.answer = answer;
            setTimeout(resolve, 20);
          },
          () => {
            log.answer = "failed";
            setTimeout(resolve, 20);
          },
        );
      }).then(() => {
        if (window.host.own) log.own = window.host.own();
        log.errors = errors.join("; ");
        log.slow = nativeNow() < 0;
        return log;
      });
    },
    ask: () => fetch("/api").then((answer) => answer.text()),
  };
})();
