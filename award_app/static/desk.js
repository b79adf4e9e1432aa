// The score sheet saves by itself. Without this file its button does.
// One save is under way at a time and is tried again, unchanged, until it is answered: so nothing is saved twice, and a
// second window of the same person is told from a repetition.

const form = document.querySelector("form[data-autosave]");
const line = document.getElementById("save-status");
const words = form.dataset;
const dirty = new Set(); // criteria changed since the last save was put together
let pending = null; // the save under way: its criteria, and what is sent
let waiting = 0; // the timer of the next attempt
let failures = 0;
let over = false; // refused for good
let submitter = null; // a button pressed while a save is under way

const part = (name, id) => form.elements[`${name}_${id}`];
const key = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join("");

function say(text, kind = "muted small") {
  line.className = kind;
  line.textContent = text;
}

function later(seconds, work = save) {
  clearTimeout(waiting);
  waiting = setTimeout(work, seconds * 1000);
}

function put(id) {
  const fields = { value: part("value", id)?.value ?? "", comment: part("comment", id).value, seen: part("seen", id).value };
  return Object.entries(fields).map(([name, text]) => [`${name}_${id}`, text]);
}

function save() {
  clearTimeout(waiting);
  if (over) return;
  if (!pending) {
    if (!dirty.size) return finish();
    pending = { ids: [...dirty], sent: [["once", key()], ...[...dirty].flatMap(put)], running: false };
    dirty.clear();
  }
  if (!pending.running) attempt();
}

async function attempt() {
  pending.running = true;
  if (!failures) say(words.saving);
  const body = new URLSearchParams([...pending.sent, ["csrf_token", form.elements.csrf_token.value]]);
  let answer, told;
  try {
    answer = await fetch(form.action, { method: "POST", body, redirect: "manual", headers: { Accept: "application/json" } });
    told = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : null;
  } catch {
    answer = null;
  }
  pending.running = false;
  if (!answer) retry(words.offline);
  else if (told) hear(answer.status, told);
  else if (answer.type === "opaqueredirect" || answer.status < 500) await renew();
  else retry(words.failed);
}

function retry(text) {
  say(text, "error");
  later(Math.min(60, 5 * 2 ** failures++));
}

// A new signing in brings a new token: the page is asked for it, and what was typed is sent again.
async function renew() {
  try {
    const page = await fetch(location.pathname, { redirect: "manual" });
    const fresh = page.ok && new DOMParser().parseFromString(await page.text(), "text/html");
    const token = fresh && fresh.querySelector("form[data-autosave] [name=csrf_token]")?.value;
    if (token && token !== form.elements.csrf_token.value) {
      form.elements.csrf_token.value = token;
      return attempt();
    }
    if (page.type !== "opaqueredirect") return retry(words.failed);
  } catch {
    return retry(words.offline);
  }
  say(words.signedOut + " ", "error");
  const link = Object.assign(document.createElement("a"), { href: words.signInUrl, target: "_blank", textContent: words.signIn });
  line.append(link);
}

function hear(status, told) {
  const { ids } = pending;
  pending = null;
  failures = 0;
  for (const id of ids) beside(id);
  for (const [id, mark] of Object.entries(told.marks || {})) if (ids.includes(id)) part("seen", id).value = mark;
  for (const [id, text] of Object.entries(told.fields || {})) beside(id, text);
  for (const [id, other] of Object.entries(told.clashes || {})) ask(id, other);
  over = Boolean(told.final);
  say(told.said, status === 200 ? "saved" : "error");
  if (status !== 200) submitter = null;
  else save();
}

// What is wrong with a criterion stands at its comment.
function beside(id, text) {
  document.getElementById(`beside-${id}`)?.remove();
  if (!text) return null;
  const box = Object.assign(document.createElement("div"), { id: `beside-${id}`, className: "notice notice-warn" });
  box.append(Object.assign(document.createElement("p"), { textContent: text }));
  part("comment", id).closest(".field").append(box);
  return box;
}

function ask(id, other) {
  const box = beside(id, other.said);
  const choose = (text, work) => {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button button-quiet", textContent: text });
    button.addEventListener("click", () => {
      part("seen", id).value = other.mark;
      work();
      beside(id);
      dirty.add(id);
      save();
    });
    box.append(button, " ");
  };
  choose(words.mine, () => {});
  choose(words.theirs, () => {
    part("comment", id).value = other.comment;
    for (const radio of form.querySelectorAll(`[name=value_${id}]`)) radio.checked = radio.value === String(other.value);
  });
}

function finish() {
  if (!submitter) return;
  const button = submitter;
  submitter = null;
  form.requestSubmit(button);
}

form.addEventListener("input", (event) => {
  const id = /^(?:value|comment)_(\d+)$/.exec(event.target.name)?.[1];
  if (!id || over) return;
  dirty.add(id);
  if (!pending) say(words.saving);
  if (!pending) later(event.target.type === "radio" ? 0.1 : 1.2);
});
form.addEventListener("focusout", () => dirty.size && !pending && save());
form.addEventListener("submit", (event) => {
  if (pending?.running) {
    event.preventDefault();
    submitter = event.submitter;
    return;
  }
  clearTimeout(waiting);
  dirty.clear();
  pending = null;
});
addEventListener("online", () => pending && save());
addEventListener("focus", () => pending && save());
addEventListener("beforeunload", (event) => (dirty.size || pending) && event.preventDefault());
