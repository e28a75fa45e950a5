/* Hands on the text: selecting, clicking, the sentence cursor, and the keys. */
(function () {
  "use strict";
  var reader = window.reader, given = reader.given, root = reader.root;
  var sentences = given.sentences, live = document.getElementById("spoken");
  var cursor = -1, anchor = -1, timer = 0;
  var OFF = "weness.keys.off";
  var keyed = {};
  reader.codes.forEach(function (code) { if (code.key) keyed[code.key] = code.id; });

  function off() { try { return localStorage.getItem(OFF) === "1"; } catch (error) { return false; } }
  function speak(text) { live.textContent = ""; setTimeout(function () { live.textContent = text; }, 30); }
  reader.on("spoken", speak);

  /* --- mouse and finger --- */
  document.addEventListener("selectionchange", function () {
    clearTimeout(timer);
    timer = setTimeout(function () {
      var chosen = reader.selected();
      if (chosen && !(reader.passage && reader.passage.start === chosen.start && reader.passage.end === chosen.end)) {
        reader.put({ start: chosen.start, end: chosen.end, is: "selection" });
      }
    }, 120);
  });
  root.addEventListener("click", function (event) {
    if (reader.selected() || event.target.closest(".stripes")) return;
    var point = reader.pointUnder(event.clientX, event.clientY);
    reader.caret = point;
    if (point < 0) { reader.put(null); return; }
    cursor = anchor = sentenceUnder(point);
    var hits = reader.touching(reader.codings().concat(reader.suggestions()), point, point + 1).filter(reader.isShown);
    var mention = reader.touching(reader.mentions, point, point + 1)[0];
    if (mention && (mention.of === "self" || reader.known(mention) !== mention)) { reader.pick(reader.known(mention)); return; }
    hits.sort(function (a, b) { return a.end - a.start - (b.end - b.start); });
    var before = reader.passage, same = hits.indexOf(before && before.row);
    if (hits.length && (same < hits.length - 1 || cursor < 0 || hits.some(isSentence))) { reader.pick(hits[(same + 1) % hits.length]); return; }
    reader.put(cursor < 0 ? null : { start: sentences[2 * cursor], end: sentences[2 * cursor + 1], is: "sentence" });
  });
  function isSentence(one) { return one.start === sentences[2 * cursor] && one.end === sentences[2 * cursor + 1]; }

  /* --- the sentence cursor --- */
  function sentenceAt(point) {
    for (var n = 0; n < sentences.length; n += 2) if (point < sentences[n + 1]) return n / 2;
    return sentences.length / 2 - 1;
  }
  /* The sentence that a finger means: also from beside it, on its own line; -1 where there is none. */
  function sentenceUnder(point) {
    var n = sentenceAt(point), line = reader.numberAt(point);
    if (n < 0) return -1;
    if (sentences[2 * n] <= point && point <= sentences[2 * n + 1]) return n;
    if (n > 0 && reader.numberAt(sentences[2 * n - 1] - 1) === line) return n - 1;
    return reader.numberAt(sentences[2 * n]) === line ? n : -1;
  }
  function move(step, extend) {
    var count = sentences.length / 2;
    if (!count) return;
    var from = cursor >= 0 ? cursor : sentenceAt(firstInView()) - (step > 0 ? 1 : 0);
    cursor = Math.max(0, Math.min(count - 1, from + step));
    if (!extend || anchor < 0) anchor = cursor;
    var low = Math.min(cursor, anchor), high = Math.max(cursor, anchor);
    window.getSelection().removeAllRanges();
    reader.caret = sentences[2 * low];
    reader.put({ start: sentences[2 * low], end: sentences[2 * high + 1], is: "sentence" });
    reach({ start: sentences[2 * cursor], end: sentences[2 * cursor + 1] });
    read(reader.passage);
  }
  function firstInView() {
    var box = root.getBoundingClientRect();
    var point = reader.pointUnder(box.left + 60, Math.max(box.top + 5, 140));
    return point < 0 ? 0 : point;
  }
  function read(here) {
    var codes = reader.touching(reader.codings(), here.start, here.end).map(function (one) { return reader.codeOf(one.code).title; });
    var open = reader.touching(reader.suggestions(), here.start, here.end).filter(function (one) { return reader.stateOf(one) === "open"; }).length;
    speak(reader.wordsAt(here.start, here.end) + (codes.length ? " – " + reader.say("coded_as", { codes: Array.from(new Set(codes)).join(", ") }) : "") + (open ? " – " + reader.say(open === 1 ? "open_one" : "open_n", { n: open }) : ""));
  }

  /* Scrolls a passage into view where it is not. */
  function reach(one, middle) {
    var p = reader.paragraphs[reader.numberAt(one.start)];
    function place() { return reader.liveRange(one.start, one.end).getBoundingClientRect(); }
    function seen(box) { return box.top > 130 && box.bottom < innerHeight - 110 && box.height; }
    if (!middle && seen(place())) return;
    p.scrollIntoView({ block: "center" });
    requestAnimationFrame(function () {
      var box = place();
      if (!seen(box)) window.scrollBy(0, box.top - innerHeight / 3);
    });
  }
  reader.on("reach", reach);
  reader.reach = reach;

  /* --- from one to the next --- */
  function step(list, forward) {
    if (!list.length) return null;
    var here = reader.passage || { start: reader.caret, end: reader.caret };
    var n = here.row ? list.indexOf(here.row) : -1;
    if (n < 0) {
      var after = list.findIndex(function (one) { return one.start > here.start || (one.start === here.start && one.end >= here.end); });
      n = forward ? (after < 0 ? 0 : after) : (after < 0 ? list.length : after) - 1;
    } else n += forward ? 1 : -1;
    return list[(n + list.length) % list.length];
  }
  function go(list, forward, none) {
    var one = step(list, forward);
    if (!one) { weness.notice(reader.say(none)); return; }
    var row = one.is === "mention" ? reader.known(one) : one;
    reader.caret = one.start;
    cursor = anchor = sentenceAt(one.start);
    window.getSelection().removeAllRanges();
    reader.pick(row);
    reach(one);
    var code = row.code ? reader.codeOf(row.code).title : reader.say(reader.isRefused(row) ? "refused_whom" : "undecided");
    speak(reader.wordsAt(one.start, one.end) + " – " + code + (row.is === "suggestion" ? ", " + reader.say("likely", { n: reader.percent(row.chance) }) : ""));
  }
  function nextOpen(forward) { go(reader.undecided(), forward, "all_decided"); }
  function nextMention(forward) {
    var list = reader.mentions.filter(function (one) { return one.of === "self"; });
    var here = reader.passage, at = here && reader.mentionAt(here.start, here.end);
    if (at) { var n = list.indexOf(at); if (n >= 0) list = list.slice(n + 1).concat(list.slice(0, n)); go([forward ? list[0] : list[list.length - 1]].filter(Boolean), true, "no_mentions"); return; }
    go(list, forward, "no_mentions");
  }

  /* --- keys --- */
  function suggestion() {
    var here = reader.passage;
    if (!here) return null;
    if (here.is === "suggestion" && reader.stateOf(here.row) === "open") return here.row;
    return reader.suggestions().find(function (one) { return one.start === here.start && one.end === here.end && reader.stateOf(one) === "open"; }) || null;
  }
  function ownCoding() {
    var here = reader.passage;
    if (here && here.is === "coding" && reader.isMine(here.row)) return here.row;
    return here && reader.codings().find(function (one) { return reader.isMine(one) && one.start === here.start && one.end === here.end; });
  }
  function accept() {
    var one = suggestion();
    if (one) { reader.accept(one); return; }
    var here = reader.passage, inside = here && reader.touching(reader.suggestions(), here.start, here.end).find(function (other) { return reader.stateOf(other) === "open"; });
    if (inside) go([inside], true);
  }
  function refuse() {
    var one = suggestion(), mine = ownCoding();
    if (one) reader.reject(one);
    else if (mine) reader.remove(mine);
  }
  var KEYS = {
    j: function () { move(1); }, k: function () { move(-1); }, J: function () { move(1, true); }, K: function () { move(-1, true); },
    n: function () { nextOpen(true); }, N: function () { nextOpen(false); }, "]": function () { nextMention(true); }, "[": function () { nextMention(false); },
    a: accept, Enter: accept, x: refuse, Delete: refuse,
    c: function () { if (reader.passage) reader.tell("find", reader.say(suggestion() ? "change" : "find")); },
    r: function () { var one = ownCoding(); if (one) reader.startRecoding(one); },
    w: function () {
      var one = reader.passage && reader.passage.is === "coding" ? reader.passage.row : ownCoding();
      reader.tell("memo", one ? { kind: "coding", thing: one.id, title: reader.codeOf(one.code).title } : { kind: "document", thing: given.file, title: given.file });
    },
    "/": function () { reader.tell("find", ""); },
    "?": function () { document.getElementById("keys-dialog").showModal(); },
    Escape: function () { window.getSelection().removeAllRanges(); reader.put(null); reader.tell("close"); },
  };
  var FREE = ["Escape", "Enter", "Delete"];
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || weness.isTyping(event.target) || document.querySelector("dialog[open]")) return;
    var inText = root.contains(event.target), key = event.key;
    if (key === "Enter" && !inText && event.target !== document.body) return;
    if (inText && (key === "ArrowDown" || key === "ArrowUp")) { event.preventDefault(); move(key === "ArrowDown" ? 1 : -1, event.shiftKey); return; }
    if (off() && !inText && !FREE.includes(key)) return;
    var act = KEYS[key], used = /^[1-9]$/.test(key) && reader.lastUsed()[+key - 1], code = used || keyed[key];
    if (!act && !code) return;
    if (!act && !reader.passage) return;
    event.preventDefault();
    if (act) act(); else reader.give(code);
  });

  Object.assign(reader, { keysOff: off, setKeysOff: function (no) { try { localStorage.setItem(OFF, no ? "1" : ""); } catch (error) { /* for this page only */ } },
    nextOpen: nextOpen, nextMention: nextMention, moveSentence: move, openSuggestion: suggestion, ownCoding: ownCoding });
})();
