/* The segments at the right: all that is said of the passage at hand, or else of what is in view. */
(function () {
  "use strict";
  var reader = window.reader, given = reader.given, h = reader.h, button = reader.button, keyed = reader.keyed;
  var MOST = 30;
  var cards = document.getElementById("cards"), head = document.getElementById("segments-head"), note = document.getElementById("segments-note");
  var open = null, timer = 0;

  function soon() { clearTimeout(timer); timer = setTimeout(fill, 60); }

  function inView() {
    var top = firstAt(1);
    return { start: top, end: firstAt(-1) };
  }
  /* The first or last paragraph that is on the screen. */
  function firstAt(step) {
    var box = reader.root.getBoundingClientRect(), x = box.left + Math.min(box.width / 2, 200);
    var from = step > 0 ? Math.max(box.top, 0) : Math.min(box.bottom, innerHeight) - 1;
    for (var y = from; y >= 0 && y < innerHeight; y += step * 12) {
      var p = document.elementsFromPoint(x, y).map(function (node) { return node.closest("p[data-start]"); }).find(Boolean);
      if (p) return +p.dataset.start + (step > 0 ? 0 : reader.lengthOf(p));
    }
    return step > 0 ? 0 : given.length;
  }

  function fill() {
    var here = reader.passage, from = here || inView();
    var found = reader.touching(reader.codings(), from.start, from.end).concat(
      reader.touching(reader.suggestions(), from.start, from.end).filter(function (one) {
        var state = reader.stateOf(one);
        return state === "open" || (state === "rejected" && reader.shown.rejected);
      })
    );
    if (reader.shown.only) found = found.filter(function (one) { return one.code === reader.shown.only; });
    found.sort(function (a, b) { return rank(b, here) - rank(a, here) || a.start - b.start || a.end - b.end; });
    head.textContent = reader.say(here ? "of_passage" : "in_view");
    var list = document.createDocumentFragment();
    if (here && (here.is === "mention" || (reader.mentionAt(here.start, here.end) && !found.some(function (one) { return exact(one, here) && reader.isA(one.code); })))) list.append(bare(here));
    found.slice(0, MOST).forEach(function (one) { list.append(card(one, here)); });
    cards.replaceChildren(list);
    note.textContent = found.length > MOST ? reader.say("more", { n: found.length - MOST }) : found.length || list.childNodes.length || cards.childNodes.length ? "" : reader.say(here ? "nothing_here" : "nothing_in_view");
  }
  function exact(one, here) { return one.start === here.start && one.end === here.end; }
  function rank(one, here) { return !here ? 0 : one === here.row ? 2 : exact(one, here) ? 1 : 0; }

  function bare(here) {
    return h("li", { class: "card segment current" }, [
      h("h3", {}, reader.say("whom", { word: reader.wordsAt(here.start, here.end) })), h("p", { class: "by" }, reader.say(reader.isRefused(here) ? "refused_whom" : "undecided")),
    ]);
  }

  function card(one, here) {
    var code = reader.codeOf(one.code), isMachine = one.is === "suggestion", isCurrent = here && one === here.row;
    var words = reader.wordsAt(one.start, one.end);
    return h("li", { class: "card segment " + (isMachine ? "machine" : "person") + (isCurrent ? " current" : ""), colour: code.colour }, [
      h("h3", {}, [h("span", { class: "dot", "aria-hidden": "true" }), code.title]),
      h("button", { type: "button", class: "words", lang: reader.root.lang, on: function () { reader.pick(one); reader.tell("reach", one); } },
        words.length > 170 ? words.slice(0, 160) + "…" : words),
      isMachine ? said(one) : h("p", { class: "by" }, reader.isMine(one) ? reader.say("you") : one.coder),
      one.is === "coding" && one.why ? h("p", { class: "why" }, one.why) : null,
      isMachine ? answers(one) : one.is === "coding" ? tools(one) : null,
      one.is === "coding" ? memos(one) : null,
    ]);
  }
  function said(one) {
    return h("p", { class: "by" }, [
      h("span", { class: "likely" }, reader.say("likely", { n: reader.percent(one.chance) })), " ",
      one.why ? reader.say("because", { why: one.why }) : "",
    ]);
  }
  function answers(one) {
    var state = reader.stateOf(one), no = reader.rejectionOf(one);
    if (state === "rejected") {
      return h("p", { class: "answers" }, [h("s", {}, reader.say("rejected_by", { name: no.coder })), " ",
        no.coder === given.me ? button(reader.say("reopen"), function () { reader.reopen(one); }, { class: "plain" }) : null]);
    }
    return h("div", { class: "answers" }, [
      button(keyed(reader.say("accept"), "a"), function () { reader.accept(one); }, { class: "yes" }),
      button(keyed(reader.say("reject"), "x"), function () { reader.reject(one); }),
      button(keyed(reader.say("change"), "c"), function () { reader.pick(one); reader.tell("find", reader.say("change_to", { code: reader.codeOf(one.code).title })); }),
    ]);
  }

  function tools(one) {
    if (!reader.isMine(one)) {
      var has = reader.codings().some(function (other) { return reader.isMine(other) && exact(other, one) && other.code === one.code; });
      return h("div", { class: "answers" }, [
        has ? null : button(reader.say("me_too"), function () { reader.pick(one); reader.give(one.code); }, { class: "plain" }), memoButton(one),
      ]);
    }
    var list = reader.mergeable(one);
    var box = h("div", { class: "answers" }, [
      button(keyed(reader.say("recode"), "r"), function () { reader.pick(one); reader.startRecoding(one); }, { class: "plain" }),
      one.end - one.start > 2 ? button(reader.say("split"), function () { reader.split(one); }, { class: "plain", title: reader.say("split_where") }) : null,
      list.length > 1 ? button(reader.say("merge", { n: list.length }), function () { reader.merge(list); }, { class: "plain" }) : null,
      Object.keys(reader.codeOf(one.code).fields || {}).length ? button(reader.say("details"), function () { open = open === one.id ? null : one.id; fill(); }, { class: "plain", "aria-expanded": open === one.id ? "true" : "false" }) : null,
      memoButton(one),
      button(reader.say("remove"), function () { reader.remove(one); }, { class: "plain danger" }),
    ]);
    return h("div", {}, [box, open === one.id ? reader.fieldsForm(one, function () { open = null; fill(); }) : reader.fieldsLine(one)]);
  }
  function memoButton(one) {
    return button(reader.say("memo"), function () { reader.tell("memo", { kind: "coding", thing: one.id, title: reader.codeOf(one.code).title }); }, { class: "plain" });
  }
  function memos(one) {
    var list = reader.memosOn("coding", one.id);
    return list.length ? h("ul", { class: "memos" }, list.map(function (memo) { return h("li", {}, [h("b", {}, memo.by + ": "), memo.text]); })) : null;
  }

  ["rows", "passage", "shown"].forEach(function (name) { reader.on(name, soon); });
  reader.on("view", function () { if (!reader.passage) soon(); });
  window.addEventListener("scroll", function () { if (!reader.passage) { clearTimeout(timer); timer = setTimeout(fill, 200); } }, { passive: true });
  soon();
})();
