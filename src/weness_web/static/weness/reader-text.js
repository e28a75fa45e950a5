/* The text as it stands in the page: from code points (as the server counts) to places in the document and back. */
(function () {
  "use strict";
  var given = weness.given("reader-facts");
  /* Passages come as gaps and lengths. */
  function spread(gaps) {
    var at = 0, found = new Array(gaps.length);
    for (var n = 0; n < gaps.length; n += 2) { at += gaps[n]; found[n] = at; found[n + 1] = at + gaps[n + 1]; }
    return found;
  }
  given.sentences = spread(given.sentences);
  given.mentions = spread(given.mentions);
  var root = document.getElementById("text");
  var heard = {};
  var paragraphs = Array.from(root.querySelectorAll("p[data-start]"));
  var blocks = Array.from(root.querySelectorAll(".block"));
  var starts = Float64Array.from(paragraphs, function (p) { return +p.dataset.start; });
  var index = new Map(paragraphs.map(function (p, n) { return [p, n]; }));

  /* The last paragraph that begins at or before a code point. */
  function numberAt(point) {
    var low = 0, high = starts.length - 1;
    while (low < high) {
      var middle = (low + high + 1) >> 1;
      if (starts[middle] <= point) low = middle; else high = middle - 1;
    }
    return low;
  }

  /* A paragraph's own text, without what the script put into it; a browser may keep long text in several nodes. */
  function nodesOf(p) {
    var found = [];
    for (var node = p.firstChild; node; node = node.nextSibling) if (node.nodeType === 3) found.push(node);
    return found;
  }
  function textOf(p) {
    var text = "";
    for (var node = p.firstChild; node; node = node.nextSibling) if (node.nodeType === 3) text += node.data;
    return text;
  }

  /* Emoji are two units of a JavaScript string and one code point. */
  var PAIR = /[\ud800-\udbff][\udc00-\udfff]/;
  function unitsFor(text, points) {
    if (!PAIR.test(text)) return Math.min(points, text.length);
    var units = 0;
    while (points > 0 && units < text.length) {
      units += text.codePointAt(units) > 0xffff ? 2 : 1;
      points -= 1;
    }
    return units;
  }
  /* As unitsFor, for a paragraph of which it is remembered where its pairs are. */
  var pairs = new Map();
  function unitsIn(n, text, points) {
    var known = pairs.get(n);
    if (!known) {
      known = [];
      for (var found, seek = /[\ud800-\udbff][\udc00-\udfff]/g; (found = seek.exec(text));) known.push(found.index - known.length);
      pairs.set(n, known);
    }
    var low = 0, high = known.length;
    while (low < high) { var middle = (low + high) >> 1; if (known[middle] < points) low = middle + 1; else high = middle; }
    return points + low;
  }
  function pointsFor(text, units) {
    if (!PAIR.test(text)) return units;
    var points = 0;
    for (var at = 0; at < units && at < text.length; points++) at += text.codePointAt(at) > 0xffff ? 2 : 1;
    return points;
  }
  function lengthOf(p) { var text = textOf(p); return pointsFor(text, text.length); }

  /* {node, offset} of a code point; `isEnd` keeps it in the paragraph where a passage ends. */
  function placeOf(point, isEnd) {
    var n = numberAt(isEnd ? Math.max(0, point - 1) : point);
    var p = paragraphs[n], only = p.firstChild === p.lastChild && p.firstChild;
    if (only && only.nodeType === 3) {
      return { node: only, offset: Math.min(only.length, unitsIn(n, only.data, Math.max(0, point - starts[n]))), p: p };
    }
    var nodes = nodesOf(p), units = unitsFor(textOf(p), Math.max(0, point - starts[n]));
    for (var k = 0; k < nodes.length; k++) {
      if (units <= nodes[k].length) return { node: nodes[k], offset: units, p: p };
      units -= nodes[k].length;
    }
    var last = nodes[nodes.length - 1];
    return { node: last, offset: last.length, p: p };
  }

  function rangeOf(start, end) {
    var from = placeOf(start), to = placeOf(end, true);
    return new StaticRange({ startContainer: from.node, startOffset: from.offset, endContainer: to.node, endOffset: to.offset });
  }
  function liveRange(start, end) {
    var still = rangeOf(start, end), range = document.createRange();
    range.setStart(still.startContainer, still.startOffset);
    range.setEnd(still.endContainer, still.endOffset);
    return range;
  }

  /* The code point of a place in the document. */
  function pointOf(node, offset) {
    var p = (node.nodeType === 1 ? node : node.parentElement).closest("p[data-start]");
    if (p && root.contains(p)) {
      var units = 0, nodes = nodesOf(p);
      for (var k = 0; k < nodes.length; k++) {
        if (nodes[k] === node) return starts[index.get(p)] + pointsFor(textOf(p), units + offset);
        units += nodes[k].length;
      }
      return starts[index.get(p)] + (node === p && offset === 0 ? 0 : lengthOf(p));
    }
    var range = document.createRange();
    range.setStart(node, offset);
    range.collapse(true);
    var low = 0, high = paragraphs.length;
    while (low < high) {
      var middle = (low + high) >> 1;
      if (range.comparePoint(paragraphs[middle], 0) >= 0) high = middle; else low = middle + 1;
    }
    return low < paragraphs.length ? starts[low] : given.length;
  }

  /* The words between two code points; lines that the page leaves out are white space. */
  function words(start, end) {
    var found = "";
    for (var n = numberAt(start); n < paragraphs.length && starts[n] < end; n++) {
      var text = textOf(paragraphs[n]), base = starts[n];
      var piece = text.slice(unitsFor(text, Math.max(0, start - base)), unitsFor(text, Math.max(0, end - base)));
      if (piece) found += (found && !paragraphs[n].classList.contains("on") ? "\n" : "") + piece;
    }
    return found;
  }

  /* A passage without the white space around it; null where nothing else is in it. */
  function trimmed(start, end) {
    var n = numberAt(start), last = numberAt(Math.max(start, end - 1));
    end = Math.min(end, starts[last] + lengthOf(paragraphs[last]));
    while (n < last && !words(start, starts[n] + lengthOf(paragraphs[n])).trim()) start = starts[++n];
    while (last > n && !words(starts[last], end).trim()) { last -= 1; end = starts[last] + lengthOf(paragraphs[last]); }
    var text = words(start, end);
    if (!text.trim()) return null;
    return { start: start + text.length - text.trimStart().length, end: end - (text.length - text.trimEnd().length) };
  }

  function selected() {
    var chosen = window.getSelection();
    if (!chosen.rangeCount || chosen.isCollapsed) return null;
    var range = chosen.getRangeAt(0);
    if (!range.intersectsNode(root)) return null;
    var inside = root.contains(range.startContainer) || root.contains(range.endContainer);
    if (!inside) return null;
    var start = root.contains(range.startContainer) ? pointOf(range.startContainer, range.startOffset) : starts[0];
    var end = root.contains(range.endContainer) ? pointOf(range.endContainer, range.endOffset) : given.length;
    return start < end ? trimmed(start, end) : null;
  }

  /* The code point under the mouse or finger; -1 beside the text. */
  function pointUnder(x, y) {
    var node, offset;
    if (document.caretPositionFromPoint) {
      var caret = document.caretPositionFromPoint(x, y);
      if (caret) { node = caret.offsetNode; offset = caret.offset; }
    } else if (document.caretRangeFromPoint) {
      var range = document.caretRangeFromPoint(x, y);
      if (range) { node = range.startContainer; offset = range.startOffset; }
    }
    return node && node.nodeType === 3 && root.contains(node) ? pointOf(node, offset) : -1;
  }

  window.reader = {
    given: given,
    root: root,
    paragraphs: paragraphs,
    starts: starts,
    blocks: blocks,
    numberAt: numberAt,
    lengthOf: lengthOf,
    rangeOf: rangeOf,
    liveRange: liveRange,
    pointOf: pointOf,
    pointUnder: pointUnder,
    selected: selected,
    wordsAt: words,
    /* Parts of the reader hear of one another by these two alone. */
    on: function (name, hear) { (heard[name] = heard[name] || []).push(hear); },
    tell: function (name, what) { (heard[name] || []).forEach(function (hear) { hear(what); }); },
    say: function (name, facts) {
      return (given.words[name] || name).replace(/\{(\w+)\}/g, function (whole, key) { return facts && key in facts ? facts[key] : whole; });
    },
  };
})();
