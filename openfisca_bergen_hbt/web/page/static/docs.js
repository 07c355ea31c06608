"use strict";
window.addEventListener("load", () => {
  SwaggerUIBundle({ url: "spec", dom_id: "#docs", deepLinking: true, validatorUrl: null });
});
