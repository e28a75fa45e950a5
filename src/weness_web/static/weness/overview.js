/* Quotes open where their number stands; new findings take the place of old ones without a jump of the page. */
(function () {
  "use strict";
  var drawer = document.getElementById("drawer");
  var paper = drawer.querySelector("div");
  var kept = null;

  function toLocal(root) {
    var told = new Intl.DateTimeFormat(document.documentElement.lang || undefined, { dateStyle: "long", timeStyle: "short" });
    root.querySelectorAll("time[datetime]").forEach(function (time) {
      var at = new Date(time.getAttribute("datetime"));
      if (!isNaN(at)) time.textContent = told.format(at);
    });
  }

  document.addEventListener("click", function (event) {
    if (event.target === drawer) drawer.close();
    var link = event.target.closest && event.target.closest(".findings a[href^='#']");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (drawer.contains(link)) { drawer.close(); return; }
    var there = document.getElementById(link.getAttribute("href").slice(1));
    if (!there || !there.classList.contains("entry")) return;
    event.preventDefault();
    var copy = there.cloneNode(true);
    copy.removeAttribute("id");
    paper.replaceChildren(copy);
    drawer.showModal();
    drawer.scrollTop = 0;
  });
  window.addEventListener("beforeprint", function () {
    if (drawer.open) drawer.close();
  });

  /* The topmost thing with an id that the reader can see: where it stands now is where it stands afterwards. */
  function topmost(room) {
    var best = null;
    room.querySelectorAll("section[id], figure[id], tr[id]").forEach(function (one) {
      var top = one.getBoundingClientRect().top;
      if (one.offsetParent && top < 160 && (!best || top >= best.top)) best = { id: one.id, top: top };
    });
    return best;
  }
  function details(room) { return Array.from(room.querySelectorAll(".findings details")); }
  function nameOf(one) {
    var around = one.parentElement.closest("[id]");
    return (around ? around.id : "") + " " + Array.from(around ? around.querySelectorAll("details") : []).indexOf(one);
  }

  document.body.addEventListener("htmx:beforeSwap", function (event) {
    var room = event.detail.target;
    if (room.id !== "findings-room" || !event.detail.shouldSwap) return;
    kept = {
      place: topmost(room),
      open: details(room).filter(function (one) { return one.open; }).map(nameOf),
      focus: document.activeElement && room.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null,
    };
  });
  /* What is wider than the page can be scrolled by keys too. */
  function toScroll() {
    document.querySelectorAll("#findings-room .scroll").forEach(function (one) {
      if (one.scrollWidth <= one.clientWidth) { one.removeAttribute("tabindex"); return; }
      one.tabIndex = 0;
      var caption = one.querySelector("caption");
      if (!caption || one.hasAttribute("aria-label")) return;
      one.setAttribute("role", "group");
      one.setAttribute("aria-label", caption.textContent);
    });
  }
  window.addEventListener("resize", toScroll);
  document.addEventListener("toggle", toScroll, true);

  document.body.addEventListener("htmx:afterSwap", function () {
    var room = document.getElementById("findings-room");
    toLocal(document.getElementById("main"));
    toScroll();
    if (!kept || !room) return;
    var before = kept;
    kept = null;
    details(room).forEach(function (one) {
      if (before.open.includes(nameOf(one))) one.open = true;
    });
    var there = before.place && document.getElementById(before.place.id);
    if (there) window.scrollBy({ top: there.getBoundingClientRect().top - before.place.top, behavior: "instant" });
    var link = before.focus && room.querySelector("a[href='" + CSS.escape(before.focus) + "']");
    if (link) link.focus({ preventScroll: true });
  });
  toLocal(document.getElementById("main"));
  toScroll();
})();
