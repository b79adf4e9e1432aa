// A page of the nomination form saves by itself. Without this file its buttons do.
import { box, keep } from "./saving.js";

const form = document.querySelector("form[data-autosave]");
const words = form.dataset;
const marks = JSON.parse(form.elements.seen.value || "{}");
const notTyped = new Set(["csrf_token", "once", "seen", "go"]);
const field = (id) => form.elements[id];
const first = (id) => (field(id) instanceof RadioNodeList ? field(id)[0] : field(id));
const place = (id) => first(id).closest(".field");

const sheet = {
  unit: (element) => (element.name && !notTyped.has(element.name) ? element.name : undefined),
  has: (id) => Boolean(field(id)),
  read: (id) => ({ text: first(id).type === "checkbox" ? (first(id).checked ? "y" : "") : field(id).value }),
  write(id, { text }) {
    if (first(id).type === "checkbox") first(id).checked = Boolean(text);
    else field(id).value = text;
    first(id).dispatchEvent(new Event("input")); // the counter of words; it does not bubble, so nothing is saved anew
  },
  mark: (id) => marks[id] || 0,
  see(id, mark) {
    marks[id] = mark;
    form.elements.seen.value = JSON.stringify(marks);
  },
  parts(pieces) {
    const seen = Object.fromEntries(pieces.map(([id, , mark]) => [id, mark]));
    const typed = pieces.flatMap(([id, { text }]) => [["part", id], ...(text || first(id).type !== "checkbox" ? [[id, text]] : [])]);
    return [["seen", JSON.stringify(seen)], ...typed];
  },
  hear(told) {
    const units = Object.entries(told.units || {});
    for (const [id, { said, text }] of units) if (said) this.offer(id, { text }, said);
    if (told.warning) box(document.getElementById("save-status").parentElement, told.warning, "", [words.read, () => {}]);
    return Object.fromEntries(units.map(([id, { mark }]) => [id, mark]));
  },
  offer(id, data, said, take = () => (this.write(id, data), saving.touch(id), saving.save()), leave = () => {}) {
    box(place(id), said, data.text, [words.mine, leave], [words.theirs, take]);
  },
  // Rows are added by the service: the page is asked for once more, with one row more.
  missing(pieces, drop) {
    const group = /^(\w+)\.\d+\./.exec(pieces[0].unit)?.[1];
    if (group && !new URLSearchParams(location.search).has("more")) location.replace(`?more=${group}`);
    else for (const piece of pieces) box(document.getElementById("save-status").parentElement, words.noPlace, piece.data.text, [words.read, () => drop(piece)]);
  },
};

const saving = keep(form, sheet);
