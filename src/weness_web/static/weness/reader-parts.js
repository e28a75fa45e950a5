/* Small pieces of page, made without HTML: whatever a narrative or a person wrote stays text. */
(function () {
  "use strict";
  var reader = window.reader;

  function h(tag, told, inner) {
    var node = document.createElement(tag);
    Object.keys(told || {}).forEach(function (name) {
      var value = told[name];
      if (name === "on") node.addEventListener("click", value);
      else if (name === "colour") node.style.setProperty("--c", value);
      else if (value !== undefined && value !== false && value !== null) node.setAttribute(name, value === true ? "" : value);
    });
    [].concat(inner === undefined ? [] : inner).forEach(function (one) { if (one !== null && one !== "") node.append(one); });
    return node;
  }
  function button(text, act, more) { return h("button", Object.assign({ type: "button", on: act }, more), text); }
  function keyed(text, key) { return key ? [text + " ", h("kbd", { "aria-hidden": "true" }, key)] : text; }

  /* The eight answers to "whom does this we mean", the one that holds pressed in. */
  function whom(here) {
    var mention = reader.mentionAt(here.start, here.end);
    if (!mention) return null;
    var answer = reader.answerTo(mention), mine = answer && reader.isMine(answer) ? answer.code : "";
    var list = h("div", { class: "whom", role: "group", "aria-label": reader.say("whom", { word: reader.wordsAt(here.start, here.end) }) });
    reader.codes.forEach(function (code) {
      if (code.family !== "A") return;
      var held = mine === code.id;
      list.append(button(keyed(code.title, code.key), function () { reader.referent(here, held ? "" : code.id); }, {
        class: "chip", colour: code.colour, "aria-pressed": held ? "true" : "false",
      }));
    });
    return list;
  }
  function percent(chance) { return Math.round(chance * 100) + "\u00a0%"; }

  reader.h = h;
  reader.button = button;
  reader.keyed = keyed;
  reader.whom = whom;
  reader.percent = percent;
})();
