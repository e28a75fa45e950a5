/* Set-up: files sent one by one, each with its own answer; tables that stay in step; nothing lost when one file fails. */
(function () {
  "use strict";
  var weness = window.weness;
  var words = weness.given("setup-words");

  function say(name, facts) {
    var text = words[name] || name;
    Object.keys(facts || {}).forEach(function (key) { text = text.split("{" + key + "}").join(facts[key]); });
    return text;
  }
  function many(name, n) { return say(name + (n === 1 ? ".one" : ".many"), { n: n }); }

  /* ---- files: found in what was dropped or chosen ---- */

  var NOISE = /(^|\/)(\.[^/]*|thumbs\.db|desktop\.ini|__MACOSX)(\/|$)/i;

  function entryFiles(entry, base) {
    if (entry.isFile) {
      return new Promise(function (done) {
        entry.file(function (file) { done([{ file: file, path: base + file.name }]); },
          function () { done([{ file: null, path: base + entry.name, why: say("not_opened") }]); });
      });
    }
    var reader = entry.createReader(), inside = [];
    return new Promise(function (done) {
      (function more() {
        /* A browser gives at most a hundred entries at a time. */
        reader.readEntries(function (some) {
          if (some.length) { inside = inside.concat(Array.from(some)); more(); return; }
          Promise.all(inside.map(function (one) { return entryFiles(one, base + entry.name + "/"); }))
            .then(function (lists) { done(lists.flat()); });
        }, function () { done([{ file: null, path: base + entry.name, why: say("not_opened") }]); });
      })();
    });
  }

  /* A folder's own name is not part of its files' names: study.yaml tells them from inside. */
  function bared(found) {
    var tops = new Set(found.map(function (one) { return one.path.split("/")[0]; }));
    var inOne = tops.size === 1 && found.every(function (one) { return one.path.indexOf("/") > 0; });
    return found.filter(function (one) { return !NOISE.test(one.path); }).map(function (one) {
      return { file: one.file, why: one.why, path: inOne ? one.path.slice(one.path.indexOf("/") + 1) : one.path };
    });
  }

  /* ---- files: sent ---- */

  var drop = document.getElementById("drop");
  if (drop) setUpFiles();

  function setUpFiles() {
    var pick = document.getElementById("pick"), list = document.getElementById("outcomes"), box = document.getElementById("outcomes-box");
    var total = document.getElementById("total"), bar = total.querySelector("progress"), said = document.getElementById("total-said");
    var outcomeSaid = document.getElementById("outcome-said");
    var again = box.querySelector("[data-again]"), clear = box.querySelector("[data-clear]");
    var folder = document.createElement("input");
    var queue = [], failed = [], counts = null, isSending = false;
    folder.type = "file"; folder.webkitdirectory = true; folder.multiple = true; folder.hidden = true;
    folder.tabIndex = -1; folder.setAttribute("aria-hidden", "true");
    drop.append(folder);
    pick.hidden = true;
    drop.querySelector("[data-send]").hidden = true;
    [["[data-pick]", pick], ["[data-pick-folder]", folder]].forEach(function (pair) {
      var button = drop.querySelector(pair[0]);
      button.hidden = false;
      button.addEventListener("click", function () { pair[1].click(); });
      pair[1].addEventListener("change", function () {
        take(bared(Array.from(pair[1].files).map(function (file) { return { file: file, path: file.webkitRelativePath || file.name }; })));
        pair[1].value = "";
      });
    });
    drop.addEventListener("submit", function (event) { event.preventDefault(); });

    /* The whole page catches files, so that a near miss does not open them in the place of the page. */
    var over = 0;
    function hasFiles(event) { return event.dataTransfer && Array.from(event.dataTransfer.types).indexOf("Files") >= 0; }
    document.addEventListener("dragenter", function (event) { if (hasFiles(event)) { over += 1; drop.classList.add("over"); event.preventDefault(); } });
    document.addEventListener("dragover", function (event) { if (hasFiles(event)) event.preventDefault(); });
    document.addEventListener("dragleave", function (event) { if (hasFiles(event)) { over -= 1; if (over <= 0) drop.classList.remove("over"); } });
    document.addEventListener("drop", function (event) {
      if (!hasFiles(event)) return;
      event.preventDefault();
      over = 0; drop.classList.remove("over");
      var items = Array.from(event.dataTransfer.items || []).filter(function (one) { return one.kind === "file"; });
      var entries = items.map(function (one) { return one.webkitGetAsEntry ? one.webkitGetAsEntry() : null; });
      if (entries.length && entries.every(Boolean)) {
        Promise.all(entries.map(function (one) { return entryFiles(one, ""); })).then(function (lists) { take(bared(lists.flat())); });
      } else {
        take(bared(Array.from(event.dataTransfer.files).map(function (file) { return { file: file, path: file.name }; })));
      }
    });

    function take(found) {
      if (!found.length) { weness.notice(say("nothing_found"), true); return; }
      if (!counts) counts = { sent: 0, of: 0, bytes: 0, ofBytes: 0, taken: 0, refused: 0, waiting: 0 };
      box.hidden = false; total.hidden = false; clear.hidden = false;
      found.forEach(function (one) {
        one.row = one.row || newRow(one.path);
        if (!one.file) { told(one, { state: "refused", why: one.why }); return; }
        counts.of += 1; counts.ofBytes += one.file.size;
        show(one.row, "queued", say("queued"), "");
        queue.push(one);
      });
      if (!isSending) next();
    }

    function newRow(path) {
      var row = document.createElement("li");
      [["state-word", ""], ["file", path], ["why", ""]].forEach(function (pair) {
        var part = document.createElement("span");
        part.className = pair[0]; part.textContent = pair[1]; row.append(part);
      });
      list.append(row);
      return row;
    }
    function show(row, state, word, why) {
      row.className = state;
      row.querySelector(".state-word").textContent = word;
      row.querySelector(".why").textContent = why || "";
      row.querySelectorAll("progress, button").forEach(function (one) { one.remove(); });
    }

    function next() {
      var one = queue.shift();
      if (!one) { finish(); return; }
      isSending = true;
      again.hidden = true;
      var request = new XMLHttpRequest(), form = new FormData(), own = document.createElement("progress");
      show(one.row, "sending", say("sending"), "");
      own.max = one.file.size || 1; own.value = 0; own.setAttribute("aria-label", one.path);
      one.row.append(own);
      form.append("path", one.path);
      form.append("files", one.file, one.file.name);
      request.open("POST", drop.action);
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("X-CSRFToken", document.body.dataset.csrf);
      request.upload.addEventListener("progress", function (event) { own.value = Math.min(event.loaded, own.max); tally(event.loaded); });
      request.addEventListener("loadend", function () {
        var data = {};
        try { data = JSON.parse(request.responseText); } catch (error) { /* no answer, or a page */ }
        counts.sent += 1; counts.bytes += one.file.size;
        if (request.status === 200) told(one, data);
        else lost(one, data.fault || say(request.status ? "no_answer" : "no_connection"));
        tally(0);
        next();
      });
      request.send(form);
    }
    function tally(now) {
      bar.max = counts.ofBytes || 1;
      bar.value = counts.bytes + now;
      said.textContent = say("progress", { done: counts.sent, all: counts.of });
    }
    function told(one, data) {
      var inside = data.files || [];
      counts[data.state] = (counts[data.state] || 0) + (inside.length ? 0 : 1);
      show(one.row, data.state, say(data.state), inside.length ? many("of_zip", inside.length) : data.why);
      if (data.file && !inside.length) one.row.querySelector(".file").textContent = data.file;
      inside.forEach(function (inner) {
        counts[inner.state] = (counts[inner.state] || 0) + 1;
        show(newRow(inner.file), inner.state, say(inner.state), inner.why);
      });
    }
    function lost(one, why) {
      failed.push(one);
      show(one.row, "broken", say("broken"), why);
      var button = document.createElement("button");
      button.type = "button"; button.textContent = say("again");
      button.addEventListener("click", function () { retry([one]); });
      one.row.append(button);
    }
    function retry(some) {
      failed = failed.filter(function (one) { return some.indexOf(one) < 0; });
      take(some);
    }
    again.addEventListener("click", function () { retry(failed.slice()); });
    clear.addEventListener("click", function () {
      if (isSending) return;
      list.textContent = ""; failed = []; box.hidden = true; total.hidden = true; outcomeSaid.textContent = "";
      drop.querySelector("[data-pick]").focus();
    });

    async function finish() {
      var kept = counts;
      isSending = false; counts = null;
      again.hidden = failed.length < 2;
      if (!kept) return;
      said.textContent = say("drafting");
      bar.removeAttribute("value");
      var summary = [["taken", kept.taken], ["waiting", kept.waiting], ["refused", kept.refused], ["broken", failed.length]]
        .filter(function (pair) { return pair[1]; }).map(function (pair) { return many("n_" + pair[0], pair[1]); }).join(" ");
      var answer = kept.taken || kept.waiting ? await weness.send(drop.dataset.done, {}) : { ok: true, data: {} };
      total.hidden = true;
      /* What needs a look stands on top. */
      Array.from(list.querySelectorAll(".refused, .broken")).reverse().forEach(function (row) { list.prepend(row); });
      list.scrollTop = 0;
      if (kept.taken || kept.waiting) drop.classList.add("is-small");
      outcomeSaid.textContent = summary + " " + (answer.ok ? answer.data.said || "" : answer.data.fault || say("no_connection"));
      var title = document.querySelector(".study-name a");
      if (answer.data.title && title) title.textContent = answer.data.title;
      ["weness-filled", "weness-imports", "weness-changed"].forEach(function (name) { window.htmx.trigger(document.body, name); });
    }
    window.addEventListener("beforeunload", function (event) { if (isSending) event.preventDefault(); });
  }

  /* ---- tables ---- */

  /* A table with an open form waits: nobody's typing is swept away. */
  function refresh(except) {
    document.querySelectorAll("[data-refresh]").forEach(function (one) {
      if (one !== except && !one.querySelector(".editing")) window.htmx.trigger(one, "refresh");
    });
  }
  document.body.addEventListener("weness-settled", function () { refresh(null); });
  document.body.addEventListener("weness-rows", function (event) {
    var from = event.target.closest && event.target.closest("[data-refresh]");
    refresh(from);
  });

  var TICKS = "input[name=key][form^=many-]";
  document.addEventListener("change", function (event) {
    if (!event.target.matches("[data-all], " + TICKS)) return;
    var list = event.target.closest("[data-refresh]"), bar = list.querySelector(".many");
    if (event.target.matches("[data-all]")) {
      list.querySelectorAll(TICKS).forEach(function (one) { one.checked = event.target.checked; });
    }
    bar.classList.toggle("on", Boolean(list.querySelector(TICKS + ":checked")));
  });

  /* Where one was is where one goes on: into the form that opened, back to the row that was saved. */
  var last = "";
  document.body.addEventListener("htmx:beforeRequest", function (event) {
    var row = event.target.closest && event.target.closest("tr");
    if (row && row.id) last = row.id;
  });
  document.body.addEventListener("htmx:afterSettle", function (event) {
    var target = event.target;
    var form = target.classList && target.classList.contains("editing") ? target : target.querySelector && target.querySelector(".editing");
    if (form) {
      var first = form.querySelector("input:not([type=hidden]), select");
      if (first && !form.contains(document.activeElement)) first.focus();
      return;
    }
    if (target.id === "found") { target.querySelector("h2").focus(); return; }
    if (document.activeElement !== document.body) return;
    var row = last && document.getElementById(last);
    var link = row && row.querySelector("a.button");
    if (link) link.focus({ preventScroll: true });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && event.target.closest) {
      var form = event.target.closest(".editing");
      if (form) form.querySelector("[data-cancel]").click();
    }
    /* A link that looks and acts like a button answers to the space bar. */
    if (event.key === " " && event.target.matches && event.target.matches("a[role=button]")) { event.preventDefault(); event.target.click(); }
  });
})();
