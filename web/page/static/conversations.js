// The list of conversations at the side, and what of them is kept: see keeping.js for where.
(() => {
  const MOST = 500;
  const MOST_CHARACTERS = 50_000_000;
  // Bytes of a request that the server takes, less what stands around the turns.
  const MOST_SENT = 900_000;
  const { address, keeping, _ } = newsdesk;

  // --- where they are kept --------------------------------------------------------------------------------------------

  let database = null;
  let heads = [];
  let others = null;
  let draw = () => {};
  let look = async () => {};

  // A library may be out of reach for a moment.
  const attempt = (work) => work().catch(() => newsdesk.say(_("Your conversations cannot be reached; try again in a moment.")));

  async function refresh() {
    heads = (await database.heads()).sort((one, other) => (one.when < other.when ? 1 : -1));
    await look();
  }

  async function changed() {
    await refresh();
    others?.postMessage("changed");
  }

  async function tidy() {
    let characters = 0;
    const gone = heads.filter((head, place) => (characters += head.size) > MOST_CHARACTERS || place >= MOST);
    if (!gone.length) return;
    await database.remove(gone.map((head) => head.id));
    await changed();
  }

  // --- the conversation of this tab ------------------------------------------------------------------------------------

  let current = "";
  // So many answers of each conversation this tab knows of; where another tab has gone on, ours becomes one of its own.
  const known = new Map();
  const renamed = new Map();

  // From the moment another conversation is asked for until it is there, what still comes belongs to the former one.
  let leaving = false;

  const ownName = () => [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  // One at a time: each must know what the one before has kept.
  let last = Promise.resolve();
  const inTurn = (work) => (last = last.then(work, work));

  async function keep(session, turns) {
    if (!turns.length) return;
    const text = turns.map((turn) => `${turn.question} ${turn.text}`).join(" ").toLowerCase();
    const size = turns.reduce((sum, turn) => sum + turn.turn.length + turn.markdown.length + turn.text.length, 0);
    const when = new Date().toISOString();
    const put = (id) => {
      const name = heads.find((one) => one.id === id)?.name ?? [...turns[0].question].slice(0, 120).join("");
      return database.put({ id, name, when, count: turns.length, text, size }, turns, known.get(id) ?? 0);
    };
    let id = renamed.get(session) ?? session;
    if (!(await put(id))) {
      id = ownName();
      renamed.set(session, id);
      await put(id);
    }
    known.set(id, turns.length);
    await changed();
    await tidy();
    if (leaving) return;
    current = id;
    address.go({ conversation: id }, { replace: true });
    draw();
  }

  newsdesk.began = (session) => {
    const id = renamed.get(session) ?? session;
    if (leaving || id === current) return;
    current = id;
    address.go({ conversation: id }, { replace: true });
  };

  function sendable(turns) {
    const kept = [];
    let room = MOST_SENT;
    for (const turn of [...turns].reverse()) {
      // As it is sent: text in a list in JSON, which is a text in the request's JSON.
      room -= new TextEncoder().encode(JSON.stringify(JSON.stringify(turn.turn))).length;
      if (room < 0) break;
      kept.unshift(turn.turn);
    }
    return kept;
  }

  newsdesk.store = (element, props, trigger, watch) => {
    const arrived = () => {
      leaving = false;
      document.documentElement.classList.remove("nd-resuming");
    };

    function begin() {
      current = "";
      leaving = true;
      address.go({ view: "", conversation: "", article: "", quote: "" });
      trigger("clear", {});
      draw();
    }

    async function follow(place) {
      if (!database || place.conversation === current) return;
      const id = place.conversation;
      if (!id) {
        current = "";
        leaving = true;
        draw();
        return trigger("clear", {});
      }
      const turns = await database.body(id);
      if (address.here().conversation !== id) return;
      if (!turns.length) {
        arrived();
        newsdesk.say(database.isShared ? _("That conversation is not among yours.") : _("That conversation is not kept in this browser."));
        return address.go({ conversation: current }, { replace: true });
      }
      current = id;
      leaving = true;
      // What is too long to be sent whole goes on as a conversation of its own: the kept one stays as it is.
      const sent = sendable(turns);
      known.set(id, sent.length);
      renamed.delete(id);
      draw();
      trigger("select", { id, turns: JSON.stringify(sent) });
    }

    async function start(reader, library) {
      newsdesk.isReader(reader);
      const name = reader ? `newsdesk-${reader}` : "newsdesk";
      const own = await keeping.inBrowser(name).catch(keeping.inTab);
      database = library ? keeping.inLibrary() : own;
      if (library) {
        left = own;
        leftHeads = await own.heads();
        // Another browser may have gone on meanwhile.
        document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && attempt(refresh));
      }
      if (window.BroadcastChannel) {
        others = new BroadcastChannel(name);
        others.onmessage = () => attempt(refresh);
      }
      await refresh();
      await follow(address.here());
    }

    // What cannot be reached does not come: what is shown stays the conversation of this tab.
    const arriving = (work) => attempt(() => work().catch((error) => {
      arrived();
      throw error;
    }));

    address.follow((place) => arriving(() => follow(place)));
    document.addEventListener("click", (event) => {
      if (!event.target.closest("#nd-fresh")) return;
      begin();
    });
    watch("value", async () => {
      if (!props.value) return;
      const told = JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(props.value), (c) => c.charCodeAt(0))));
      if (told.kind === "hello") await arriving(() => start(told.reader, told.library));
      if (told.kind === "kept") await attempt(() => inTurn(() => keep(told.id, told.turns)));
      if (told.kind === "resumed") arrived();
    });
  };

  // --- the list --------------------------------------------------------------------------------------------------------

  const made = (tag, about = {}, ...children) => {
    const { data = {}, ...rest } = about;
    const node = Object.assign(document.createElement(tag), rest);
    if (tag === "button") node.type = "button";
    Object.assign(node.dataset, data);
    node.append(...children);
    return node;
  };

  const escaped = (text) => text.replace(/([\\`*_[\]<>#])/g, "\\$1");

  async function markdownOf(head) {
    const turns = await database.body(head.id);
    return [`# ${escaped(head.name)}`, ...turns.map((turn) => `## ${escaped(turn.question)}\n\n${turn.markdown}`)].join("\n\n");
  }

  // What this browser kept before conversations were kept in the library: moved where the reader asks for it.
  let left = null;
  let leftHeads = [];

  async function move() {
    let failure = null;
    for (const head of await left.heads()) {
      try {
        const turns = await left.body(head.id);
        // The library may have gone on with it under its id.
        const kept = (await database.put(head, turns, 0)) || (await database.put({ ...head, id: ownName() }, turns, 0));
        if (kept) await left.remove([head.id]);
      } catch (error) {
        failure = error;
      }
    }
    leftHeads = await left.heads();
    await changed();
    if (failure) throw failure;
  }

  async function forget(gone) {
    const bodies = await Promise.all(gone.map((head) => database.body(head.id)));
    await database.remove(gone.map((head) => head.id));
    await changed();
    if (gone.some((head) => head.id === current)) {
      current = "";
      document.querySelector("#nd-fresh").click();
    }
    const what = gone.length === 1 ? _("“{name}” is deleted.", { name: gone[0].name }) : _("{number} conversations are deleted.", { number: gone.length });
    newsdesk.say(what, _("Undo"), async () => {
      await attempt(() => Promise.all(gone.map((head, place) => database.put(head, bodies[place], 0))).then(changed));
      document.querySelector(`.nd-talk[data-talk="${gone[0].id}"]`)?.focus();
    });
  }

  newsdesk.closeRail = () => {
    const rail = document.querySelector("#nd-rail");
    if (rail?.matches(":popover-open")) rail.hidePopover();
  };

  newsdesk.rail = (element) => {
    const list = element.querySelector("[data-list]");
    const search = element.querySelector("[data-search]");
    const ends = element.querySelector("[data-ends]");
    const nothing = element.querySelector("[data-nothing]");
    const offer = element.querySelector("[data-left]");
    // As the page writes its dates everywhere.
    const when = (head) => new Date(head.when).toLocaleString(document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });

    const entry = (head) => {
      const link = made("a", { href: address.to({ view: "", conversation: head.id, article: "", quote: "" }), className: "nd-talk", data: { talk: head.id } },
        made("span", { textContent: head.name, dir: "auto" }), made("time", { textContent: when(head), dateTime: head.when }));
      if (head.id === current) link.setAttribute("aria-current", "page");
      const summary = made("summary", { textContent: "⋯" });
      summary.setAttribute("aria-label", _("More: {name}", { name: head.name }));
      const more = made("details", { className: "nd-more" }, summary, made("p", {},
        ...[[_("Rename"), "rename"], [_("Export"), "export"], [_("Delete"), "delete"]].map(([label, act]) => made("button", { textContent: label, data: { act, id: head.id } }))));
      return made("li", {}, link, more);
    };

    // The ids of those that hold the words searched for; null where none are.
    let holding = null;

    draw = () => {
      const found = holding ? heads.filter((head) => holding.has(head.id)) : heads;
      const had = document.activeElement;
      const item = had.closest("[data-list] > li");
      const place = [...list.children].indexOf(item);
      list.replaceChildren(...found.map(entry));
      nothing.textContent = found.length ? "" : holding ? _("Nothing holds these words.") : _("No conversations yet.");
      ends.hidden = !heads.length;
      offer.hidden = !leftHeads.length;
      // The list is made anew: who reads it by keyboard stays where they were in it, or where that was.
      const [same, near] = [item?.querySelector("[data-id]").dataset.id, list.children[Math.min(place, list.children.length - 1)]];
      if (item) (list.querySelector(`[data-talk="${same}"]`) ?? near?.querySelector(".nd-talk") ?? search).focus({ preventScroll: true });
      else if (element.contains(had) && !had.checkVisibility()) search.focus();
      offer.firstElementChild.textContent = leftHeads.length === 1 ? _("Move 1 conversation of this browser here") : _("Move {number} conversations of this browser here", { number: leftHeads.length });
      const open = heads.find((head) => head.id === current);
      document.title = open ? `${open.name} · Newsdesk` : "Newsdesk";
    };

    look = async () => {
      const asked = search.value;
      const words = asked.toLowerCase().split(/\s+/).filter(Boolean).slice(0, 20);
      const found = words.length && database ? new Set(await database.holding(words)) : null;
      if (search.value !== asked) return;
      holding = found;
      draw();
    };

    function rename(head, item) {
      const field = made("input", { value: head.name, maxLength: 120, dir: "auto", data: { id: head.id } });
      field.setAttribute("aria-label", _("New name"));
      const end = async (take) => {
        field.onblur = null;
        const name = field.value.trim();
        await attempt(async () => {
          if (take && name) await database.rename(head, name);
          await changed();
        });
        list.querySelector(`[data-talk="${head.id}"]`)?.focus();
      };
      field.onblur = () => end(true);
      field.onkeydown = (event) => {
        if (event.key === "Enter") end(true);
        if (event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        end(false);
      };
      item.replaceChildren(field);
      field.select();
    }

    element.addEventListener("click", async (event) => {
      const link = event.target.closest("[data-talk]");
      if (link) {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        newsdesk.closeRail();
        return address.go({ view: "", conversation: link.dataset.talk, article: "", quote: "" });
      }
      const button = event.target.closest("[data-act]");
      if (!button) return;
      const head = heads.find((one) => one.id === button.dataset.id);
      const { act } = button.dataset;
      if (act === "rename") rename(head, button.closest("li"));
      await attempt(async () => {
        if (act === "export") newsdesk.save("conversation.md", await markdownOf(head));
        if (act === "delete") await forget([head]);
        if (act === "export-all") newsdesk.save("conversations.md", (await Promise.all(heads.map(markdownOf))).join("\n\n---\n\n"));
        if (act === "delete-all") await forget([...heads]);
        if (act === "move") await inTurn(move);
      });
    });
    // One small menu at a time, and none that stays open behind the reader's back.
    document.addEventListener("click", (event) => element.querySelectorAll(".nd-more[open]").forEach((more) => {
      if (more.contains(event.target) && !event.target.closest("[data-act]")) return;
      if (more.contains(document.activeElement)) more.firstElementChild.focus({ preventScroll: true });
      more.open = false;
    }));
    // The server reads the choice with the next request: the page is made anew in that language.
    element.querySelector("[data-language]").addEventListener("change", (event) => {
      document.cookie = `newsdesk_language=${event.target.value}; path=/; max-age=31536000; samesite=lax`;
      location.reload();
    });
    let soon = 0;
    search.addEventListener("input", () => {
      clearTimeout(soon);
      soon = setTimeout(() => attempt(look), database?.isShared ? 200 : 0);
    });
    draw();
  };
})();
