/* What a hand or a key asks for, as an action: the passage at hand, and the code that is given to it. */
(function () {
  "use strict";
  var reader = window.reader, given = reader.given;
  var LAST = "weness.last." + given.study;
  var ASKED = "weness.asked." + given.study;
  var recoding = null;
  reader.passage = null;

  function put(passage) {
    recoding = null;
    reader.passage = passage;
    reader.tell("passage", passage);
  }
  /* A row to look at: what it is stands beside its place. */
  function pick(row) {
    put(row && { start: row.start, end: row.end, is: row.is, row: row });
  }
  /* For a "we", what is known of it: a person's answer, else the machine's, else the bare word. */
  function known(mention) { return reader.answerTo(mention) || reader.suggestedFor(mention) || mention; }

  function lastUsed() {
    try { return (JSON.parse(localStorage.getItem(LAST)) || []).filter(function (id) { return reader.codes.has(id); }); } catch (error) { return []; }
  }
  function remember(code) {
    var list = [code].concat(lastUsed().filter(function (id) { return id !== code; })).slice(0, 9);
    try { localStorage.setItem(LAST, JSON.stringify(list)); } catch (error) { /* a browser that keeps nothing */ }
    reader.tell("used", list);
  }

  function row(code, from, said) {
    return {
      document_id: given.document, start: from.start, end: from.end, code: code, coder: given.me, fields: {}, why: "",
      suggested: said ? { code: said.code, probability: said.chance, coder: said.coder, kind: said.kind } : null,
    };
  }
  function own(from) {
    return reader.codings().filter(function (one) { return reader.isMine(one) && one.start === from.start && one.end === from.end; });
  }
  function has(from, code) { return own(from).some(function (one) { return one.code === code; }); }
  function spoken(name, code) { reader.tell("spoken", reader.say(name, { code: reader.codeOf(code).title })); }

  /* Said once: the words of whoever asks may be coded, but count for nothing. */
  function tellAsked(here) {
    var last = reader.numberAt(Math.max(here.start, here.end - 1)), asked = false;
    for (var n = reader.numberAt(here.start); n <= last; n++) asked = asked || reader.paragraphs[n].classList.contains("asks");
    if (!asked) return;
    try { if (localStorage.getItem(ASKED)) return; localStorage.setItem(ASKED, "1"); } catch (error) { /* a browser that keeps nothing is told each time */ }
    weness.notice(reader.say("asks_never_count"));
  }

  function give(code) {
    var here = reader.passage;
    if (!here) { weness.notice(reader.say("choose_first")); return; }
    remember(code);
    if (recoding) { recode(recoding, code); return; }
    if (here.is === "suggestion" && reader.stateOf(here.row) === "open") {
      if (code === here.row.code) { accept(here.row); return; }
      if (!(reader.isA(code) && reader.mentionAt(here.start, here.end))) { decide("change", here.row, code); return; }
    }
    if (reader.isA(code) && reader.mentionAt(here.start, here.end)) { referent(here, code); return; }
    if (has(here, code)) { weness.notice(reader.say("has_it", { code: reader.codeOf(code).title })); return; }
    var id = reader.newId();
    reader.act("code", { start: here.start, end: here.end, code: code, new: id }, [{ table: "coding", id: id, row: row(code, here) }]);
    spoken("coded", code);
    tellAsked(here);
    put({ start: here.start, end: here.end, is: "coding", row: reader.rows.coding.get(id) || here.row });
  }

  function decide(verb, one, code) {
    var id = reader.newId(), asked = { start: one.start, end: one.end, code: one.code, new: id };
    if (verb === "change") asked.to = code;
    var ahead = has(one, code) ? [] : [{ table: "coding", id: id, row: row(code, one, one) }];
    reader.act(verb, asked, ahead);
    spoken(verb === "change" ? "changed" : "accepted", code);
    refocus(one, id);
  }
  function accept(one) { remember(one.code); decide("accept", one, one.code); }
  function reject(one) {
    var id = reader.newId();
    reader.act("reject", { start: one.start, end: one.end, code: one.code, new: id },
      [{ table: "rejection", id: id, row: { document_id: given.document, start: one.start, end: one.end, code: one.code, coder: given.me } }]);
    spoken("rejected", one.code);
    refocus(one);
  }
  function refocus(one, id) {
    var now = id && reader.rows.coding.get(id);
    put({ start: one.start, end: one.end, is: now ? "coding" : one.is, row: now || one });
  }

  /* Whom a "we" means: one answer of each person. */
  function referent(here, code) {
    var before = own(here).filter(function (one) { return reader.isA(one.code); });
    if (before.length === 1 && before[0].code === code) return;
    var id = reader.newId(), mention = reader.mentionAt(here.start, here.end), said = reader.suggestions().find(function (one) {
      return one.start === here.start && one.end === here.end && reader.isA(one.code);
    });
    var ahead = before.filter(function (one) { return one.code !== code; }).map(function (one) { return { table: "coding", id: one.id, row: null }; });
    if (code && !has(here, code)) ahead.push({ table: "coding", id: id, row: row(code, here, said) });
    reader.act("referent", { start: here.start, end: here.end, code: code, new: id }, ahead);
    if (code) { spoken("means", code); tellAsked(here); }
    pick(known(mention));
  }

  function recode(one, code) {
    recoding = null;
    if (one.code === code) return;
    reader.act("recode", { id: one.id, code: code });
    spoken("recoded", code);
  }
  function remove(one) {
    reader.act("uncode", { id: one.id }, [{ table: "coding", id: one.id, row: null }]);
    spoken("removed", one.code);
    put({ start: one.start, end: one.end, is: "place" });
  }
  /* Where a coding would be split: where the selection begins or ends inside it, else at the cursor; -1 where neither is. */
  function cutOf(one) {
    var chosen = reader.selected() || reader.passage, at = reader.caret;
    if (chosen && chosen.start > one.start && chosen.start < one.end) at = chosen.start;
    else if (chosen && chosen.end > one.start && chosen.end < one.end) at = chosen.end;
    return at > one.start && at < one.end ? betweenWords(one, at) : -1;
  }
  /* A finger lands inside a word: the cut goes before it, or after it where it is the first. */
  function betweenWords(one, at) {
    var begun = /\S*$/.exec(reader.wordsAt(one.start, at))[0], rest = /^\S*/.exec(reader.wordsAt(at, one.end))[0];
    if (!begun || !rest) return at;
    var before = at - Array.from(begun).length, after = at + Array.from(rest).length;
    return before > one.start ? before : after < one.end ? after : -1;
  }
  /* The shortest own coding that can be split where one is. */
  function splittable(here) {
    return reader.touching(reader.codings(), here.start, here.end).filter(function (one) {
      return reader.isMine(one) && !reader.mentionAt(one.start, one.end) && cutOf(one) > 0;
    }).sort(function (a, b) { return (b === here.row) - (a === here.row) || a.end - a.start - (b.end - b.start); })[0] || null;
  }
  function split(one) {
    var at = cutOf(one);
    if (at < 0) { weness.notice(reader.say("split_where")); return; }
    reader.act("split", { id: one.id, at: at, new: reader.newId() });
  }
  /* Own codings of the same code that touch this one, or that a selection holds together with it. */
  function mergeable(one) {
    var found = [one], grew = true;
    var others = reader.codings().filter(function (other) { return reader.isMine(other) && other.code === one.code && other.id !== one.id; });
    while (grew) {
      grew = false;
      others = others.filter(function (other) {
        var touches = found.some(function (kept) {
          if (other.start <= kept.end && other.end >= kept.start) return true;
          var gap = other.start > kept.end ? [kept.end, other.start] : [other.end, kept.start];
          return gap[1] - gap[0] < 200 && !reader.wordsAt(gap[0], gap[1]).trim();
        });
        if (touches) { found.push(other); grew = true; }
        return !touches;
      });
    }
    return found;
  }
  /* Per code the own codings that may become one here: those that the passage touches, or a single one with its neighbours. */
  function joinable(here) {
    var byCode = new Map();
    reader.touching(reader.codings(), here.start, here.end).forEach(function (one) {
      if (reader.isMine(one) && !reader.mentionAt(one.start, one.end)) byCode.set(one.code, (byCode.get(one.code) || []).concat(one));
    });
    return Array.from(byCode.values(), function (list) { return list.length > 1 ? list : mergeable(list[0]); })
      .filter(function (list) { return list.length > 1; });
  }
  function merge(list) {
    var chain = mergeable(list[0]);
    if (!list.every(function (one) { return chain.includes(one); })) { weness.notice(reader.say("merge_adjacent")); return; }
    reader.act("merge", { ids: list.map(function (one) { return one.id; }) });
  }

  reader.on("rows", function () {
    var here = reader.passage;
    if (!here || !here.row || here.row.is !== "coding") return;
    var now = reader.rows.coding.get(here.row.id);
    if (now) { here.row = now; here.start = now.start; here.end = now.end; }
    else { here.is = "place"; here.row = null; }
  });
  reader.on("pick", pick);
  Object.assign(reader, {
    caret: -1, put: put, pick: pick, known: known, lastUsed: lastUsed, give: give, accept: accept, reject: reject, referent: referent,
    reopen: function (one) { var no = reader.rejectionOf(one); if (no) reader.act("reopen", { id: no.id }, [{ table: "rejection", id: no.id, row: null }]); },
    remove: remove, split: split, splittable: splittable, merge: merge, mergeable: mergeable, joinable: joinable,
    startRecoding: function (one) { recoding = one; reader.tell("find", reader.say("recode_to", { code: reader.codeOf(one.code).title })); },
    isRecoding: function () { return !!recoding; },
  });
})();
