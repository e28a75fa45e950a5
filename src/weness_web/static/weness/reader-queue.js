/* Every action goes out at once, in order; what the network does not take is kept here and sent again. */
(function () {
  "use strict";
  var reader = window.reader, given = reader.given;
  var SHELF = "weness.queue." + given.study + "." + given.me;
  var chip = document.getElementById("unsaved");
  var busy = false, timer = 0, pause = 1000, answered = 0;

  function kept() {
    try { return JSON.parse(localStorage.getItem(SHELF)) || []; } catch (error) { return []; }
  }
  function keep(list) {
    try {
      if (list.length) localStorage.setItem(SHELF, JSON.stringify(list)); else localStorage.removeItem(SHELF);
    } catch (error) {
      weness.notice(reader.say("shelf_full"), true);
    }
  }
  function shelve(change) { var list = kept(); change(list); keep(list); told(); return list; }
  function told() {
    var n = kept().length, late = n > 0 && answered !== 200;
    chip.hidden = !late;
    if (late) chip.querySelector("span").textContent = reader.say(n === 1 ? "unsaved_one" : "unsaved", { n: n });
  }

  function uuid() {
    if (crypto.randomUUID) return crypto.randomUUID();
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64; bytes[8] = (bytes[8] & 63) | 128;
    return Array.from(bytes, function (b, n) { return ([4, 6, 8, 10].includes(n) ? "-" : "") + b.toString(16).padStart(2, "0"); }).join("");
  }

  /* `ahead` is what the page shows until the server has said what came of it. */
  function act(verb, what, ahead) {
    if (!given.may_code && verb !== "memo") { weness.notice(reader.say("closed"), true); return; }
    var item = { to: given.do, body: Object.assign({ op: uuid(), do: verb }, what) };
    item.ahead = ahead || [];
    item.back = reader.mend(item.ahead);
    shelve(function (list) { list.push(item); });
    var undo = document.querySelector("button[data-undo]");
    if (undo) undo.disabled = false;
    flush();
  }

  async function flush() {
    clearTimeout(timer);
    if (busy) return;
    busy = true;
    for (var list = kept(); list.length; list = kept()) {
      var item = list[0], answer = await weness.send(item.to, item.body);
      answered = answer.status;
      if (answer.ok && answer.data.changes) {
        shelve(function (now) { drop(now, item); });
        pause = 1000;
        if (item.to === given.do) reader.mend(answer.data.changes);
        buttons(answer.data.can);
      } else if ([400, 404, 409, 413, 422].includes(answer.status)) {
        shelve(function (now) { drop(now, item); });
        weness.notice(answer.data.fault || reader.say("refused"), true);
        await again();
      } else {
        if (answer.ok || answer.status === 401 || answer.status === 403) weness.notice(answer.data.fault || reader.say("logged_out"), true);
        answered = answer.ok ? 401 : answer.status;
        timer = setTimeout(flush, pause);
        pause = Math.min(pause * 2, 30000);
        break;
      }
    }
    busy = false;
    told();
  }
  function drop(list, item) {
    var n = list.findIndex(function (one) { return one.body.op === item.body.op; });
    if (n >= 0) list.splice(n, 1);
  }

  /* All rows as the server has them, and on top what still waits here. */
  async function again() {
    var answer;
    try { answer = await (await fetch(given.again, { headers: { Accept: "application/json" } })).json(); } catch (error) { return; }
    if (!answer.rows) return;
    reader.take(answer.rows);
    ahead();
    buttons(answer.can);
  }

  function ahead() {
    reader.mend(kept().filter(function (one) { return one.to === given.do; }).flatMap(function (one) { return one.ahead || []; }));
  }

  function buttons(can) {
    if (!can) return;
    ["undo", "redo"].forEach(function (name) {
      var button = document.querySelector("button[data-" + name + "]");
      if (button) button.disabled = !can[name];
    });
    document.body.dispatchEvent(new Event("weness-changed"));
  }

  /* Undo takes back what waits here first; else the server's last action of this user. */
  async function turn(which) {
    await flush();
    var list = kept();
    if (list.length) {
      if (which !== "undo") return;
      var last = list[list.length - 1];
      shelve(function (now) { drop(now, last); });
      reader.mend(last.back || []);
      return;
    }
    var answer = await weness.send(given[which]);
    if (!answer.ok || !answer.data.changes) {
      weness.notice(answer.data.fault || reader.say(answer.status ? "refused" : "offline"), true);
      if (answer.status === 409) await again();
      return;
    }
    var elsewhere = answer.data.changes.some(function (one) { return one.row && one.row.document_id && one.row.document_id !== given.document; });
    if (answer.data.changes.some(function (one) { return ["study", "codebook"].includes(one.table); })) { location.reload(); return; }
    reader.mend(answer.data.changes);
    buttons(answer.data.can);
    var verb = given.verbs[answer.data.verb] || answer.data.verb;
    reader.tell("spoken", reader.say(which === "undo" ? "undone" : "redone", { verb: verb }));
    if (elsewhere) weness.notice(reader.say("elsewhere", { verb: verb }));
  }
  document.addEventListener("submit", function (event) {
    var button = event.target.querySelector && event.target.querySelector("button[data-undo],button[data-redo]");
    if (!button) return;
    event.preventDefault();
    turn(button.hasAttribute("data-undo") ? "undo" : "redo");
  });

  chip.querySelector("[data-again]").addEventListener("click", function () { pause = 1000; flush(); });
  chip.querySelector("[data-drop]").addEventListener("click", function () {
    if (!window.confirm(reader.say("drop_sure"))) return;
    keep([]);
    told();
    again();
  });
  window.addEventListener("online", function () { pause = 1000; flush(); });
  window.addEventListener("storage", function (event) { if (event.key === SHELF) told(); });
  window.addEventListener("beforeunload", function (event) { if (kept().length && answered !== 200 && answered) event.preventDefault(); });

  reader.act = act;
  reader.newId = uuid;
  reader.begin = function () {
    var list = kept();
    if (list.length) { answered = 0; ahead(); told(); flush(); }
  };
})();
