/* The codes at the left: counts, the box that finds them, and what is dropped on them. */
(function () {
  "use strict";
  var reader = window.reader;
  var panel = document.getElementById("codes"), find = document.getElementById("find"), hint = document.getElementById("find-hint");
  var items = Array.from(panel.querySelectorAll("li[data-code]"));
  var first = null;

  items.forEach(function (item) {
    var code = reader.codeOf(item.dataset.code), button = item.querySelector(".code");
    item.style.setProperty("--c", code.colour);
    button.addEventListener("click", function () { reader.give(code.id); leave(); });
    item.addEventListener("dragover", function (event) {
      if (!reader.passage) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      item.classList.add("over");
    });
    item.addEventListener("dragleave", function () { item.classList.remove("over"); });
    item.addEventListener("drop", function (event) {
      event.preventDefault();
      item.classList.remove("over");
      reader.give(code.id);
    });
    item.querySelector(".about").addEventListener("click", function () { reader.tell("memo", { kind: "code", thing: code.id, title: code.title, code: code }); });
  });

  function counted() {
    var counts = reader.counts();
    items.forEach(function (item) {
      var n = counts.get(item.dataset.code) || 0;
      item.querySelector(".n").textContent = n || "";
      item.querySelector(".about").classList.toggle("has", reader.memosOn("code", item.dataset.code).length > 0);
    });
  }

  function plain(text) { return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase(); }
  function filter() {
    var wanted = plain(find.value.trim());
    var found = items.filter(function (item) {
      var hits = !wanted || plain(reader.codeOf(item.dataset.code).title + " " + item.dataset.code.replaceAll("_", " ")).includes(wanted);
      item.hidden = !hits;
      return hits;
    });
    found.sort(function (a, b) { return rank(a, wanted) - rank(b, wanted); });
    choose(wanted ? found[0] : null);
    panel.querySelectorAll(".family").forEach(function (family) { family.hidden = !family.querySelector("li:not([hidden])"); });
    if (wanted) hint.textContent = found.length ? reader.say("enter_gives", { code: reader.codeOf(found[0].dataset.code).title, n: found.length }) : reader.say("no_code");
    else hint.textContent = "";
  }
  function rank(item, wanted) { return plain(reader.codeOf(item.dataset.code).title).startsWith(wanted) ? 0 : 1; }
  function choose(item) {
    if (first) first.classList.remove("first");
    first = item || null;
    if (first) { first.classList.add("first"); first.scrollIntoView({ block: "nearest" }); }
  }
  function move(step) {
    var seen = items.filter(function (item) { return !item.hidden; }), n = seen.indexOf(first);
    choose(seen[Math.max(0, Math.min(seen.length - 1, n + step))]);
    if (first) hint.textContent = reader.say("enter_gives", { code: reader.codeOf(first.dataset.code).title, n: seen.length });
  }
  function leave() {
    reader.tell("given");
    if (!find.value && document.activeElement !== find) return;
    find.value = "";
    filter();
    reader.root.focus({ preventScroll: true });
  }

  find.addEventListener("input", filter);
  find.addEventListener("keydown", function (event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); move(event.key === "ArrowDown" ? 1 : -1); }
    else if (event.key === "Enter" && first) { event.preventDefault(); var code = first.dataset.code; reader.give(code); leave(); }
    else if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); leave(); reader.root.focus({ preventScroll: true }); }
  });

  reader.on("find", function (why) {
    reader.tell("open", "codes");
    find.focus();
    find.select();
    hint.textContent = why || "";
  });
  reader.on("rows", counted);
  counted();
})();
