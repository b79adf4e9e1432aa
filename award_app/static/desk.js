// The score sheet saves by itself. Without this file its button does.
import { box, keep } from "./saving.js";

const form = document.querySelector("form[data-autosave]");
const words = form.dataset;
const part = (name, id) => form.elements[`${name}_${id}`];
const place = (id) => part("comment", id).closest(".field");
const boxes = new Map(); // what is wrong with a criterion stands at its comment

function beside(id, said, text, ...choices) {
  boxes.get(id)?.remove();
  boxes.set(id, box(place(id), said, text, ...choices));
}

function take(id, data) {
  sheet.write(id, data);
  saving.touch(id);
  saving.save();
}

const sheet = {
  unit: (element) => /^(?:value|comment)_(\d+)$/.exec(element.name)?.[1],
  has: (id) => Boolean(part("comment", id)),
  read: (id) => ({ value: part("value", id).value, comment: part("comment", id).value }),
  write(id, { value, comment }) {
    for (const radio of part("value", id)) radio.checked = radio.value === value;
    part("comment", id).value = comment;
  },
  mark: (id) => part("seen", id).value,
  see: (id, mark) => (part("seen", id).value = mark),
  parts: (pieces) => pieces.flatMap(([id, { value, comment }, mark]) => [[`value_${id}`, value], [`comment_${id}`, comment], [`seen_${id}`, mark]]),
  hear(told, ids) {
    const { fields = {}, clashes = {}, marks = {} } = told;
    for (const id of ids) boxes.get(id)?.remove();
    for (const [id, said] of Object.entries(fields)) beside(id, said);
    for (const [id, other] of Object.entries(clashes)) {
      const seen = () => this.see(id, other.mark);
      const theirs = { value: String(other.value ?? ""), comment: other.comment };
      beside(id, other.said, "", [words.mine, () => (seen(), take(id, this.read(id)))], [words.theirs, () => (seen(), take(id, theirs))]);
    }
    // Of a sheet with something wrong in it nothing was written: the rest goes over once more, without that.
    if (Object.keys(fields).length || Object.keys(clashes).length) told.again = ids.filter((id) => !(id in fields) && !(id in clashes));
    return Object.fromEntries(Object.entries(marks).filter(([id]) => ids.includes(id)));
  },
  offer(id, data, said, taking, leave) {
    box(place(id), said, [data.value, data.comment].filter(Boolean).join(" · "), [words.mine, leave], [words.theirs, taking]);
  },
  missing() {},
};

const saving = keep(form, sheet);
