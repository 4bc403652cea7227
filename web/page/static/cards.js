// A card for each quote: shown while its number is pointed at or has the keyboard's focus, closed by Escape, and staying while
// the pointer is over it (WCAG 2.2, 1.4.13).
(() => {
  const WAIT = 120;
  let card = null;
  let number = null;
  let waiting = 0;

  function hide() {
    clearTimeout(waiting);
    card?.remove();
    number?.removeAttribute("aria-describedby");
    card = number = null;
  }

  function place() {
    const at = number.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = card;
    const left = Math.max(8, Math.min(at.left, innerWidth - width - 8));
    const above = at.top - height - 6;
    card.style.left = `${left}px`;
    card.style.top = `${above >= 8 ? above : at.bottom + 6}px`;
  }

  function show(button) {
    clearTimeout(waiting);
    if (button === number) return;
    hide();
    const held = [...document.querySelectorAll("[data-card]")].find((one) => one.dataset.card === button.dataset.open);
    if (!held) return;
    number = button;
    card = held.cloneNode(true);
    card.removeAttribute("data-card");
    card.id = "nd-quote-card";
    card.setAttribute("role", "tooltip");
    document.body.append(card);
    button.setAttribute("aria-describedby", card.id);
    place();
  }

  const later = (act) => { clearTimeout(waiting); waiting = setTimeout(act, WAIT); };
  const numberOf = (event) => event.target.closest?.(".nd-cite");

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    if (card?.contains(event.target)) return clearTimeout(waiting);
    const button = numberOf(event);
    if (button) return later(() => show(button));
    if (card || waiting) later(() => number !== document.activeElement && hide());
  });
  document.addEventListener("focusin", (event) => {
    const button = numberOf(event);
    if (button && button.matches(":focus-visible")) show(button);
    else if (!card?.contains(event.target)) hide();
  });
  document.addEventListener("focusout", (event) => event.target === number && hide());
  document.addEventListener("click", () => hide());
  addEventListener("scroll", () => hide(), { passive: true, capture: true });
  // Before anything else that Escape closes.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !card) return;
    event.stopImmediatePropagation();
    hide();
  }, true);
})();
