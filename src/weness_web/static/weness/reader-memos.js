/* Memos on a code, a coding or the text, in one dialog; a code's meaning stands above its memos. */
(function () {
  "use strict";
  var reader = window.reader, given = reader.given, h = reader.h;
  var dialog = document.getElementById("memo-dialog"), body = dialog.querySelector(".body"), title = dialog.querySelector("h2");
  var about = null;
  var PARTS = ["definition", "when", "when_not", "examples", "counter_examples"];

  function meaning(code) {
    var parts = PARTS.filter(function (part) { return code[part]; });
    return parts.length ? h("dl", { class: "meaning" }, parts.flatMap(function (part) { return [h("dt", {}, reader.say(part)), h("dd", {}, code[part])]; })) : null;
  }
  function one(memo) {
    var mine = memo.by === given.me;
    if (!mine) return h("li", { class: "card" }, [h("p", { class: "by" }, memo.by), h("p", { class: "memo-text" }, memo.text)]);
    var area = h("textarea", { "aria-label": reader.say("memo") });
    area.value = memo.text;
    return h("li", { class: "card" }, [
      h("p", { class: "by" }, reader.say("you")), area,
      h("div", { class: "answers" }, [
        reader.button(reader.say("save"), function () { write(memo, area.value); }),
        reader.button(reader.say("delete"), function () { write(memo, ""); }, { class: "danger" }),
      ]),
    ]);
  }
  function write(memo, text) {
    reader.act("memo", { id: memo.id, text: text.trim() }, [{ table: "memo", id: memo.id, row: text.trim() ? Object.assign({}, memo, { text: text.trim() }) : null }]);
  }
  function add(area) {
    var text = area.value.trim(), id = reader.newId();
    if (!text) { area.focus(); return; }
    reader.act("memo", { kind: about.kind, thing: about.thing, text: text, new: id },
      [{ table: "memo", id: id, row: { kind: about.kind, thing: about.thing, by: given.me, text: text } }]);
  }
  function fill() {
    if (!about) return;
    var area = h("textarea", { id: "new-memo" }), list = reader.memosOn(about.kind, about.thing);
    title.textContent = about.title;
    body.replaceChildren.apply(body, [
      about.code ? meaning(about.code) : "",
      about.code ? reader.button(reader.say(reader.shown.only === about.thing ? "show_all" : "show_only"), function () {
        reader.show({ only: reader.shown.only === about.thing ? "" : about.thing });
        dialog.close();
      }) : "",
      list.length ? h("h3", {}, reader.say("memos")) : "",
      list.length ? h("ul", { class: "memo-list" }, list.map(one)) : "",
      h("div", { class: "field" }, [h("label", { for: "new-memo" }, reader.say("new_memo")), area]),
      h("div", { class: "answers" }, [reader.button(reader.say("add"), function () { add(area); }, { class: "main" })]),
    ].filter(Boolean));
  }
  reader.on("memo", function (what) {
    about = what;
    fill();
    dialog.showModal();
    var area = body.querySelector("#new-memo");
    if (!what.code) area.focus();
  });
  function marked() {
    var n = reader.memosOn("document", given.file).length;
    document.getElementById("text-memo").querySelector(".n").textContent = n || "";
  }
  reader.on("rows", function () { if (dialog.open) fill(); marked(); });
  dialog.addEventListener("close", function () { about = null; });
  document.getElementById("text-memo").addEventListener("click", function () {
    reader.tell("memo", { kind: "document", thing: given.file, title: given.file });
  });
  marked();
})();
