// table.js of Datasette asks for this constant, which its own page sets in an inline script.
window.DATASETTE_ALLOW_FACET = document.currentScript.dataset.allowFacet === "true";
