/* The board by hand: cards are dragged between columns. By keys the buttons on each card do the same. */
(function () {
  "use strict";
  var said = window.weness.given("board-words");
  var told = document.getElementById("board-told");
  var held = null;
  var after = null;

  function columnOf(event) { return event.target.closest && event.target.closest(".column"); }
  function clear() {
    document.querySelectorAll(".column.over").forEach(function (one) { one.classList.remove("over"); });
  }

  document.addEventListener("dragstart", function (event) {
    held = event.target.closest && event.target.closest(".moving");
    if (!held) return;
    held.classList.add("held");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", held.dataset.title);
  });
  document.addEventListener("dragover", function (event) {
    var column = held && columnOf(event);
    clear();
    if (!column) return;
    event.preventDefault();
    column.classList.add("over");
  });
  document.addEventListener("drop", function (event) {
    var column = held && columnOf(event);
    if (!column) return;
    event.preventDefault();
    if (held.closest(".column") === column) return;
    after = { focus: held.id, text: said.moved.replace("TITLE", held.dataset.title).replace("COLUMN", said[column.dataset.state]) };
    window.htmx.ajax("POST", held.dataset.move, { target: "#board", swap: "outerHTML", values: { state: column.dataset.state } });
  });
  document.addEventListener("dragend", function () {
    if (held) held.classList.remove("held");
    held = null;
    clear();
  });

  /* After a move the focus stays on what was moved, and is told where it is now. */
  document.body.addEventListener("htmx:beforeRequest", function (event) {
    var form = event.detail.elt;
    var button = form.tagName === "FORM" && form.querySelector("button[data-of]");
    if (!button) return;
    var card = form.closest(".moving");
    var state = form.elements.state && form.elements.state.value;
    var text = state ? said.moved.replace("TITLE", card.dataset.title).replace("COLUMN", said[state]) : said.saved;
    after = { focus: button.dataset.of, text: text };
  });
  document.body.addEventListener("htmx:afterSwap", function (event) {
    if (!after || !(event.detail.target && event.detail.target.id === "board")) return;
    var there = document.getElementById(after.focus);
    if (there) {
      if (!there.hasAttribute("tabindex")) there.tabIndex = -1;
      there.focus({ preventScroll: false });
    }
    told.textContent = after.text;
    after = null;
  });
})();
