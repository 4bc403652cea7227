// What markup alone cannot do: follow a citation to its mark, offer an example, keep the newest question in view.
window.newsdesk = (() => {
  // What the script says itself, in the page's language; English stands here and is what each message is known by.
  const WORDS = window.newsdeskWords ?? {};
  const _ = (message, values = {}) => Object.entries(values)
    .reduce((said, [name, value]) => said.replaceAll(`{${name}}`, () => value), WORDS[message] ?? message);

  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  let opener = null;

  function showMark() {
    const panel = document.querySelector(".nd-panel");
    const paper = panel && panel.querySelector(".nd-paper");
    // By its own reference, or by its place where the article was opened from an address.
    const isShown = (button) => Boolean(paper) && (button.dataset.open === paper.dataset.reference ||
      (paper.dataset.reference.startsWith("quote:") && button.dataset.place === paper.dataset.reference));
    document.querySelectorAll(".nd-cite").forEach((button) => button.classList.toggle("nd-open", isShown(button)));
    if (!paper) return;
    const mark = paper.querySelector("mark");
    const above = mark ? mark.getBoundingClientRect().top - panel.getBoundingClientRect().top : -panel.scrollTop;
    const top = mark ? panel.scrollTop + above - panel.clientHeight / 3 : 0;
    panel.scrollTo({ top, behavior: calm() ? "auto" : "smooth" });
    paper.querySelector("h2").focus({ preventScroll: true });
  }

  const announce = (button, said) => {
    const before = button.textContent;
    button.textContent = said;
    setTimeout(() => { button.textContent = before; }, 2000);
  };

  // Without a secure context there is no clipboard: a hidden text field and the old command are.
  async function copy(button) {
    const text = button.dataset.copy;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const field = Object.assign(document.createElement("textarea"), { value: text });
      field.setAttribute("aria-hidden", "true");
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
      button.focus();
    }
    announce(button, _("Copied"));
  }

  function edit(question) {
    const box = document.querySelector("#nd-question textarea");
    box.value = question;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
    box.setSelectionRange(question.length, question.length);
  }

  function save(name, content) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([content], { type: "text/plain;charset=utf-8" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  const shownTab = () => document.querySelector("#nd-views [aria-selected=true]");
  const canFocus = (element) => Boolean(element?.isConnected && element.checkVisibility({ visibilityProperty: true }));
  const focusOn = (...elements) => elements.find(canFocus)?.focus({ preventScroll: true });

  // One line at the foot of the page, with at most one thing to do about it. What lies over the page would cover it: an
  // open drawer holds it.
  function say(words, label, act) {
    const over = document.querySelector("#nd-rail:popover-open");
    const place = document.querySelector(".nd-said") ?? document.createElement("div");
    if (place.parentElement !== (over ?? document.body)) (over ?? document.body).append(place);
    over?.addEventListener("toggle", () => document.body.append(place), { once: true });
    place.className = "nd-said";
    place.setAttribute("role", "status");
    // Its buttons go with it: who pressed one goes on from where they came.
    let from = document.activeElement;
    place.onfocusin = ({ relatedTarget }) => { if (relatedTarget && !place.contains(relatedTarget)) from = relatedTarget; };
    const line = Object.assign(document.createElement("span"), { textContent: words, dir: "auto" });
    const button = (text, aria, done) => {
      const made = Object.assign(document.createElement("button"), { type: "button", textContent: text });
      if (aria) made.setAttribute("aria-label", aria);
      made.onclick = async () => {
        place.replaceChildren();
        await done?.();
        if (!canFocus(document.activeElement) || document.activeElement === document.body) focusOn(from, shownTab());
      };
      return made;
    };
    place.replaceChildren(line, ...(label ? [button(label, "", act)] : []), button("×", _("Close this note")));
  }

  function openOrShow(button, trigger) {
    opener = button;
    const shown = document.querySelector(".nd-paper");
    if (shown && shown.dataset.reference === button.dataset.open) return showMark();
    trigger("select", { reference: button.dataset.open });
  }

  function log(element, trigger, watch) {
    let turns = 0;
    // The library may have grown, and have other outlets and tags, since the view was last shown.
    newsdesk.address.follow((place, before) => viewOf(place) === "ask" && viewOf(before) !== "ask" && trigger("expand", {}));
    // The button that asked goes with what it stood in: who reads by keyboard goes on from the conversation.
    element.tabIndex = -1;
    element.classList.add("nd-goes-on");
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-open], [data-ask], [data-again], [data-edit], [data-copy], [data-rate]");
      if (!button) return;
      const data = button.dataset;
      if (data.copy !== undefined) return copy(button);
      if (data.edit !== undefined) return edit(data.edit);
      if (data.rate !== undefined) return trigger("like", { turn: data.rate, verdict: data.verdict, reason: data.reason });
      const question = data.ask ?? data.again;
      if (question !== undefined) {
        element.focus({ preventScroll: true });
        return trigger("input", { question });
      }
      openOrShow(button, trigger);
    });
    watch("value", () => {
      const all = element.querySelectorAll(".nd-turn");
      if (all.length > turns) all[all.length - 1].scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
      turns = all.length;
      const conversation = element.querySelector("[data-conversation]");
      if (conversation) newsdesk.began(conversation.dataset.conversation);
    });
  }

  const VIEWS = ["briefing", "newsletter", "library", "quality"];
  const tabOf = (place) => (VIEWS.includes(place.view) ? place.view : "ask");
  const viewOf = (place) => (place.story ? "story" : tabOf(place));

  // What a view shows is asked for when it is shown, and again whenever it is shown anew.
  function whenShown(view, trigger) {
    const ask = () => trigger("expand", {});
    newsdesk.address.follow((place, before) => viewOf(place) === view && viewOf(before) !== view && ask());
    if (viewOf(newsdesk.address.here()) === view) setTimeout(ask);
  }

  function library(element, trigger, watch) {
    whenShown("library", trigger);
    // An empty library offers what fills it; once only, so that whoever shuts that keeps it shut.
    let isOffered = false;
    watch("value", () => {
      if (isOffered || !element.querySelector("[data-empty]")) return;
      isOffered = true;
      document.querySelector(".nd-fold:has(+ .nd-folded #nd-adding-row-library) details")?.setAttribute("open", "");
    });
    // What was corrected beside the table stands in it, on the same page of it.
    document.addEventListener("newsdesk-corrected", () => {
      const next = [...element.querySelectorAll("[data-page]")].at(-1);
      if (viewOf(newsdesk.address.here()) === "library") trigger("input", { page: String(next ? next.dataset.page - 1 : 0) });
    });
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-open], [data-page], [data-remove]");
      if (!button || button.getAttribute("aria-disabled") === "true") return;
      if (button.dataset.open) return openOrShow(button, trigger);
      if (button.dataset.page !== undefined) return trigger("input", { page: button.dataset.page });
      // Asked once more: what is removed answers no more, whoever asks.
      if (button.dataset.sure) return trigger("delete", { article: button.dataset.remove });
      button.dataset.sure = "yes";
      button.textContent = _("Yes, remove it");
      button.addEventListener("blur", () => { delete button.dataset.sure; button.textContent = _("Remove"); }, { once: true });
    });
  }

  function adding(element, trigger) {
    element.addEventListener("click", (event) => {
      if (!event.target.closest("[data-undo]")) return;
      // The button goes with what it undoes; the view's tab stays.
      focusOn(shownTab());
      trigger("undo", {});
    });
  }

  function lacking(element, trigger) {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-open]");
      if (button) openOrShow(button, trigger);
    });
  }

  function story(element, trigger) {
    element.addEventListener("click", (event) => event.target.closest("[data-clear-story]") && trigger("clear", {}));
  }

  function quality(element, trigger) {
    whenShown("quality", trigger);
  }

  function views(element) {
    const tabs = [...element.querySelectorAll("[role=tab]")];
    // Where the reader stood in a view before a story was opened from it, and what had the focus.
    let left = 0;
    let opener = null;
    const show = (place, before) => {
      const [tab, view] = [tabOf(place), viewOf(place)];
      if (before && place.story === before.story && tabOf(before) === tab) return;
      if (place.story && !before?.story) [left, opener] = [scrollY, document.activeElement];
      document.querySelector("#nd-main").dataset.view = view;
      tabs.forEach((one) => {
        one.setAttribute("aria-selected", String(one.dataset.view === tab));
        one.tabIndex = one.dataset.view === tab ? 0 : -1;
      });
      // A note is of the view in which it was said.
      if (before && tabOf(before) !== tab) document.querySelector(".nd-said")?.replaceChildren();
      const isBack = before?.story && !place.story && tabOf(before) === tab;
      if (before) scrollTo({ top: isBack ? left : 0 });
      if (isBack) (opener?.checkVisibility() ? opener : tabs.find((one) => one.dataset.view === tab))?.focus({ preventScroll: true });
    };
    document.addEventListener("click", (event) => {
      const there = event.target.closest("[data-go]");
      if (there) newsdesk.address.go({ view: there.dataset.go });
      const link = event.target.closest("[data-story-of]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      newsdesk.address.go({ story: link.dataset.storyOf, article: "", quote: "" });
    });
    const go = (tab) => newsdesk.address.go({ view: tab.dataset.view === "ask" ? "" : tab.dataset.view });
    newsdesk.address.follow(show);
    show(newsdesk.address.here());
    element.addEventListener("click", (event) => event.target.closest("[role=tab]") && go(event.target.closest("[role=tab]")));
    element.addEventListener("keydown", (event) => {
      const ahead = getComputedStyle(element).direction === "rtl" ? -1 : 1;
      const step = { ArrowRight: ahead, ArrowLeft: -ahead }[event.key];
      if (!step) return;
      const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
      next.focus();
      go(next);
    });
  }

  // A period makes its briefing at once; the fields show its days. The first one is made when the view is first shown.
  function periods(element, trigger) {
    const buttons = () => [...element.querySelectorAll("[data-after]")];
    const fields = () => [...document.querySelectorAll("#nd-brief-row input[type=date]")];
    const press = (button) => {
      const days = [button.dataset.after, button.dataset.before];
      fields().forEach((field, place) => {
        field.value = days[place];
        field.dispatchEvent(new Event("change", { bubbles: true }));
      });
      mark();
      trigger("input", { after: days[0], before: days[1] });
    };
    const mark = () => {
      const days = fields().map((field) => field.value).join();
      buttons().forEach((one) => one.setAttribute("aria-pressed", String([one.dataset.after, one.dataset.before].join() === days)));
    };
    let filled = false;
    whenShown("briefing", trigger);
    new MutationObserver(() => {
      if (!buttons().length) return;
      const first = element.querySelector("[data-first]");
      if (filled || document.querySelector("#nd-topic :is(input, textarea)").value || fields().some((field) => field.value)) return mark();
      filled = true;
      press(first);
    }).observe(element, { childList: true, subtree: true });
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-after]");
      if (button) press(button);
    });
    document.addEventListener("change", (event) => fields().includes(event.target) && mark());
    document.addEventListener("click", (event) => { if (event.target.closest("#nd-make")) filled = true; });
  }

  // Who reads is known once the page can be used; two logins in one browser keep topics of their own.
  let isReader;
  const reader = new Promise((resolve) => { isReader = resolve; });

  const topicStore = (name) => {
    const key = `newsdesk-topics${name ? `-${name}` : ""}`;
    return {
      read: () => { try { return JSON.parse(localStorage.getItem(key)) ?? []; } catch { return []; } },
      write: (saved) => { try { localStorage.setItem(key, JSON.stringify(saved)); } catch { say(_("This browser keeps no topics.")); } },
    };
  };
  let kept = null;
  let listTopics = () => {};
  const MOST_TOPICS = 20;

  function looked(section) {
    const { looked: topic, until, revision } = section.dataset;
    if (!kept?.read().some((one) => one.topic === topic)) return;
    kept.write(kept.read().map((one) => (one.topic === topic ? { topic, since: until, revision: Number(revision) } : one)));
    listTopics();
  }

  async function topics(element, trigger, watch) {
    kept = topicStore(await reader);
    listTopics = () => trigger("expand", { topics: JSON.stringify(kept.read()) });
    whenShown("briefing", () => kept.read().length && listTopics());
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-save], [data-look], [data-forget]");
      if (!button) return;
      const saved = kept.read();
      const { look, forget } = button.dataset;
      if (look !== undefined) return trigger("select", { topic: JSON.stringify(saved.find((one) => one.topic === look)) });
      if (forget !== undefined) {
        kept.write(saved.filter((one) => one.topic !== forget));
        listTopics();
        element.querySelector("[data-save]").focus();
        return say(_("“{topic}” is forgotten.", { topic: forget }), _("Undo"), () => { kept.write(saved); listTopics(); });
      }
      const topic = document.querySelector("#nd-topic :is(input, textarea)").value.trim().slice(0, 300);
      if (!topic) return say(_("Type a topic above, then save it."));
      if (saved.length >= MOST_TOPICS) return say(_("{most} topics are kept; forget one first.", { most: MOST_TOPICS }));
      if (!saved.some((one) => one.topic === topic)) kept.write([...saved, { topic, since: null, revision: null }]);
      listTopics();
    });
    // A topic that was saved only now is looked at from here on.
    watch("value", () => {
      const list = element.querySelector("[data-revision]");
      if (!list || !kept.read().some((one) => one.since === null)) return;
      const { until, revision } = list.dataset;
      kept.write(kept.read().map((one) => (one.since === null ? { ...one, since: until, revision: Number(revision) } : one)));
    });
  }

  function briefing(element, trigger, watch) {
    watch("value", () => {
      const section = element.querySelector("[data-looked]");
      if (section) looked(section);
    });
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-open], [data-export]");
      if (!button) return;
      if (button.dataset.export) return trigger("input", { form: button.dataset.export });
      openOrShow(button, trigger);
    });
  }

  function wholeStory(element, props, trigger, watch) {
    const { address } = newsdesk;
    let told = "";
    let titleBefore = "";
    const follow = ({ story }) => {
      if (!story && titleBefore) document.title = titleBefore;
      if (!story) titleBefore = "";
      if (!story || story === told) return title();
      told = story;
      trigger("expand", { story });
    };
    const title = () => {
      const shown = element.querySelector("[data-shown]");
      if (!address.here().story || shown?.dataset.shown !== told) return;
      if (!titleBefore && document.activeElement?.matches("body, a")) shown.querySelector("h2").focus({ preventScroll: true });
      titleBefore ||= document.title;
      document.title = `${shown.querySelector("h2").textContent} · Newsdesk`;
    };
    element.addEventListener("click", (event) => {
      if (event.target.closest("[data-leave]")) return leave();
      const button = event.target.closest("[data-open]");
      if (button) openOrShow(button, trigger);
    });
    const leave = () => address.go({ story: "", article: "", quote: "" });
    watch("value", title);
    address.follow(follow);
    setTimeout(() => follow(address.here()));
  }

  // The file is made here, from what the page was sent: nothing is written on the server.
  function download(element, props, watch) {
    watch("value", () => {
      if (!props.value) return;
      const made = JSON.parse(atob(props.value));
      save(made.name, made.content);
    });
  }

  function panel(element, props, trigger, watch) {
    const { address } = newsdesk;
    const paper = () => element.querySelector(".nd-paper");
    const hide = (isSameView = true) => {
      if (!paper()) return;
      props.value = "";
      document.querySelectorAll(".nd-open").forEach((button) => button.classList.remove("nd-open"));
      // What it was opened from may have been shown anew meanwhile.
      const alike = [...document.querySelectorAll("[data-open]")].filter((one) => one.dataset.open === opener?.dataset.open);
      focusOn(opener, ...alike, isSameView ? shownTab() : null);
    };
    const follow = (place, before) => {
      const { article, quote } = place;
      const shown = paper();
      if (!article) return hide(!before || viewOf(place) === viewOf(before));
      if (shown && shown.dataset.article === article && shown.dataset.quote === quote) return;
      trigger("select", { reference: quote ? `quote:${article}:${quote}` : `article:${article}` });
    };
    // What cannot be shown has no address.
    const close = () => (address.here().article ? address.closeArticle() : hide());
    element.addEventListener("click", (event) => {
      if (event.target.closest("[data-close]")) return close();
      const button = event.target.closest("[data-summarise], [data-story]");
      if (!button) return;
      if (button.dataset.story !== undefined) {
        trigger("apply", { reference: paper().dataset.reference });
        address.go({ view: "", article: "", quote: "" });
        return document.querySelector("#nd-question textarea").focus();
      }
      button.disabled = true;
      trigger("input", { reference: paper().dataset.reference });
    });
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      const fields = Object.fromEntries(new FormData(event.target));
      trigger("edit", { ...fields, reference: paper().dataset.reference });
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && paper()) close();
    });
    watch("value", () => {
      const shown = paper();
      if (!shown) address.go({ article: "", quote: "" }, { replace: true });
      if (shown?.dataset.article) address.go({ article: shown.dataset.article, quote: shown.dataset.quote });
      if (shown?.querySelector(".nd-edit + .nd-notice")) document.dispatchEvent(new Event("newsdesk-corrected"));
      showMark();
    });
    address.follow(follow);
    setTimeout(() => follow(address.here()));
  }

  function date(element, props, watch) {
    const input = element.querySelector("input");
    const read = () => {
      const value = input.validity.badInput ? "unfinished" : input.value;
      if (props.value !== value) props.value = value;
    };
    input.addEventListener("change", read);
    input.addEventListener("focusout", read);
    // The field is the truth: it may be filled before this runs, and Gradio resets the value once while its part opens.
    watch("value", read);
    read();
  }

  return { _, log, adding, lacking, panel, date, views, briefing, periods, download, library, quality, story, wholeStory, topics, isReader: (name) => isReader(name), reader, save, say, whenShown };
})();
