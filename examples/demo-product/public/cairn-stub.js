// Keeps calls that come before Cairn has loaded. An external file, because the page's CSP allows no inline script.
((page) => {
  if (page.cairn) return;
  const cairn = { q: [] };
  for (const method of ["identify", "group", "track", "page", "on", "hold", "setLocale", "reset"]) {
    cairn[method] = (...args) => {
      cairn.q.push([method, args]);
    };
  }
  page.cairn = cairn;
})(window);
