// The one script of every page: copy buttons.
(function () {
  "use strict";
  function copied(text) {
    if (navigator.clipboard && window.isSecureContext) {
      return navigator.clipboard.writeText(text).catch(function () { return bySelection(text); });
    }
    return bySelection(text);
  }
  // Without the clipboard API: an archive on a plain http address, an old browser, a permission refused.
  function bySelection(text) {
    var area = document.createElement("textarea");
    area.value = text;
    area.readOnly = true;
    area.className = "off-screen";
    document.body.appendChild(area);
    area.select();
    area.setSelectionRange(0, text.length);
    var done = document.execCommand("copy");
    area.remove();
    return done ? Promise.resolve() : Promise.reject(new Error("copy"));
  }
  document.querySelectorAll("button.copy").forEach(function (button) {
    var source = document.getElementById(button.dataset.copy);
    var label = button.textContent;
    if (!source) { return; }
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", function () {
      copied(source.textContent.trim()).then(function () {
        button.textContent = button.dataset.done;
        setTimeout(function () { button.textContent = label; }, 3000);
      }, function () {
        // Nothing may be written: mark it, so that one key press copies.
        getSelection().selectAllChildren(source);
      }).then(function () { button.focus(); });
    });
  });
})();
