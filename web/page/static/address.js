// Every view, conversation, article and quote has an address, behind the "#" of the page's own: Back and Forward, a reload
// and a bookmark lead there.
newsdesk.address = (() => {
  const NAMES = ["view", "story", "conversation", "article", "quote"];
  const followers = [];

  function read() {
    const given = new URLSearchParams(location.hash.slice(1));
    return Object.fromEntries(NAMES.map((name) => [name, given.get(name) ?? ""]));
  }

  let here = read();
  // Until a kept conversation is back, what stands before the first question must not flash by.
  document.documentElement.classList.toggle("nd-resuming", Boolean(here.conversation));

  function written(place) {
    const words = new URLSearchParams();
    NAMES.forEach((name) => place[name] && words.set(name, place[name]));
    const hash = words.toString();
    return location.pathname + location.search + (hash ? `#${hash}` : "");
  }

  const tell = (before) => followers.forEach((follower) => follower(here, before));

  // Go elsewhere; a step that Back undoes, unless it replaces the one before. An article takes the place of another one,
  // so that Back closes it.
  function go(change, { replace = false } = {}) {
    const before = here;
    // A story stands over the view from which it was opened, and goes with it.
    const next = { ...here, ...("view" in change ? { story: "" } : {}), ...change };
    const same = (...names) => names.every((name) => next[name] === before[name]);
    if (same(...NAMES)) return;
    const swaps = Boolean(before.article && next.article) && !same("article", "quote") && same("view", "story", "conversation");
    const stays = replace || swaps;
    const over = Boolean(next.article) && (stays ? Boolean(history.state?.over) : !before.article);
    history[stays ? "replaceState" : "pushState"]({ over }, "", written(next));
    here = next;
    tell(before);
  }

  function closeArticle() {
    if (history.state?.over) return history.back();
    go({ article: "", quote: "" }, { replace: true });
  }

  addEventListener("popstate", () => {
    const before = here;
    here = read();
    tell(before);
  });

  return { here: () => here, go, closeArticle, to: (place) => written({ ...read(), ...place }), follow: (follower) => followers.push(follower) };
})();
