/* Paints codes over the text without touching it: highlights for what is in view, stripes in lanes beside it. */
(function () {
  "use strict";
  var reader = window.reader, given = reader.given;
  var LANES = 7, WIDTH = 7;
  var shown = { people: true, machine: true, rejected: false, only: "" };
  var near = new Set(), waiting = false, stripes = true;
  var hasHighlights = typeof Highlight === "function" && CSS.highlights;

  /* One rule a code: persons fill, the machine only dots; a "we" gets a line in the code's colour. */
  function rules() {
    var light = [], dark = [];
    reader.codes.forEach(function (code) {
      var c = code.colour, bright = "color-mix(in srgb," + c + " 45%,white)", isA = code.family === "A";
      function person(colour, much) {
        return "::highlight(p" + code.n + "){background-color:color-mix(in srgb," + colour + " " + much + "%,transparent)" + (isA ? ";text-decoration:underline 2px solid " + colour : "") + "}";
      }
      light.push(person(c, isA ? 14 : 20), "::highlight(m" + code.n + "){text-decoration:underline 2px dotted " + c + "}");
      dark.push(person(bright, 26), "::highlight(m" + code.n + "){text-decoration:underline 2px dotted " + bright + "}");
    });
    var grey = "::highlight(bare){text-decoration:underline 1px dashed GREY}::highlight(no){text-decoration:line-through 1px solid GREY}";
    light.push(grey.replaceAll("GREY", "#7d8a90"), "::highlight(here){background-color:#ffe27a;color:#1d2528}::highlight(sentence){background-color:#fff2b8}");
    dark.push(grey.replaceAll("GREY", "#84929a"), "::highlight(here){background-color:#7a6612;color:#fff}::highlight(sentence){background-color:#4d4310}");
    var sheet = new CSSStyleSheet();
    sheet.replaceSync(light.join("") + "@media (prefers-color-scheme:dark){" + dark.join("") + "}");
    document.adoptedStyleSheets = document.adoptedStyleSheets.concat(sheet);
  }

  function wanted(one) {
    if (shown.only && one.code !== shown.only) return false;
    if (one.is === "coding") return shown.people;
    var state = reader.stateOf(one);
    return state === "open" ? shown.machine : state === "rejected" && shown.rejected;
  }
  function nearest() {
    var low = Infinity, high = -1;
    near.forEach(function (block) {
      low = Math.min(low, +block.dataset.start);
      var next = block.nextElementSibling;
      high = Math.max(high, next ? +next.dataset.start : given.length);
    });
    return [low, high];
  }

  function paint(everything) {
    waiting = false;
    if (!hasHighlights) return;
    var view = everything ? [0, given.length] : nearest(), layers = new Map();
    function put(name, one, rank) {
      var layer = layers.get(name);
      if (!layer) { layer = new Highlight(); layer.priority = rank; layers.set(name, layer); }
      layer.add(reader.rangeOf(one.start, one.end));
    }
    reader.touching(reader.codings(), view[0], view[1]).forEach(function (one) {
      if (wanted(one)) put("p" + reader.codeOf(one.code).n, one, reader.isA(one.code) ? 2 : 1);
    });
    reader.touching(reader.suggestions(), view[0], view[1]).forEach(function (one) {
      if (!wanted(one)) return;
      if (reader.stateOf(one) === "rejected") put("no", one, 4); else put("m" + reader.codeOf(one.code).n, one, 3);
    });
    if (!shown.only) reader.touching(reader.mentions, view[0], view[1]).forEach(function (one) {
      if (one.of === "self" && !reader.answerTo(one) && !(shown.machine && reader.suggestedFor(one))) put("bare", one, 0);
    });
    if (reader.passage) put(reader.passage.is === "sentence" ? "sentence" : "here", reader.passage, reader.passage.is === "sentence" ? 5 : 9);
    CSS.highlights.clear();
    layers.forEach(function (layer, name) { CSS.highlights.set(name, layer); });
    if (stripes) near.forEach(stripe);
  }
  function soon() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(function () { paint(); });
  }

  /* Whatever is longer than a mention gets a stripe; one lane for the whole of it. */
  function lanes() {
    var ends = [], found = [];
    var long = reader.codings().concat(reader.suggestions()).filter(function (one) {
      return wanted(one) && !reader.mentionAt(one.start, one.end);
    });
    long.sort(function (a, b) { return a.start - b.start || b.end - a.end; });
    long.forEach(function (one) {
      var lane = ends.findIndex(function (end) { return end <= one.start; });
      if (lane < 0) lane = ends.length < LANES ? ends.length : LANES - 1;
      ends[lane] = Math.max(ends[lane] || 0, one.end);
      found.push({ one: one, lane: lane });
    });
    return found;
  }
  var laid = null;
  function stripe(block) {
    var old = block.querySelector(":scope > .stripes");
    if (old) old.remove();
    var from = +block.dataset.start, next = block.nextElementSibling, to = next ? +next.dataset.start : given.length;
    laid = laid || lanes();
    var here = laid.filter(function (told) { return told.one.start < to && told.one.end > from; });
    if (!here.length) return;
    var box = document.createElement("div"), top = block.getBoundingClientRect().top;
    box.className = "stripes";
    box.setAttribute("aria-hidden", "true");
    var last = block.lastElementChild, limit = +last.dataset.start + reader.lengthOf(last);
    here.forEach(function (told) { box.append(line(told, Math.max(from, told.one.start), Math.min(limit, told.one.end), top)); });
    block.append(box);
  }
  function line(told, start, end, top) {
    var one = told.one, code = reader.codeOf(one.code), place = reader.liveRange(start, end).getBoundingClientRect();
    var mark = document.createElement("i");
    mark.className = one.is === "coding" ? "by-person" : "by-machine";
    mark.title = code.title + " · " + (one.is === "coding" ? one.coder : reader.say("machine"));
    mark.style.setProperty("--c", code.colour);
    mark.style.setProperty("top", Math.round(place.top - top) + "px");
    mark.style.setProperty("height", Math.max(6, Math.round(place.height)) + "px");
    mark.style.setProperty("left", told.lane * WIDTH + "px");
    mark.addEventListener("click", function () { reader.tell("pick", one); });
    return mark;
  }

  var watch = new IntersectionObserver(function (seen) {
    seen.forEach(function (one) {
      if (one.isIntersecting) near.add(one.target);
      else {
        near.delete(one.target);
        var old = one.target.querySelector(":scope > .stripes");
        if (old) old.remove();
      }
    });
    soon();
    reader.tell("view");
  }, { rootMargin: "50% 0px" });

  reader.on("rows", function () { laid = null; soon(); });
  reader.on("passage", soon);
  window.addEventListener("resize", soon);
  rules();
  reader.blocks.forEach(function (block) { watch.observe(block); });
  reader.shown = shown;
  reader.paint = paint;
  reader.show = function (change) { Object.assign(shown, change); laid = null; soon(); reader.tell("shown"); };
  reader.isShown = wanted;
})();
