// Everything works without this file. With it, words are counted while one writes, and errors are read out first.

// The same rule as domain/words.py: Han and kana one by one, unspaced scripts by length, everything else by spaces.
const HAN_KANA = "\\u3005-\\u3007\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}\\u3041-\\u309f\\u30a1-\\u30fa\\u30fc-\\u30ff\\u31f0-\\u31ff\\uff66-\\uff9f";
const UNSPACED = "\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff";
const PIECE = new RegExp(`(?<one>[${HAN_KANA}])|(?<run>[${UNSPACED}]+)|[^\\s\\u200b${HAN_KANA}${UNSPACED}]+`, "gu");

export function countWords(text) {
  let count = 0;
  for (const { 0: piece, groups } of text.matchAll(PIECE)) {
    const letters = (piece.match(/[\p{L}\p{N}]/gu) || []).length;
    count += groups.one ? 1 : groups.run ? Math.ceil(letters / 4) : Math.min(letters, 1);
  }
  return count;
}

for (const line of document.querySelectorAll("[data-words-for]")) {
  const field = document.getElementById(line.dataset.wordsFor);
  const show = () => {
    const count = countWords(field.value);
    line.textContent = line.dataset.count.replace("#", count);
    line.classList.toggle("over", count > Number(line.dataset.limit));
  };
  if (field) {
    field.addEventListener("input", show);
    show();
  }
}

document.querySelector(".error-summary")?.focus();

// Who types is here: the service hears of it at most once in five minutes, so that her session does not end meanwhile.
const PAUSE = 300000;
const token = document.querySelector(".who [name=csrf_token]")?.value;
let told = Date.now();
if (token) {
  document.addEventListener("input", () => {
    if (Date.now() - told < PAUSE) return;
    told = Date.now();
    fetch("/account/here", { method: "POST", headers: { "X-CSRFToken": token }, redirect: "manual" }).catch(() => {});
  });
}

// What is opened seldom comes when it is opened: a part of another page. Where it does not come, the link to that page stays.
for (const box of document.querySelectorAll("details[data-part]")) {
  box.addEventListener("toggle", () => bring(box), { once: true });
}

async function bring(box) {
  const { pathname, hash } = new URL(box.dataset.part, location.href);
  const answer = await fetch(pathname, { redirect: "manual" }).catch(() => null);
  if (!answer?.ok) return;
  const part = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(hash);
  if (!part) return;
  for (const link of part.querySelectorAll(`a[href="${CSS.escape(location.pathname)}"]`)) link.closest("tr")?.setAttribute("aria-current", "true");
  box.lastElementChild.replaceWith(document.adoptNode(part));
}

// A computer may be shared: whoever signs out leaves nothing of hers behind, and hears first what is not sent yet.
const out = document.querySelector("form.who");
out?.addEventListener("submit", async (event) => {
  if (out.dataset.sure) return;
  event.preventDefault();
  const { owner, keeper, left, stay, leave } = out.dataset;
  const go = () => ((out.dataset.sure = "yes"), out.requestSubmit());
  const kept = await import(keeper).catch(() => null);
  const pieces = kept ? await kept.unsent(owner) : [];
  if (!pieces.length) return go();
  document.getElementById("left-here")?.remove();
  const titles = [...new Set(pieces.map((piece) => piece.title))].join("\n");
  const said = kept.box(document.getElementById("main"), left, titles, [stay, () => {}], [leave, () => kept.forget(owner).then(go)]);
  said.id = "left-here";
  said.tabIndex = -1;
  document.getElementById("main").prepend(said);
  said.focus();
});
