import type { Field } from "./schema-form.ts";

const LONGEST = 160;

/** Return the field that a place in a payload belongs to; null when the schema has none. */
export function fieldAt(root: Field | null, path: readonly string[]): Field | null {
  return path.reduce<Field | null>((field, step) => {
    if (field === null) return null;
    if (field.kind === "list") return field.item;
    return field.fields.find((member) => member.name === step) ?? null;
  }, root);
}

/** Return what a schema says of a field, in one line. */
export function meaningOf(field: Field): string {
  const text = field.description
    // Schemas of 2.0.1 name the class and its urn before they say what it means.
    .replace(/^[\s\S]*\burn:\S+/, "")
    .replace(/\s+/g, " ")
    .trim();
  const sentence = /^.*?[.](?=\s|$)/.exec(text)?.[0] ?? text;
  return sentence.length > LONGEST ? `${sentence.slice(0, LONGEST - 1)}…` : sentence;
}
