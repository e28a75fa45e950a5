/* What every page needs: faults told, notices that leave, undo by keys. Other scripts find their tools in window.weness. */
(function () {
  "use strict";
  var notices = document.getElementById("notices");

  function notice(text, isFault) {
    var line = document.createElement("p");
    line.className = "notice" + (isFault ? " error" : "");
    if (isFault) line.setAttribute("role", "alert");
    line.textContent = text;
    notices.append(line);
    fade(line);
  }
  function fade(line) {
    setTimeout(function () { line.remove(); }, line.classList.contains("error") ? 12000 : 5000);
  }
  notices.querySelectorAll(".notice").forEach(fade);
  new MutationObserver(function (seen) {
    seen.forEach(function (one) {
      one.addedNodes.forEach(function (node) { if (node.classList) fade(node); });
    });
  }).observe(notices, { childList: true });

  /* POSTs JSON and answers {ok, status, data}; a network that is gone is status 0. */
  async function send(address, body, method) {
    var answer;
    try {
      answer = await fetch(address, {
        method: method || "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": document.body.dataset.csrf },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
    } catch (error) {
      return { ok: false, status: 0, data: {} };
    }
    var data = {};
    try { data = await answer.json(); } catch (error) { /* a page, not JSON */ }
    return { ok: answer.ok, status: answer.status, data: data };
  }

  function isTyping(node) {
    return node && (node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName));
  }

  /* The words that a page put into <script type="application/json" id="...">. */
  function given(id) {
    var node = document.getElementById(id);
    return node ? JSON.parse(node.textContent) : {};
  }

  document.addEventListener("keydown", function (event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || isTyping(event.target)) return;
    var key = event.key.toLowerCase();
    var which = key === "z" && !event.shiftKey ? "undo" : key === "y" || (key === "z" && event.shiftKey) ? "redo" : "";
    var button = which && document.querySelector("button[data-" + which + "]");
    if (!button || button.disabled) return;
    event.preventDefault();
    button.click();
  });

  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
    var sure = event.target.closest && event.target.closest("[data-sure]");
    if (sure && !window.confirm(sure.dataset.sure)) event.preventDefault();
  });
  document.addEventListener("keydown", function (event) {
    var menu = event.key === "Escape" && document.querySelector("details.menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });

  window.weness = { notice: notice, send: send, isTyping: isTyping, given: given };
})();
