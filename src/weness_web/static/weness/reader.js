/* The reader's page as a whole: panels that fold, the bar below the text, and where it opens. */
(function () {
  "use strict";
  var reader = window.reader, given = reader.given, h = reader.h, button = reader.button, keyed = reader.keyed;
  var page = document.querySelector(".reader"), bar = document.getElementById("bar"), left = document.getElementById("left");

  /* --- panels --- */
  var narrow = window.matchMedia("(max-width: 68rem)");
  function toggle(name, open) {
    var panel = document.getElementById(name), now = open === undefined ? panel.hidden : open;
    panel.hidden = !now;
    page.classList.toggle("no-" + name, !now);
    page.querySelectorAll("[data-panel=" + name + "]").forEach(function (one) { one.setAttribute("aria-expanded", now ? "true" : "false"); });
    if (now && narrow.matches) toggle(name === "codes" ? "segments" : "codes", false);
  }
  page.querySelectorAll("[data-panel]").forEach(function (one) { one.addEventListener("click", function () { toggle(one.dataset.panel); }); });
  function fold() { ["codes", "segments"].forEach(function (name) { toggle(name, !narrow.matches); }); }
  narrow.addEventListener("change", fold);
  fold();
  reader.on("open", function (name) { toggle(name, true); });
  reader.on("given", function () { if (narrow.matches) toggle("codes", false); });
  reader.root.addEventListener("click", function () { if (narrow.matches) fold(); });
  reader.on("close", function () { if (narrow.matches) fold(); });

  /* --- the bar: what is at hand, and what can be done with it --- */
  function fill() {
    var here = reader.passage;
    bar.hidden = !here;
    page.classList.toggle("has-bar", !!here);
    if (!here) return;
    var row = here.row && here.row.code ? here.row : null, state = row && row.is === "suggestion" ? reader.stateOf(row) : "";
    var one = state === "rejected" || state === "taken" ? null : row, words = reader.wordsAt(here.start, here.end);
    var parts = [h("p", { class: "at" }, [
      one ? h("span", { class: "dot" + (one.is === "suggestion" ? " hollow" : ""), colour: reader.codeOf(one.code).colour, "aria-hidden": "true" }) : null,
      one ? h("b", {}, reader.codeOf(one.code).title) : null,
      one && one.is === "suggestion" ? " " + reader.percent(one.chance) : null,
      state === "rejected" ? h("span", {}, reader.say("rejected", { code: reader.codeOf(row.code).title })) : null,
      h("span", { class: "quote", lang: reader.root.lang }, words.length > 90 ? words.slice(0, 60) + " … " + words.slice(-25) : words),
    ])];
    var open = reader.openSuggestion(), whom = reader.whom(here);
    if (given.may_code) {
      var acts = h("div", { class: "acts" });
      if (open) acts.append(
        button(keyed(reader.say("accept"), "a"), function () { reader.accept(open); }, { class: "main" }),
        button(keyed(reader.say("reject"), "x"), function () { reader.reject(open); })
      );
      var no = state === "rejected" && reader.rejectionOf(row), cut = reader.splittable(here);
      if (no && no.coder === given.me) acts.append(button(reader.say("reopen"), function () { reader.reopen(row); }));
      reader.joinable(here).forEach(function (list) {
        acts.append(button(reader.say("merge_code", { n: list.length, code: reader.codeOf(list[0].code).title }), function () { reader.merge(list); }));
      });
      if (cut) acts.append(button(reader.say("split_code", { code: reader.codeOf(cut.code).title }), function () { reader.split(cut); }));
      acts.append(button(keyed(reader.say("choose_code"), "/"), function () { reader.tell("find", ""); }));
      if (!whom) reader.lastUsed().slice(0, 4).forEach(function (id, n) {
        var code = reader.codeOf(id);
        acts.append(button([h("span", { class: "dot", "aria-hidden": "true" }), code.title + " ", h("kbd", { "aria-hidden": "true" }, String(n + 1))], function () { reader.give(id); }, { class: "chip", colour: code.colour }));
      });
      parts.push(whom || "", acts);
    }
    bar.replaceChildren.apply(bar, parts);
  }
  ["passage", "rows", "used"].forEach(function (name) { reader.on(name, fill); });
  /* Notices stand above the bar, however high it is. */
  new ResizeObserver(function () { document.documentElement.style.setProperty("--bar", bar.offsetHeight + "px"); }).observe(bar);

  function counted() {
    var n = reader.undecided().length;
    left.textContent = reader.say(n === 1 ? "to_decide_one" : n ? "to_decide" : "all_decided", { n: n });
  }
  reader.on("rows", counted);
  counted();

  /* --- buttons above the text --- */
  var ACTS = {
    "sentence-before": function () { reader.moveSentence(-1); }, "sentence-after": function () { reader.moveSentence(1); },
    "mention-before": function () { reader.nextMention(false); }, "mention-after": function () { reader.nextMention(true); },
    "open-after": function () { reader.nextOpen(true); },
    keys: function () { document.getElementById("keys-dialog").showModal(); },
    all: function () { reader.show({ only: "" }); },
  };
  page.querySelectorAll("[data-act]").forEach(function (one) { one.addEventListener("click", ACTS[one.dataset.act]); });
  page.querySelectorAll("[data-show]").forEach(function (box) {
    box.addEventListener("change", function () { var change = {}; change[box.dataset.show] = box.checked; reader.show(change); });
  });
  var only = document.getElementById("only");
  reader.on("shown", function () {
    only.hidden = !reader.shown.only;
    if (reader.shown.only) only.querySelector("span").textContent = reader.say("only", { code: reader.codeOf(reader.shown.only).title });
  });
  document.querySelectorAll("dialog [data-close]").forEach(function (one) { one.addEventListener("click", function () { one.closest("dialog").close(); }); });
  var single = document.getElementById("single-keys");
  single.checked = !reader.keysOff();
  single.addEventListener("change", function () { reader.setKeysOff(!single.checked); });

  /* --- read in full --- */
  var boxes = Array.from(page.querySelectorAll("[data-family]"));
  function mine() { return Array.from(reader.rows.reading.values()).find(reader.isMine); }
  function readings() {
    var own = mine();
    boxes.forEach(function (box) { box.checked = !!own && own.families.includes(box.dataset.family); });
    var others = Array.from(reader.rows.reading.values()).filter(function (one) { return !reader.isMine(one) && one.families.length; });
    document.getElementById("read-by").textContent = others.length ? reader.say("read_by", { names: others.map(function (one) { return one.coder; }).join(", ") }) : "";
  }
  boxes.forEach(function (box) {
    box.addEventListener("change", function () {
      var families = boxes.filter(function (one) { return one.checked; }).map(function (one) { return one.dataset.family; });
      var own = mine(), id = own ? own.id : reader.newId();
      reader.act("read", { families: families, new: id }, [{ table: "reading", id: id, row: families.length ? { document_id: given.document, coder: given.me, families: families } : null }]);
    });
  });
  reader.on("rows", readings);
  readings();

  /* --- where it opens --- */
  var asked = new URLSearchParams(location.search), at = parseInt(asked.get("at"), 10), code = asked.get("code");
  if (code && reader.codes.has(code)) reader.show({ only: code });
  if (at >= 0 && at < given.length) {
    var list = given.sentences, n = 0;
    while (n + 3 < list.length && list[n + 1] <= at) n += 2;
    var there = list.length && list[n] <= at && at < list[n + 1] ? { start: list[n], end: list[n + 1] } : { start: at, end: Math.min(given.length, at + 1) };
    reader.caret = at;
    reader.put({ start: there.start, end: there.end, is: "sentence" });
    history.scrollRestoration = "manual";
    reader.reach(there, true);
    var opened = reader.passage;
    setTimeout(function () { if (reader.passage === opened) reader.put(null); }, 4000);
  }
  reader.begin();
  performance.mark("reader-ready");
})();
