// What markup alone cannot do: follow a citation to its mark, offer an example, keep the newest question in view.
window.newsdesk = (() => {
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  let opener = null;

  function showMark() {
    const panel = document.querySelector(".nd-panel");
    const paper = panel && panel.querySelector(".nd-paper");
    document.querySelectorAll(".nd-cite").forEach((button) => {
      button.classList.toggle("nd-open", Boolean(paper) && button.dataset.open === paper.dataset.reference);
    });
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
    announce(button, "Copied");
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

  function openOrShow(button, trigger) {
    opener = button;
    const shown = document.querySelector(".nd-paper");
    if (shown && shown.dataset.reference === button.dataset.open) return showMark();
    trigger("select", { reference: button.dataset.open });
  }

  function log(element, trigger, watch) {
    let turns = 0;
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-open], [data-ask], [data-again], [data-edit], [data-copy], [data-rate]");
      if (!button) return;
      const data = button.dataset;
      if (data.copy !== undefined) return copy(button);
      if (data.edit !== undefined) return edit(data.edit);
      if (data.rate !== undefined) return trigger("like", { turn: data.rate, verdict: data.verdict, reason: data.reason });
      const question = data.ask ?? data.again;
      if (question !== undefined) return trigger("input", { question });
      openOrShow(button, trigger);
    });
    watch("value", () => {
      const all = element.querySelectorAll(".nd-turn");
      if (all.length > turns) all[all.length - 1].scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
      turns = all.length;
      remember(element);
    });
  }

  // History: in this browser's own store, never sent anywhere.
  const STORE = "newsdesk.history";
  const MOST = 200;

  function remembered() {
    try {
      const held = JSON.parse(localStorage.getItem(STORE));
      return Array.isArray(held) ? held : [];
    } catch { return []; }
  }

  function keep(entries) {
    // Where the store is full the oldest go first; where it is not allowed, nothing is kept.
    for (let most = Math.min(MOST, entries.length); most >= 0; most = most > 1 ? Math.floor(most / 2) : most - 1) {
      try {
        localStorage.setItem(STORE, JSON.stringify(entries.slice(0, most)));
        return;
      } catch { /* too much */ }
    }
  }

  function finished(element) {
    return [...element.querySelectorAll(".nd-turn")].flatMap((turn) => {
      const [plain, marked] = turn.querySelectorAll("[data-copy]");
      const again = turn.querySelector("[data-again]");
      return again ? [{ question: again.dataset.again, text: plain.dataset.copy, markdown: marked.dataset.copy }] : [];
    });
  }

  let lastKept = "";

  function remember(element) {
    const conversation = element.querySelector("[data-conversation]");
    const turns = finished(element).map(({ question, text }) => ({ question, text }));
    if (!conversation || !turns.length) return;
    const id = conversation.dataset.conversation;
    // Every step of a stream comes by here; only a finished answer is something new.
    if (lastKept === `${id}:${turns.length}`) return;
    lastKept = `${id}:${turns.length}`;
    const others = remembered().filter((entry) => entry.id !== id);
    keep([{ id, when: new Date().toISOString(), turns }, ...others]);
  }

  function history(element) {
    const dialog = element.querySelector("dialog");
    const list = dialog.querySelector("ul");
    const search = dialog.querySelector("[data-search]");
    const made = (tag, text, data = {}) => {
      const node = Object.assign(document.createElement(tag), { textContent: text });
      if (tag === "button") node.type = "button";
      Object.assign(node.dataset, data);
      return node;
    };
    const draw = () => {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const entries = remembered().filter((entry) => {
        const text = entry.turns.map((turn) => `${turn.question} ${turn.text}`).join(" ").toLowerCase();
        return words.every((word) => text.includes(word));
      });
      list.replaceChildren(...entries.map((entry) => {
        const item = document.createElement("li");
        const details = document.createElement("details");
        const summary = made("summary", entry.turns.map((turn) => turn.question).join(" · "));
        summary.dir = "auto";
        const turns = entry.turns.flatMap((turn) => {
          const text = made("pre", turn.text);
          text.dir = "auto";
          text.tabIndex = 0;
          return [text, made("button", "Ask again", { question: turn.question })];
        });
        const when = made("p", new Date(entry.when).toLocaleString());
        when.className = "nd-byline";
        details.append(summary, ...turns, made("button", "Delete", { forget: entry.id }));
        item.append(when, details);
        return item;
      }));
      if (!entries.length) list.append(made("li", words.length ? "Nothing holds these words." : "Nothing yet."));
    };
    element.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      const data = button.dataset;
      if (data.history !== undefined) { search.value = ""; draw(); dialog.showModal(); }
      if (data.closeHistory !== undefined) dialog.close();
      if (data.forgetAll !== undefined) { keep([]); draw(); }
      if (data.forget !== undefined) { keep(remembered().filter((entry) => entry.id !== data.forget)); draw(); }
      if (data.question !== undefined) {
        dialog.close();
        document.querySelector("[data-view=ask]").click();
        edit(data.question);
      }
      if (data.exportAll !== undefined) {
        const turns = finished(document);
        if (!turns.length) return announce(button, "Nothing yet");
        save("conversation.md", turns.map((turn) => `## ${turn.question.replace(/([\\`*_[\]<>])/g, "\\$1")}\n\n${turn.markdown}`).join("\n"));
      }
    });
    search.addEventListener("input", draw);
  }

  // The table is asked for when its view is shown, and again whenever it is shown anew.
  const whenShown = (view, trigger) => document.addEventListener("newsdesk:view", (event) => {
    if (event.detail === view) trigger("expand", {});
  });

  function library(element, trigger) {
    whenShown("library", trigger);
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-open], [data-page], [data-remove]");
      if (!button || button.getAttribute("aria-disabled") === "true") return;
      if (button.dataset.open) return openOrShow(button, trigger);
      if (button.dataset.page !== undefined) return trigger("input", { page: button.dataset.page });
      // Twice, as there is no way back.
      if (button.dataset.sure) return trigger("delete", { article: button.dataset.remove });
      button.dataset.sure = "yes";
      button.textContent = "Yes, remove it";
      button.addEventListener("blur", () => { delete button.dataset.sure; button.textContent = "Remove"; }, { once: true });
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
    const show = (tab) => {
      document.querySelector("#nd-main").dataset.view = tab.dataset.view;
      tabs.forEach((one) => {
        one.setAttribute("aria-selected", String(one === tab));
        one.tabIndex = one === tab ? 0 : -1;
      });
      scrollTo({ top: 0 });
      document.dispatchEvent(new CustomEvent("newsdesk:view", { detail: tab.dataset.view }));
    };
    element.addEventListener("click", (event) => event.target.closest("[role=tab]") && show(event.target.closest("[role=tab]")));
    element.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
      next.focus();
      show(next);
    });
  }

  function briefing(element, trigger, watch) {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-open], [data-export]");
      if (!button) return;
      if (button.dataset.export) return trigger("input", { form: button.dataset.export });
      openOrShow(button, trigger);
    });
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
    const close = () => {
      props.value = "";
      document.querySelectorAll(".nd-open").forEach((button) => button.classList.remove("nd-open"));
      if (opener && opener.isConnected) opener.focus();
    };
    element.addEventListener("click", (event) => {
      if (event.target.closest("[data-close]")) return close();
      const button = event.target.closest("[data-summarise], [data-story]");
      if (!button) return;
      if (button.dataset.story !== undefined) {
        trigger("apply", { reference: element.querySelector(".nd-paper").dataset.reference });
        close();
        document.querySelector("[data-view=ask]").click();
        return document.querySelector("#nd-question textarea").focus();
      }
      button.disabled = true;
      trigger("input", { reference: element.querySelector(".nd-paper").dataset.reference });
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && element.querySelector(".nd-paper")) close();
    });
    watch("value", showMark);
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

  return { log, panel, date, views, briefing, download, history, library, quality, story };
})();
