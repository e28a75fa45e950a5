/* Judging one at a time by keys: a code's key chooses it, 0 or - says none, Enter saves, ← or Backspace goes back, → skips. */
(function () {
  "use strict";

  function typing(node) {
    return /^(TEXTAREA|SELECT)$/.test(node.tagName) || (node.tagName === "INPUT" && !/^(radio|checkbox)$/.test(node.type));
  }
  function on(node, selector) {
    return node.closest && node.closest(selector);
  }

  function choose(form, label) {
    var input = label.querySelector("input");
    if (input.type === "radio") input.checked = true;
    else input.checked = !input.checked;
    input.focus();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  document.addEventListener("keydown", function (event) {
    var form = document.querySelector("#item form[data-judge]"), item = document.getElementById("item");
    if (!item || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    var node = event.target, key = event.key;
    if (typing(node)) {
      if (key === "Escape" && item.contains(node)) node.blur();
      return;
    }
    var arrows = node.type === "radio";
    var link = key === "Backspace" || (key === "ArrowLeft" && !arrows) ? "[data-back]" : key === "ArrowRight" && !arrows ? "[data-skip]" : "";
    if (link) {
      link = item.querySelector(link);
      if (link) { event.preventDefault(); link.click(); }
      return;
    }
    if (!form) return;
    if (key === "Enter") {
      if (on(node, "a, button, summary, select")) return;
      event.preventDefault();
      form.requestSubmit();
      return;
    }
    if (key === "r" && form.elements.why && !form.querySelector('[data-key="r"]')) {
      event.preventDefault();
      form.elements.why.focus();
      return;
    }
    var label = key.length === 1 && form.querySelector('[data-key="' + CSS.escape(key === "-" ? "0" : key.toLowerCase()) + '"]');
    if (!label) return;
    event.preventDefault();
    choose(form, label);
  });

  /* "None applies" and a code exclude each other; choosing from the list of other codes chooses "another". */
  document.addEventListener("change", function (event) {
    var form = on(event.target, "form[data-judge]");
    if (!form) return;
    if (event.target.matches("[data-other]")) form.querySelector('input[value="other"]').checked = true;
    if (event.target.type !== "checkbox" || !event.target.checked) return;
    var none = event.target.hasAttribute("data-none");
    form.querySelectorAll('input[type="checkbox"]').forEach(function (one) {
      if (one !== event.target && (none || one.hasAttribute("data-none"))) one.checked = false;
    });
  });

  /* Once another item stands there: the reader of a screen begins at its head; what was saved is told. */
  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.target.id !== "item" && !(event.detail.elt && event.detail.elt.id === "item")) return;
    var head = document.getElementById("item-title"), said = document.querySelector("#item [data-said]");
    if (head) head.focus({ preventScroll: false });
    var text = said && said.textContent.trim();
    if (text) { said.textContent = ""; setTimeout(function () { said.textContent = text; }, 150); }
    if (head) head.scrollIntoView({ block: "nearest" });
  });
})();
