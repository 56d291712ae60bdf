import type { Field } from "./schema-form.ts";

const LONGEST = 160;
const MOST_CHOICES = 12;
// An end of a sentence, but not of a shortened word.
const FIRST = /^.*?(?<!\b(?:e\.g|i\.e|excl|incl|etc))[.](?=\s|$)/;
const SIGNS = new Map([
  ["&lt;", "<"],
  ["&gt;", ">"],
  ["&amp;", "&"],
]);

/** Return the field that a place in a payload belongs to; null when the schema has none. */
export function fieldAt(root: Field | null, path: readonly string[]): Field | null {
  return path.reduce<Field | null>((field, step) => {
    if (field === null) return null;
    if (field.kind === "list") return field.item;
    return field.fields.find((member) => member.name === step) ?? null;
  }, root);
}

/** Return what a schema says of a field, in one line; nothing where it says no more than the name. */
export function meaningOf({ name, description }: Field): string {
  if (name === "customData") return "";
  const text = plainOf(description);
  const sentence = FIRST.exec(text)?.[0] ?? text;
  if (keyOf(sentence) === keyOf(name)) return "";
  return sentence.length > LONGEST ? `${sentence.slice(0, LONGEST - 1)}…` : sentence;
}

/** Return the values that a field may have, so many as are read at a glance, and how many more there are. */
export function choicesOf({ choices }: Field): { readonly shown: string; readonly more: number } {
  return {
    shown: choices.slice(0, MOST_CHOICES).join(", "),
    more: Math.max(0, choices.length - MOST_CHOICES),
  };
}

// Schemas of 2.x carry the class and urn of their model, AsciiDoc and entities.
function plainOf(description: string): string {
  return description
    .replace(/^[\s\S]*\burn:\S+/, "")
    .replace(/&(?:lt|gt|amp);/g, (sign) => SIGNS.get(sign) ?? sign)
    .replace(/<<(?:[^,>]*,\s*)?([^>]*)>>/g, "$1")
    .replace(/\*\(2[./]1\)\*/g, "")
    .replace(/ \+(?=\r?\n)/g, " ")
    .replace(/(?<!\w)([_*`])(\S(?:[^_*`\n]*\S)?)\1(?!\w)/g, "$2")
    .replace(/\s+/g, " ")
    .trim();
}

function keyOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/\bidentifier\b/g, "id")
    .replace(/\b(?:the|an?|of|this)\b|[^a-z0-9]/g, "");
}
