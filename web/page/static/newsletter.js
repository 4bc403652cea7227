// The Newsletter view: the issue is made from the form, changed a step at a time, and kept with its changes in this
// browser's own database, like conversations.
(() => {
  const MOST = 50;
  const WAIT_FOR_STEP = 60_000;

  // --- what is kept ---------------------------------------------------------------------------------------------------

  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

  async function open(name) {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("drafts", { keyPath: "id" });
    const database = await done(request);
    const store = (mode) => database.transaction("drafts", mode).objectStore("drafts");
    return {
      all: () => done(store("readonly").getAll()),
      get: (id) => done(store("readonly").get(id)),
      put: (draft) => done(store("readwrite").put(draft)),
      remove: (id) => done(store("readwrite").delete(id)),
    };
  }

  // Where a browser keeps nothing, this tab does.
  function inMemory() {
    const drafts = new Map();
    return {
      all: async () => [...drafts.values()],
      get: async (id) => drafts.get(id),
      put: async (draft) => { drafts.set(draft.id, draft); },
      remove: async (id) => { drafts.delete(id); },
    };
  }

  // Two logins may share a browser.
  const database = newsdesk.reader.then((name) => open(name ? `newsdesk-newsletter-${name}` : "newsdesk-newsletter")).catch(inMemory);

  const nameOf = (choices) => JSON.stringify(Object.entries(choices).sort());

  async function keep({ choices, edits }) {
    const drafts = await database;
    await drafts.put({ id: nameOf(choices), choices, edits, when: new Date().toISOString() });
    const all = (await drafts.all()).sort((one, other) => (one.when < other.when ? 1 : -1));
    for (const old of all.slice(MOST)) await drafts.remove(old.id);
  }

  async function latest() {
    const all = await (await database).all();
    return all.reduce((best, one) => (best && best.when > one.when ? best : one), undefined);
  }

  // --- the form -------------------------------------------------------------------------------------------------------

  let make = () => {};

  newsdesk.letterForm = (element, trigger) => {
    const form = () => element.querySelector("form");
    const field = (name) => form().elements.namedItem(name);
    const written = () => {
      const values = Object.fromEntries(new FormData(form()));
      // No tags are asked for where there are none.
      return { tags: "", ...values, stories: Number(values.stories) || 5 };
    };
    const mark = () => element.querySelectorAll("[data-after]").forEach((one) => {
      const isChosen = one.dataset.after === field("after").value && one.dataset.before === field("before").value;
      one.setAttribute("aria-pressed", String(isChosen));
    });
    const fill = (choices) => {
      Object.entries(choices).forEach(([name, value]) => { if (field(name)) field(name).value = value; });
      mark();
    };
    let choices = null;
    const ask = (wanted) => {
      choices = wanted;
      make(wanted);
    };
    newsdesk.whenShown("newsletter", trigger);
    new MutationObserver(async () => {
      if (!form() || form().dataset.filled) return;
      form().dataset.filled = "yes";
      if (choices) return fill(choices);
      fill(JSON.parse(form().dataset.choices));
      const kept = await latest();
      if (kept) fill(kept.choices);
      ask(written());
    }).observe(element, { childList: true, subtree: true });
    element.addEventListener("click", (event) => {
      const period = event.target.closest("[data-after]");
      if (!period) return;
      field("after").value = period.dataset.after;
      field("before").value = period.dataset.before;
      mark();
      ask(written());
    });
    element.addEventListener("change", (event) => { if (event.target.type === "date") mark(); });
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(written());
    });
  };

  // On a narrow page the stories stand above the preview.
  function reach(selector) {
    const there = document.querySelector(selector);
    there?.scrollIntoView({ block: "center" });
    there?.focus({ preventScroll: true });
  }

  // --- the stories ----------------------------------------------------------------------------------------------------

  let arrived = () => {};

  newsdesk.editor = (element, props, trigger, watch) => {
    const status = () => document.querySelector("#nd-preview [role=status]");
    const inside = () => element.querySelector("[data-editor]");
    const same = (data) => ["step", "field", "story", "place", "export"]
      .filter((name) => data[name] !== undefined).map((name) => `[data-${name}="${CSS.escape(data[name])}"]`).join("");

    // One step at a time: each is done to what the one before has left.
    const waiting = [];
    let under = null;
    let wanted = null;
    const next = () => {
      clearTimeout(under);
      under = null;
      const step = waiting.shift();
      if (!step) return begin();
      under = setTimeout(next, WAIT_FOR_STEP);
      trigger("edit", step);
    };
    const send = (step) => {
      waiting.push(step);
      if (under === null) next();
    };

    // An issue is made with what this browser keeps of it, so not before the last step is kept.
    const begin = async () => {
      if (!wanted) return;
      const choices = wanted;
      wanted = null;
      const kept = await (await database).get(nameOf(choices));
      trigger("select", { choices: JSON.stringify(choices), edits: kept?.edits ?? "" });
    };
    make = (choices) => {
      wanted = choices;
      if (under === null) begin();
    };

    // What had the keyboard's focus, and what was being written: the stories are drawn anew under it.
    let focused = null;
    const remember = () => {
      const at = document.activeElement;
      if (!inside()?.contains(at)) return;
      focused = { data: { ...at.dataset } };
      if (at.dataset.field) Object.assign(focused, { value: at.value, start: at.selectionStart, end: at.selectionEnd });
    };
    ["focusin", "input", "keyup", "click"].forEach((kind) => element.addEventListener(kind, remember));
    element.addEventListener("focusout", (event) => { if (event.relatedTarget) focused = null; });

    const again = { open: "shut", shut: "open", drop: "restore", restore: "drop" };
    const refocus = () => {
      const at = document.activeElement;
      // Drawn anew, what has the focus may be the button of another story.
      if (!focused || (at && at !== document.body && !inside().contains(at))) return;
      const { data, value, start, end } = focused;
      const wanted = [same(data), same({ ...data, step: again[data.step] }), data.step === "replace" ? same({ ...data, step: "open" }) : ""];
      let found = wanted.filter(Boolean).map((one) => inside().querySelector(one)).find(Boolean);
      if (found?.getAttribute("aria-disabled") === "true") {
        found = inside().querySelector(same({ ...data, step: data.step === "up" ? "down" : "up" })) ?? found;
      }
      if (!found && data.story) found = inside().querySelector(`.nd-card[data-story="${CSS.escape(data.story)}"] button`);
      if (!found) return;
      if (found !== at) found.focus({ preventScroll: true });
      if (value === undefined || !found.dataset.field) return;
      found.value = value;
      found.setSelectionRange(start, end);
    };

    const opened = new Set();
    element.addEventListener("toggle", (event) => {
      const name = event.target.dataset?.own;
      if (name) opened[event.target.open ? "add" : "delete"](name);
    }, true);

    const reset = (button) => {
      if (!button.dataset.usual) return;
      button.textContent = button.dataset.usual;
      delete button.dataset.usual;
    };
    // Asked once: what is sent or undone is so for good.
    const sure = (button) => {
      if (!button.dataset.sureWords || button.dataset.usual) return true;
      button.dataset.usual = button.textContent;
      button.textContent = button.dataset.sureWords;
      button.addEventListener("blur", () => reset(button), { once: true });
      return false;
    };

    element.addEventListener("click", (event) => {
      if (event.target.closest("[data-see]")) return reach("#nd-preview button[data-width]");
      const button = event.target.closest("[data-step], [data-export], [data-send]");
      if (!button) return;
      if (button.getAttribute("aria-disabled") === "true" || !sure(button)) return;
      if (button.dataset.export) return trigger("input", { form: button.dataset.export });
      if (button.dataset.send !== undefined) return trigger("submit", { to: "readers" });
      const { step, story = "", place = "", value = "" } = button.dataset;
      send({ act: step, story, place, value });
    });
    // Not at a change alone: what was written while the stories were drawn anew is none to the browser.
    const take = (at) => {
      const { field, story = "" } = at.dataset;
      if (!field || at.value === at.defaultValue) return;
      at.defaultValue = at.value;
      send({ act: field, story, place: "", value: at.value });
    };
    element.addEventListener("focusout", (event) => take(event.target));
    element.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input[data-field]")) take(event.target);
    });
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      const address = new FormData(event.target).get("address");
      trigger("submit", { to: "test", address });
    });
    element.addEventListener("keydown", (event) => {
      const panel = event.target.closest(".nd-others");
      if (event.key !== "Escape" || !panel) return;
      event.stopPropagation();
      panel.parentElement.querySelector("[data-step=shut]")?.click();
    });
    // The story that is worked on is the one that is seen.
    element.addEventListener("focusin", (event) => {
      const card = event.target.closest(".nd-card");
      if (card) newsdesk.seeStory?.(card.dataset.anchor);
    });

    watch("value", () => {
      const isWritten = (one) => Boolean(focused?.data.field) && one.matches(same(focused.data));
      inside().querySelectorAll("[data-own]").forEach((one) => { one.open = opened.has(one.dataset.own); });
      // A field keeps what was typed into it, though it is another story's.
      inside().querySelectorAll("[data-field]").forEach((one) => { if (!isWritten(one)) one.value = one.defaultValue; });
      refocus();
    });
    arrived = ({ told = "", is_wrong: isWrong = false, kept }) => {
      if (told) status().textContent = told;
      if (told && (isWrong || !kept)) newsdesk.say(told);
      if (under !== null) next();
    };
  };

  // --- how it looks ---------------------------------------------------------------------------------------------------

  newsdesk.preview = (element, props, watch) => {
    const place = element.querySelector(".nd-preview");
    const frame = element.querySelector("iframe");
    const plain = element.querySelector(".nd-plain");
    const pressed = (button) => button.getAttribute("aria-pressed") === "true";
    let anchor = "";
    let html = "";

    // Scrolled in its own window alone: `scrollIntoView` would move the page, too, under the pointer that presses a button.
    const jump = (name) => {
      const there = frame.contentDocument?.getElementById(name)?.closest("h3, p");
      if (there) frame.contentWindow.scrollBy(0, there.getBoundingClientRect().top);
    };
    newsdesk.seeStory = (name) => {
      if (!name || name === anchor) return;
      anchor = name;
      jump(name);
    };
    // Nothing in the frame runs or loads; its links are followed here.
    frame.addEventListener("load", () => {
      frame.contentDocument.addEventListener("click", (event) => {
        const link = event.target.closest("a[href]");
        if (!link) return;
        event.preventDefault();
        const target = link.getAttribute("href");
        if (target.startsWith("#")) jump(target.slice(1));
        else if (/^https?:/.test(target)) window.open(target, "_blank", "noopener,noreferrer");
      });
    });
    const show = (made) => {
      if (made === html) return;
      html = made;
      const top = frame.contentWindow?.scrollY ?? 0;
      frame.addEventListener("load", () => frame.contentWindow.scrollTo(0, top), { once: true });
      frame.srcdoc = made;
    };

    const look = element.querySelector(".nd-looks");
    const press = (button) => {
      const { width } = button.dataset;
      if (button.dataset.back !== undefined) return reach("#nd-editor [data-see]");
      if (width) {
        element.querySelectorAll("button[data-width]").forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
        look.dataset.width = width;
        return;
      }
      button.setAttribute("aria-pressed", String(!pressed(button)));
      if (button.dataset.text !== undefined) plain.hidden = !pressed(button);
      if (button.dataset.dark !== undefined) look.dataset.dark = String(pressed(button));
    };
    element.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) press(button);
    });
    press(element.querySelector(matchMedia("(max-width: 48rem)").matches ? "[data-width=phone]" : "[data-width=desktop]"));

    watch("value", async () => {
      if (!props.value) return;
      const told = JSON.parse(atob(props.value));
      if (!told.html && !told.told) place.hidden = true;
      if (told.html) {
        place.hidden = false;
        plain.textContent = told.text;
        show(told.html);
      }
      if (told.kept) await keep(told.kept);
      const said = document.querySelector("#nd-editor [data-told]")?.dataset.told;
      arrived({ ...told, told: told.told ?? said });
    });
  };
})();
