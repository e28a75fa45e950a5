/* Everybody's work on this text as it is known here, and what follows from it: what is decided, whom a "we" means. */
(function () {
  "use strict";
  var reader = window.reader, given = reader.given;
  var rows = { coding: new Map(), rejection: new Map(), reading: new Map(), memo: new Map() };
  var suggestions = [], saidAt = new Map(), sorted = null, decided = null;
  var codes = new Map(given.codes.map(function (code, n) { code.n = n; return [code.id, code]; }));
  var others = new Set(given.others), mentions = [];
  for (var n = 0; n < given.mentions.length; n += 2) {
    mentions.push({ start: given.mentions[n], end: given.mentions[n + 1], of: others.has(n / 2) ? "other" : "self", is: "mention" });
  }
  var mentionAt = new Map(mentions.map(function (one) { return [one.start + "-" + one.end, one]; }));
  var SHAPE = {
    coding: ["start", "end", "code", "coder", "fields", "why", "suggested"],
    rejection: ["start", "end", "code", "coder"],
    reading: ["coder", "families"],
    memo: ["kind", "thing", "by", "text"],
  };

  function codeOf(id) {
    return codes.get(id) || { id: id, title: id, family: "own", colour: "#566167", fields: {}, n: codes.size };
  }
  function take(told) {
    Object.keys(SHAPE).forEach(function (table) {
      rows[table] = new Map(told[table].map(function (one) {
        var row = { id: one[0], is: table };
        SHAPE[table].forEach(function (name, n) { row[name] = one[n + 1]; });
        return [row.id, row];
      }));
    });
    suggestions = told.suggestion.map(function (one) {
      return { is: "suggestion", start: one[0], end: one[1], code: one[2], chance: one[3], kind: one[4], coder: one[5], why: one[6] };
    });
    saidAt = new Map();
    suggestions.forEach(function (one) {
      var place = one.start + "-" + one.end;
      if (isA(one.code)) saidAt.set(place, (saidAt.get(place) || []).concat(one));
    });
    stale();
  }
  function stale() { sorted = decided = null; }

  /* Changes as the server tells them; gives back the changes that would turn them. */
  function mend(changes) {
    var back = [];
    changes.forEach(function (one) {
      var table = rows[one.table];
      if (!table || !belongs(one)) return;
      var before = table.get(one.id);
      back.unshift({ table: one.table, id: one.id, row: before ? plain(before) : null });
      if (!one.row) { table.delete(one.id); return; }
      var row = { id: one.id, is: one.table };
      SHAPE[one.table].forEach(function (name) { row[name] = one.row[name]; });
      if (row.is === "coding") { row.fields = row.fields || {}; row.why = row.why || ""; }
      table.set(one.id, row);
    });
    stale();
    reader.tell("rows");
    return back;
  }
  function belongs(one) {
    if (!one.row) return true;
    if (one.table !== "memo") return one.row.document_id === undefined || one.row.document_id === given.document;
    return one.row.kind === "code" || one.row.thing === given.file || rows.coding.has(one.row.thing);
  }
  function plain(row) { return Object.assign({}, row); }

  function codings() {
    if (!sorted) sorted = Array.from(rows.coding.values()).sort(function (a, b) { return a.start - b.start || a.end - b.end; });
    return sorted;
  }
  function key(one, code) { return one.start + "-" + one.end + "-" + (code || one.code); }
  function isA(code) { return codeOf(code).family === "A"; }

  /* A suggestion is decided by a person's no; by a person's same code there; for a "we" by any answer of a person there.
     A "we" is decided by an answer, or by a no to what was suggested for it. */
  function decisions() {
    if (decided) return decided;
    decided = { no: new Map(), yes: new Set(), whom: new Map(), refused: new Set() };
    rows.rejection.forEach(function (one) {
      decided.no.set(key(one), one);
      if (isA(one.code)) decided.refused.add(one.start + "-" + one.end);
    });
    codings().forEach(function (one) {
      decided.yes.add(key(one));
      if (one.suggested) decided.yes.add(key(one, one.suggested.code));
      if (!isA(one.code)) return;
      var place = one.start + "-" + one.end, known = decided.whom.get(place);
      if (!known || (one.coder === given.me && known.coder !== given.me)) decided.whom.set(place, one);
    });
    return decided;
  }
  function stateOf(suggestion) {
    var known = decisions();
    if (known.yes.has(key(suggestion)) || (isA(suggestion.code) && known.whom.has(suggestion.start + "-" + suggestion.end))) return "taken";
    return known.no.has(key(suggestion)) ? "rejected" : "open";
  }
  function answerTo(mention) { return decisions().whom.get(mention.start + "-" + mention.end); }
  function suggestedFor(mention) {
    return (saidAt.get(mention.start + "-" + mention.end) || []).find(function (one) { return stateOf(one) === "open"; });
  }
  function counts() {
    var found = new Map();
    codings().forEach(function (one) { found.set(one.code, (found.get(one.code) || 0) + 1); });
    return found;
  }
  /* What is still to be decided, in the order of the text. */
  function undecided() {
    var known = decisions(), here = new Set();
    var open = suggestions.filter(function (one) {
      if (stateOf(one) !== "open") return false;
      here.add(one.start + "-" + one.end);
      return true;
    });
    var bare = mentions.filter(function (one) {
      var place = one.start + "-" + one.end;
      return one.of === "self" && !known.whom.has(place) && !known.refused.has(place) && !here.has(place);
    });
    return open.concat(bare).sort(function (a, b) { return a.start - b.start || a.end - b.end; });
  }
  function touching(list, start, end) {
    return list.filter(function (one) { return one.start < end && one.end > start; });
  }
  function memosOn(kind, thing) {
    return Array.from(rows.memo.values()).filter(function (one) { return one.kind === kind && one.thing === thing; });
  }

  take(given.rows);
  Object.assign(reader, {
    codes: codes, codeOf: codeOf, isA: isA, mentions: mentions, take: take, mend: mend, codings: codings,
    suggestions: function () { return suggestions; },
    mentionAt: function (start, end) { return mentionAt.get(start + "-" + end); },
    rows: rows, stateOf: stateOf, answerTo: answerTo, suggestedFor: suggestedFor, counts: counts, undecided: undecided,
    touching: touching, memosOn: memosOn,
    isRefused: function (here) { return decisions().refused.has(here.start + "-" + here.end); },
    rejectionOf: function (one) { return decisions().no.get(key(one)); },
    isMine: function (row) { return row.coder === given.me; },
  });
})();
