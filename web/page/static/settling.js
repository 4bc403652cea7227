// A view is put together from parts that arrive one by one, each of which would move what stands below it. Until what the
// view begins with is there and stands still, the view is not shown; its head is. After a while it is in any case: here,
// and by style.css where no script runs.
(() => {
  const STILL_MILLISECONDS = 200;
  const MOST_MILLISECONDS = 5000;
  const BEGINS_WITH = {
    ask: ".nd-welcome, .nd-turn",
    briefing: "#nd-briefing .nd-periods button, #nd-briefing .nd-failed",
    newsletter: "#nd-newsletter [data-editor] > *, #nd-newsletter .nd-failed",
    library: "#nd-library-place .nd-library > *",
    quality: "#nd-quality :is(.nd-quality, .nd-failed)",
    story: "#nd-story-place .nd-told > *",
  };

  function where(element) {
    const { top, left, width, height } = element.getBoundingClientRect();
    return [top, left, width, height].map(Math.round).join();
  }

  let last = "";
  let since = 0;

  function look(now) {
    const main = document.querySelector("#nd-main");
    const is = main && document.querySelector(BEGINS_WITH[main.dataset.view ?? "ask"]);
    const places = is ? [...main.querySelectorAll(":scope > * > *, :scope > * > * > *")].map(where).join(";") : "";
    if (!is || places !== last) [last, since] = [places, now];
    if ((is && now - since >= STILL_MILLISECONDS) || now >= MOST_MILLISECONDS) return settle();
    requestAnimationFrame(look);
  }

  // What is not shown cannot have the focus: an article that an address opened gets it now, else the box for questions.
  function settle() {
    document.documentElement.classList.add("nd-settled");
    const first = document.querySelector(".nd-paper h2") ?? document.querySelector("#nd-question textarea");
    // In the next frame: by then it is shown.
    requestAnimationFrame(() => {
      if (document.activeElement === document.body && first?.checkVisibility()) first.focus({ preventScroll: true });
    });
  }

  requestAnimationFrame(look);
})();
