(function () {
  "use strict";
  var drawer = document.getElementById("drawer");
  if (!drawer || !drawer.showModal) return;
  var room = drawer.querySelector("div");
  document.addEventListener("click", function (event) {
    if (event.target === drawer) drawer.close();
    var link = event.target.closest && event.target.closest("a[href^='#']");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    var there = document.getElementById(link.getAttribute("href").slice(1));
    if (drawer.contains(link)) { drawer.close(); return; }
    if (!there || !there.classList.contains("entry")) return;
    event.preventDefault();
    var copy = there.cloneNode(true);
    copy.removeAttribute("id");
    room.replaceChildren(copy);
    drawer.showModal();
  });
  window.addEventListener("beforeprint", function () {
    if (drawer.open) drawer.close();
  });
})();
