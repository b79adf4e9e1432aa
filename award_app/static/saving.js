// Saves a form by itself, piece by piece. Each piece is kept in this browser the moment it changes, under the id of the
// person who wrote it, and leaves it when the service has confirmed it. One save is under way at a time and is repeated,
// unchanged and under the same name, until it is answered: so nothing is written twice.
//
// keep(form, sheet) does it; `sheet` knows the form:
//   unit(element)       the id of the piece an element belongs to, or nothing
//   has(id)             whether the page has that piece
//   read(id), write(id, data)      what stands in it, as a plain object of texts
//   mark(id), see(id, mark)        which revision its author has seen
//   parts(pieces)       what is sent: pairs of a name and a text, of [id, data, mark] each
//   hear(told, ids)     the answer: shows what has to be shown, returns { id: mark } of what was written
//   missing(ids)        what is kept here and has no place on the page

const STORE = "pieces";
const tab = Math.random().toString(36).slice(2);
const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join("");
const answerOf = (request) => new Promise((done, failed) => Object.assign(request, { onsuccess: () => done(request.result), onerror: () => failed(request.error) }));

let opened;
function database() {
  opened ??= new Promise((done) => {
    try {
      const request = indexedDB.open("laurel", 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: ["owner", "place", "unit", "tab"] });
      request.onsuccess = () => done(request.result);
      request.onerror = request.onblocked = () => done(null); // a browser that keeps nothing: the page still does
    } catch {
      done(null);
    }
  });
  return opened;
}

async function inStore(mode, work) {
  try {
    const found = await database();
    return found && (await answerOf(work(found.transaction(STORE, mode).objectStore(STORE))));
  } catch {
    return null;
  }
}

const put = (piece) => inStore("readwrite", (store) => store.put(piece));
const drop = (piece) => inStore("readwrite", (store) => store.delete([piece.owner, piece.place, piece.unit, piece.tab]));

// What this person wrote in this browser and the service has not confirmed.
export const unsent = async (owner) => (await inStore("readonly", (store) => store.getAll(IDBKeyRange.bound([owner], [owner, []])))) || [];
export const forget = (owner) => inStore("readwrite", (store) => store.delete(IDBKeyRange.bound([owner], [owner, []])));

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// A box beside a piece: a sentence, the text it speaks of, and buttons.
export function box(after, said, text, ...choices) {
  const made = Object.assign(document.createElement("div"), { className: "notice notice-warn" });
  made.append(Object.assign(document.createElement("p"), { textContent: said }));
  if (text) made.append(Object.assign(document.createElement("div"), { className: "kept", textContent: text, dir: "auto" }));
  for (const [words, work] of choices) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button button-quiet", textContent: words });
    button.addEventListener("click", () => {
      work();
      made.remove();
    });
    made.append(button, " ");
  }
  after.append(made);
  return made;
}

export function keep(form, sheet) {
  const line = document.getElementById("save-status");
  const words = form.dataset;
  const place = new URL(form.action).pathname;
  const dirty = new Map(); // id → piece, not yet on its way
  const batches = []; // pieces that were on their way when an earlier page ended, each batch under its own name
  let pending = null; // the save under way: its name and its pieces
  let running = false;
  let waiting = 0; // the timer of the next attempt
  let failures = 0;
  let over = false; // refused for good
  let submitter = null; // a button pressed while something is not saved yet
  let stored = true; // whether this browser keeps what is typed

  function say(text, kind = "muted small") {
    line.className = kind;
    line.textContent = text;
  }

  function later(seconds) {
    clearTimeout(waiting);
    waiting = setTimeout(save, seconds * 1000);
  }

  async function store(piece) {
    stored = (await put(piece)) !== null;
  }

  // The mark is of what its author saw before she began, however often she types.
  function touch(id) {
    const before = dirty.get(id);
    const piece = { owner: words.owner, place, unit: id, tab, title: document.title, data: sheet.read(id), mark: before ? before.mark : sheet.mark(id), op: "", at: Date.now() };
    dirty.set(id, piece);
    store(piece);
  }

  function save() {
    clearTimeout(waiting);
    if (over || running) return;
    if (!pending) {
      pending = batches.shift() || taken();
      if (!pending) return finish();
    }
    attempt();
  }

  function taken() {
    if (!dirty.size) return null;
    const batch = { op: newKey(), pieces: [...dirty.values()] };
    dirty.clear();
    for (const piece of batch.pieces) store(Object.assign(piece, { op: batch.op }));
    return batch;
  }

  async function attempt() {
    running = true;
    if (!failures) say(words.saving);
    const pieces = pending.pieces.map(({ unit, data, mark }) => [unit, data, mark]);
    const body = new URLSearchParams([["once", pending.op], ...sheet.parts(pieces), ["csrf_token", form.elements.csrf_token.value]]);
    let answer, told;
    try {
      answer = await fetch(place, { method: "POST", body, redirect: "manual", headers: { Accept: "application/json" } });
      told = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : null;
    } catch {
      answer = null;
    }
    running = false;
    if (!answer) retry(stored ? words.kept : words.offline);
    else if (told) hear(answer.status, told);
    else if (answer.type === "opaqueredirect" || answer.status < 500) await renew();
    else retry(words.failed);
  }

  function retry(text) {
    submitter = null; // minutes later she would be led away from what she writes then
    say(text, stored ? "waiting" : "error");
    later(Math.min(60, 5 * 2 ** failures++));
  }

  // A new signing in brings a new token: the page is asked for it, and what was typed is sent again.
  async function renew() {
    try {
      const page = await fetch(location.pathname, { redirect: "manual" });
      const fresh = page.ok ? new DOMParser().parseFromString(await page.text(), "text/html").querySelector("form[data-autosave]") : null;
      const token = fresh?.querySelector("[name=csrf_token]")?.value;
      if (token && fresh.dataset.owner === words.owner && token !== form.elements.csrf_token.value) {
        form.elements.csrf_token.value = token;
        return attempt();
      }
      if (page.type !== "opaqueredirect") return retry(words.failed);
    } catch {
      return retry(stored ? words.kept : words.offline);
    }
    say(words.signedOut + " ", "error");
    line.append(Object.assign(document.createElement("a"), { href: words.signInUrl, target: "_blank", textContent: words.signIn }));
  }

  function hear(status, told) {
    const { pieces } = pending;
    const marks = sheet.hear(told, pieces.map((piece) => piece.unit));
    over = Boolean(told.final);
    if (status !== 200 && !over && !told.again) return retry(words.failed); // it names nothing that could be mended here
    pending = null;
    failures = 0;
    for (const piece of pieces) {
      const { unit } = piece;
      if (status === 200) {
        if (unit in marks) sheet.see(unit, marks[unit]);
        const newer = dirty.get(unit);
        if (newer) store(Object.assign(newer, { mark: sheet.mark(unit) }));
        else drop(piece);
      } else if (told.again?.includes(unit) && !dirty.has(unit)) dirty.set(unit, piece);
    }
    if (status === 200 && (dirty.size || batches.length)) say(words.saving); // "all" is saved when nothing waits any more
    else say(told.said, status === 200 ? "saved" : "error");
    if (status !== 200) submitter = null;
    if (status === 200 || dirty.size) save();
  }

  function finish() {
    if (!submitter) return;
    const button = submitter;
    submitter = null;
    form.requestSubmit(button);
  }

  // What an earlier page left here goes back to its place, and from there to the service.
  async function bringBack() {
    const found = (await unsent(words.owner)).filter((piece) => piece.place === place && piece.tab !== tab).sort((a, b) => b.at - a.at);
    const back = new Map(), missing = [];
    for (const piece of found) {
      const { unit } = piece;
      if (!sheet.has(unit)) missing.push(piece);
      else if (same(piece.data, sheet.read(unit)) || (back.has(unit) && same(back.get(unit).data, piece.data))) drop(piece);
      else if (back.has(unit) || dirty.has(unit)) sheet.offer(unit, piece.data, words.older, () => (sheet.write(unit, piece.data), touch(unit), save()), () => drop(piece));
      else {
        back.set(unit, { ...piece, tab });
        drop(piece);
      }
    }
    if (missing.length) sheet.missing(missing, drop);
    const byName = new Map();
    for (const piece of back.values()) {
      sheet.write(piece.unit, piece.data);
      sheet.see(piece.unit, piece.mark);
      store(piece);
      if (piece.op) byName.set(piece.op, [...(byName.get(piece.op) || []), piece]);
      else dirty.set(piece.unit, piece);
    }
    for (const [op, pieces] of byName) batches.push({ op, pieces });
    if (back.size) save();
    else if (!line.textContent && words.ready) say(words.ready);
  }

  form.addEventListener("input", (event) => {
    const id = sheet.unit(event.target);
    if (id === undefined || over) return;
    touch(id);
    if (pending) return;
    say(words.saving);
    later(["radio", "checkbox", "select-one"].includes(event.target.type) ? 0.1 : 1.2);
  });
  form.addEventListener("focusout", () => dirty.size && !pending && save());
  form.addEventListener("submit", (event) => {
    if (over || !(dirty.size || pending || batches.length)) return;
    event.preventDefault();
    submitter = event.submitter;
    save();
  });
  addEventListener("online", save);
  addEventListener("focus", () => pending && save());
  addEventListener("beforeunload", (event) => !stored && (dirty.size || pending) && event.preventDefault());
  bringBack();
  return { touch, save };
}
