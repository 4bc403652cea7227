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

  function panel(element, props, watch) {
    const close = () => {
      props.value = "";
      document.querySelectorAll(".nd-open").forEach((button) => button.classList.remove("nd-open"));
      if (opener && opener.isConnected) opener.focus();
    };
    element.addEventListener("click", (event) => event.target.closest("[data-close]") && close());
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

  return { log, panel, date };
})();
