// The page works without this: it only saves the click on the button, and keeps the address short.
"use strict";
const form = document.getElementById("valg");
const results = document.getElementById("resultat");

function address() {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    const field = form.elements.namedItem(name);
    const usual = field instanceof Element ? field.dataset.usual : undefined;
    if (typeof value === "string" && value.trim() !== "" && value.trim().replace(",", ".") !== usual) {
      fields.append(name, value);
    }
  }
  return "/?" + fields;
}

let latest = 0;
async function update() {
  const ours = ++latest;
  const ownData = form.elements.brukere.files.length > 0;
  const asked = ownData
    ? { method: "POST", body: new FormData(form), headers: { "X-Del": "1" } }
    : { headers: { "X-Del": "1" } };
  results.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(ownData ? "/" : address(), asked);
    const text = await answer.text();
    if (ours === latest) {
      if (answer.headers.get("Content-Type").startsWith("text/html")) results.innerHTML = text;
      else results.textContent = JSON.parse(text).error;
      if (!ownData) history.pushState(null, "", address());
    }
  } catch {
    if (ours === latest) form.submit();
  } finally {
    if (ours === latest) results.removeAttribute("aria-busy");
  }
}

// A slider beside each number, over its range.
function addSlider(field) {
  const { low, high } = field.dataset;
  const slider = Object.assign(document.createElement("input"), { type: "range", min: low, max: high });
  slider.step = (high - low) / 100;
  slider.value = field.value.replace(",", ".");
  slider.setAttribute("aria-label", form.querySelector(`label[for="${CSS.escape(field.id)}"]`).textContent);
  slider.addEventListener("input", () => { field.value = String(+(+slider.value).toPrecision(4)).replace(".", ","); });
  field.addEventListener("input", () => { slider.value = field.value.replace(",", "."); });
  field.closest(".number-field").querySelector(".hint").before(slider);
}

if (form) {
  form.querySelectorAll("[data-low]").forEach(addSlider);
  let waiting;
  form.addEventListener("change", () => { clearTimeout(waiting); waiting = setTimeout(update, 150); });
  form.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter.hasAttribute("formaction")) return;
    event.preventDefault();
    update();
  });
  window.addEventListener("popstate", () => location.reload());
}
