// The page works without this: it only saves the click on the button, and keeps the address short.
"use strict";
const form = document.getElementById("valg");
const results = document.getElementById("resultat");
const said = JSON.parse(results?.dataset.said ?? "{}");  // what this says, in the language of the page's messages
const decimalMark = document.documentElement.lang === "en" ? "." : ",";
const percentSign = document.documentElement.lang === "en" ? "%" : " %";
const fill = (message, places) => message.replace(/\{(\w+)\}/g, (_, name) => places[name]);

const hasFiles = () => [...form.querySelectorAll("[type=file]")].some((field) => field.files.length > 0);

function address() {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string") continue;
    const field = form.elements.namedItem(name);
    const usual = field instanceof Element ? field.dataset.usual : undefined;
    const blank = value.trim() === "";
    const chosen = name === "regelverk" ? !form.querySelector("[name=regelverk]:checked") : name === "aar";
    if (blank ? chosen : value.trim() !== usual) fields.append(name, value);
  }
  return form.action.split("?")[0] + "?" + fields;
}

// Files are sent by POST alone, and stay in the form whatever comes back.
async function send(to, options, { asFile = false, part = "1" } = {}) {
  let answer;
  try {
    answer = await fetch(to, { ...options, headers: { "X-Del": part } });
    if (answer.headers.has("X-Del")) return { html: await answer.text(), status: answer.status };
    if (answer.ok && asFile) return { file: await answer.blob(), name: nameIn(answer.headers) };
  } catch {
    return { fault: said.noAnswer };
  }
  return { fault: fill(answer.status === 413 ? said.tooLarge : said.failed, { status: answer.status }) };
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
  letAsk();
  if (answer.html && !withFiles && new URL(there).search !== shown) {
    history.pushState(null, "", there);
    shown = location.search;
    followLanguage();
  }
  addBands();
}

// The way to the other language leads to what is on screen.
function followLanguage() {
  const link = document.querySelector("a[rel=alternate]");
  if (!link) return;
  const there = new URL(location.href);
  if (link.hreflang === "en") there.searchParams.set("lang", "en");
  else there.searchParams.delete("lang");
  link.href = there.pathname + there.search;
}

// Bands are worked out while the figures are read: they need some seconds, and the server works on one choice at a time.
const BUSY = 202;
const TRIES = 60;
const pause = (time) => new Promise((done) => { setTimeout(done, time); });
const inDocument = (html) => Object.assign(document.createElement("div"), { innerHTML: html });

async function addBands(wait = 1000) {
  const ours = latest;
  const link = results.querySelector("#om-spenn a, #om-spenn button");
  const status = results.querySelector("#om-spenn [role=status]");
  if (!link) return;
  await pause(wait);  // the choice may be on its way to another
  const body = new FormData(form);
  body.append("spenn", "1");
  const options = hasFiles() ? { method: "POST", body } : {};
  const there = hasFiles() ? form.action : link.href;
  let answer = { status: BUSY };
  for (let tried = 0; answer.status === BUSY && tried < TRIES; tried += 1) {
    if (tried) await pause(2 * wait);
    if (ours !== latest) return;
    status.textContent = said.drawing;
    answer = await send(there, options, { part: "spenn" });
  }
  if (ours !== latest) return;
  if (answer.status === 200) {
    const told = results.closest("[aria-live]");
    told.setAttribute("aria-live", "off");  // not every figure again: the status says it
    freshen(results, inDocument(answer.html));
    letAsk();
    setTimeout(() => told.setAttribute("aria-live", "polite"), wait);
  } else {
    const why = answer.html ? inDocument(answer.html).querySelector(".faults li")?.textContent : answer.fault;
    status.textContent = fill(said.notDrawn, { why: why ?? "" });
  }
}

// Puts in only what differs, so that the place on the page, and what is chosen with the keyboard, stay.
function freshen(old, fresh) {
  const [before, after] = [[...old.childNodes], [...fresh.childNodes]];
  if (before.length !== after.length) {
    old.replaceChildren(...after);
    return;
  }
  before.forEach((node, place) => {
    const other = after[place];
    if (node.isEqualNode(other) || drawnOf(node)?.isEqualNode(other)) return;  // the same picture, to be asked
    if (!node.childNodes.length || node.nodeName !== other.nodeName) {
      node.replaceWith(other);
      return;
    }
    for (const name of new Set([...node.getAttributeNames(), ...other.getAttributeNames()])) {
      if (name === "open") continue;  // what is folded out stays so
      if (other.hasAttribute(name)) node.setAttribute(name, other.getAttribute(name));
      else node.removeAttribute(name);
    }
    freshen(node, other);
  });
}

// A picture becomes a drawing whose marks can be pointed at, reached and followed: what the server drew, put in its place.
const drawings = new WeakMap();
const drawnOf = (node) => drawings.get(node);
const telephone = matchMedia("(max-width: 38rem)");

async function ask(link) {
  const image = link.querySelector("img");
  const address = telephone.matches ? link.querySelector("source").srcset : image.src;
  try {
    const answer = await fetch(address);
    const drawn = new DOMParser().parseFromString(await answer.text(), "image/svg+xml").documentElement;
    if (!answer.ok || drawn.nodeName !== "svg" || !link.isConnected) return;
    drawings.set(drawn, link);
    link.replaceWith(drawn);
  } catch { /* the picture itself stays */ }
}

const inSight = new IntersectionObserver((seen) => {
  for (const { isIntersecting, target } of seen) {
    if (!isIntersecting) continue;
    inSight.unobserve(target);
    ask(target);
  }
}, { rootMargin: "200px" });

function letAsk() {
  results.querySelectorAll("a.picture").forEach((link) => inSight.observe(link));
}

// Files that are dropped anywhere go to their fields: those of units and agencies by what they are called.
function takeFiles(event) {
  if (!event.dataTransfer.types.includes("Files") || event.target.type === "file") return;
  event.preventDefault();
  const dropped = [...event.dataTransfer.files];
  for (const file of dropped) {
    const called = file.name.toLowerCase();
    const name = called.includes("enhet") ? "enheter" : called.includes("etat") ? "etater" : "brukere";
    const one = new DataTransfer();
    one.items.add(file);
    form.elements.namedItem(name).files = one.files;
  }
  if (dropped.length) form.dispatchEvent(new Event("change"));
}

// Beside the result the choices stand open; where there is no room beside it, they are folded above it.
function unfoldBeside(controls) {
  const wide = matchMedia("(min-width: 60rem)");
  const follow = () => { controls.open = wide.matches; };
  if (wide.matches) follow();
  wide.addEventListener("change", follow);
}

const nameIn = (headers) => /filename="([^"]+)"/.exec(headers.get("Content-Disposition"))[1];

async function download(address) {
  results.querySelector(":scope > .faults")?.remove();
  const answer = await send(address, { method: "POST", body: new FormData(form) }, { asFile: true });
  if (answer.html) results.insertAdjacentHTML("afterbegin", answer.html);
  else if (answer.fault) results.prepend(faultOf(answer.fault));
  else {
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(answer.file) });
    link.download = answer.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }
}

// A slider below each number, over its range, in the number's own steps; shares are read in per cent.
function addSlider(field) {
  const { low, high, step, range, perCent } = field.dataset;
  const decimals = (number) => String(+number.toPrecision(9)).replace(".", decimalMark);
  const written = (number) => (perCent === undefined
    ? decimals(number).replace(/^-?\d{1,3}[,.]\d{3}$/, "$&0")  // 7,575 may be 7575
    : `${decimals(100 * number)}${percentSign}`);
  const read = (text) => parseFloat(text.replace(",", ".")) / (text.includes("%") ? 100 : 1);
  const slider = Object.assign(document.createElement("input"), { type: "range", min: low, max: high, step });
  slider.setAttribute("aria-label", form.querySelector(`label[for="${CSS.escape(field.id)}"]`).textContent);
  const say = () => slider.setAttribute("aria-valuetext", `${written(+slider.value)}, ${range}`);
  const follow = () => { slider.value = read(field.value); say(); };
  slider.addEventListener("input", () => { field.value = written(+slider.value); say(); });
  field.addEventListener("input", follow);
  field.closest(".number-field").querySelector(".hint").before(slider);
  follow();
}

if (form) {
  letAsk();
  telephone.addEventListener("change", () => {
    results.querySelectorAll("figure > svg").forEach((drawn) => { drawn.replaceWith(drawnOf(drawn)); });
    letAsk();
  });
  unfoldBeside(form.closest("details"));
  form.querySelectorAll("[data-low]").forEach(addSlider);
  let waiting;
  form.addEventListener("change", (event) => {
    if (event.target.type === "file" || event.target === form) results.querySelector(".understood")?.remove();  // of others
    clearTimeout(waiting);
    waiting = setTimeout(update, 150);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter?.hasAttribute("formaction")) download(event.submitter.formAction);
    else if (event.submitter?.name === "spenn") addBands(0);
    else update();
  });
  window.addEventListener("load", () => addBands());  // the pictures come first
  for (const name of ["dragover", "drop"]) document.addEventListener(name, takeFiles);
  // a jump within the page is none to another choice
  window.addEventListener("popstate", () => { if (location.search !== shown) location.reload(); });
}
