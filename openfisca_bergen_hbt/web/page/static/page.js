// The page works without this: it only saves the click on the button, and keeps the address short.
"use strict";
const form = document.getElementById("valg");
const results = document.getElementById("resultat");
const NO_ANSWER = "Det kom ikke noe svar fra serveren. Valget og filene er beholdt: prøv igjen. " +
  "Er en fil endret siden du valgte den, må du velge den på nytt.";

const hasFiles = () => [...form.querySelectorAll("[type=file]")].some((field) => field.files.length > 0);

function address() {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string") continue;
    const field = form.elements.namedItem(name);
    const usual = field instanceof Element ? field.dataset.usual : undefined;
    const blank = value.trim() === "";
    const said = name === "regelverk" ? !form.querySelector("[name=regelverk]:checked") : name === "aar";
    if (blank ? said : value.trim().replace(",", ".") !== usual) fields.append(name, value);
  }
  return form.action + "?" + fields;
}

// Files are sent by POST alone, and stay in the form whatever comes back.
async function send(to, options, asFile = false) {
  let answer;
  try {
    answer = await fetch(to, { ...options, headers: { "X-Del": "1" } });
    if (answer.headers.has("X-Del")) return { html: await answer.text() };
    if (answer.ok && asFile) return { file: await answer.blob() };
  } catch {
    return { fault: NO_ANSWER };
  }
  const why = answer.status === 413 ? "Det som ble sendt, er større enn serveren tar imot" : "Forespørselen ble ikke utført";
  return { fault: `${why} (${answer.status}). Valget og filene er beholdt.` };
}

function faultOf(text) {
  const fault = Object.assign(document.createElement("div"), { className: "faults", textContent: text });
  fault.setAttribute("role", "alert");
  return fault;
}

let latest = 0;
let shown = location.search;
async function update() {
  const ours = ++latest;
  const withFiles = hasFiles();
  const there = withFiles ? form.action : address();
  results.setAttribute("aria-busy", "true");
  const answer = await send(there, withFiles ? { method: "POST", body: new FormData(form) } : {});
  if (ours !== latest) return;
  if (answer.html) results.innerHTML = answer.html;
  else results.replaceChildren(faultOf(answer.fault));  // figures of another choice do not stay
  results.removeAttribute("aria-busy");
  if (answer.html && !withFiles && new URL(there).search !== shown) {
    history.pushState(null, "", there);
    shown = location.search;
  }
}

async function download(address) {
  results.querySelector(":scope > .faults")?.remove();
  const answer = await send(address, { method: "POST", body: new FormData(form) }, true);
  if (answer.html) results.insertAdjacentHTML("afterbegin", answer.html);
  else if (answer.fault) results.prepend(faultOf(answer.fault));
  else {
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(answer.file) });
    link.download = address.slice(address.lastIndexOf("/") + 1);
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }
}

// A slider beside each number, over its range.
function addSlider(field) {
  const { low, high } = field.dataset;
  const slider = Object.assign(document.createElement("input"), { type: "range", min: low, max: high });
  slider.step = (high - low) / 100;
  slider.value = field.value.replace(",", ".");
  slider.setAttribute("aria-label", form.querySelector(`label[for="${CSS.escape(field.id)}"]`).textContent);
  slider.addEventListener("input", () => {
    const text = String(+(+slider.value).toPrecision(4)).replace(".", ",");
    field.value = text.replace(/,\d{3}$/, "$&0");  // 7,575 may be 7575
  });
  field.addEventListener("input", () => { slider.value = field.value.replace(",", "."); });
  field.closest(".number-field").querySelector(".hint").before(slider);
}

if (form) {
  form.querySelectorAll("[data-low]").forEach(addSlider);
  let waiting;
  form.addEventListener("change", () => { clearTimeout(waiting); waiting = setTimeout(update, 150); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter?.hasAttribute("formaction")) download(event.submitter.formAction);
    else update();
  });
  // a jump within the page is none to another choice
  window.addEventListener("popstate", () => { if (location.search !== shown) location.reload(); });
}
