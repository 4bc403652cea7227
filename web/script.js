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

  function log(element, trigger, watch) {
    let turns = 0;
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-open], [data-ask]");
      if (!button) return;
      if (button.dataset.ask) return trigger("input", { question: button.dataset.ask });
      opener = button;
      const shown = document.querySelector(".nd-paper");
      if (shown && shown.dataset.reference === button.dataset.open) return showMark();
      trigger("select", { reference: button.dataset.open });
    });
    watch("value", () => {
      const all = element.querySelectorAll(".nd-turn");
      if (all.length > turns) all[all.length - 1].scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
      turns = all.length;
    });
  }

  function views(element) {
    const tabs = [...element.querySelectorAll("[role=tab]")];
    const show = (tab) => {
      document.querySelector("#nd-main").dataset.view = tab.dataset.view;
      tabs.forEach((one) => {
        one.setAttribute("aria-selected", String(one === tab));
        one.tabIndex = one === tab ? 0 : -1;
      });
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
      opener = button;
      const shown = document.querySelector(".nd-paper");
      if (shown && shown.dataset.reference === button.dataset.open) return showMark();
      trigger("select", { reference: button.dataset.open });
    });
  }

  // The file is made here, from what the page was sent: nothing is written on the server.
  function download(element, props, watch) {
    watch("value", () => {
      if (!props.value) return;
      const made = JSON.parse(atob(props.value));
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([made.content], { type: "text/plain;charset=utf-8" }));
      link.download = made.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
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
      const button = event.target.closest("[data-summarise]");
      if (!button) return;
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

  return { log, panel, date, views, briefing, download };
})();
