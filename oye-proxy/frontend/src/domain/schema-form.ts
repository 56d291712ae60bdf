/** A value of JSON: what a form edits, and what is sent. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

export type FieldKind =
  "text" | "integer" | "number" | "boolean" | "choice" | "date-time" | "object" | "list" | "any";

/** One field of a form, as its schema describes it. */
export interface Field {
  readonly name: string;
  readonly kind: FieldKind;
  readonly required: boolean;
  readonly description: string;
  readonly unit: string | null;
  readonly choices: readonly string[];
  readonly maxLength: number | null;
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly minItems: number;
  readonly maxItems: number | null;
  /** The members of an object, the required ones first. */
  readonly fields: readonly Field[];
  /** What a list holds. */
  readonly item: Field | null;
}

export type Path = readonly (string | number)[];

export interface FieldProblem {
  readonly path: Path;
  readonly code: "missing" | "kind" | "choice" | "long" | "small" | "large" | "few" | "many";
}

type Schema = Readonly<Record<string, unknown>>;

// No official schema nests deeper; a stranger one is edited as JSON from there on.
const DEEPEST = 12;
const SECONDS = /(?:interval|timeout|duration|minimumStatusDuration)$/i;

/** Return the form of a schema: a field for the whole payload. */
export function formOf(schema: unknown): Field {
  const root = asSchema(schema);
  return fieldOf("", root, true, asSchema(root.definitions), 0);
}

/** Return what stands at a path; undefined when nothing does. */
export function valueAt(value: Json | undefined, path: Path): Json | undefined {
  return path.reduce<Json | undefined>((place, step) => {
    if (Array.isArray(place))
      return typeof step === "number" ? (place as readonly Json[])[step] : undefined;
    return isObject(place) && Object.hasOwn(place, step) ? place[String(step)] : undefined;
  }, value);
}

/** Return the payload with another value at a path; undefined takes the member away. */
export function withValueAt(
  value: Json | undefined,
  path: Path,
  next: Json | undefined,
): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return next;
  if (typeof step === "number") {
    const items = Array.isArray(value) ? [...(value as readonly Json[])] : [];
    const changed = withValueAt(items[step], rest, next);
    if (changed === undefined) items.splice(step, 1);
    else items[step] = changed;
    return items;
  }
  const members = isObject(value) ? value : {};
  const changed = withValueAt(Object.hasOwn(members, step) ? members[step] : undefined, rest, next);
  const others = Object.entries(members).filter(([name]) => name !== step);
  // A member that stays keeps its place.
  const entries: [string, Json][] =
    changed === undefined
      ? others
      : Object.hasOwn(members, step)
        ? Object.entries(members).map(([name, old]) => [name, name === step ? changed : old])
        : [...others, [step, changed]];
  return Object.fromEntries(entries);
}

/** Return the least that a form begins with: the required objects and lists, nothing in them. */
export function blankOf(field: Field): Json | undefined {
  if (field.kind === "list") {
    const item = field.item === null ? undefined : blankOf(field.item);
    return Array.from({ length: field.minItems }, () => item ?? "");
  }
  if (field.kind !== "object") return undefined;
  const entries = field.fields
    .filter((member) => member.required)
    .flatMap((member): [string, Json][] => {
      const blank = blankOf(member);
      return blank === undefined ? [] : [[member.name, blank]];
    });
  return Object.fromEntries(entries);
}

/** Return the value that was typed or chosen; undefined for nothing, the text where it does not fit. */
export function valueOfInput(field: Field, input: string): Json | undefined {
  if (input === "") return undefined;
  switch (field.kind) {
    case "integer":
    case "number": {
      const number = Number(input);
      return Number.isFinite(number) && input.trim() !== "" ? number : input;
    }
    case "boolean":
      return input === "true" ? true : input === "false" ? false : input;
    case "object":
    case "list":
    case "any":
      return parsed(input);
    case "text":
    case "choice":
    case "date-time":
      return input;
  }
}

/** Return a value as a field shows it. */
export function inputOfValue(field: Field, value: Json | undefined): string {
  if (value === undefined) return "";
  if (field.kind === "object" || field.kind === "list" || field.kind === "any")
    return JSON.stringify(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Return what is wrong with a payload, field by field; the server's word is the last. */
export function problemsOf(
  field: Field,
  value: Json | undefined,
  path: Path = [],
): readonly FieldProblem[] {
  if (value === undefined) return field.required ? [{ path, code: "missing" }] : [];
  switch (field.kind) {
    case "object":
      return isObject(value)
        ? field.fields.flatMap((member) =>
            problemsOf(member, valueAt(value, [member.name]), [...path, member.name]),
          )
        : [{ path, code: "kind" }];
    case "list":
      return listProblems(field, value, path);
    case "integer":
    case "number":
      return numberProblems(field, value, path);
    case "boolean":
      return typeof value === "boolean" ? [] : [{ path, code: "kind" }];
    case "choice":
      return typeof value === "string" && field.choices.includes(value)
        ? []
        : [{ path, code: "choice" }];
    case "text":
      return textProblems(field, value, path);
    case "date-time":
      return typeof value === "string" && !Number.isNaN(Date.parse(value))
        ? []
        : [{ path, code: "kind" }];
    case "any":
      return [];
  }
}

function listProblems(field: Field, value: Json, path: Path): readonly FieldProblem[] {
  if (!Array.isArray(value)) return [{ path, code: "kind" }];
  const items = value as readonly Json[];
  if (items.length < field.minItems) return [{ path, code: "few" }];
  if (field.maxItems !== null && items.length > field.maxItems) return [{ path, code: "many" }];
  const { item } = field;
  if (item === null) return [];
  return items.flatMap((one, index) => problemsOf(item, one, [...path, index]));
}

function numberProblems(field: Field, value: Json, path: Path): readonly FieldProblem[] {
  if (typeof value !== "number") return [{ path, code: "kind" }];
  if (field.kind === "integer" && !Number.isInteger(value)) return [{ path, code: "kind" }];
  if (field.minimum !== null && value < field.minimum) return [{ path, code: "small" }];
  if (field.maximum !== null && value > field.maximum) return [{ path, code: "large" }];
  return [];
}

function textProblems(field: Field, value: Json, path: Path): readonly FieldProblem[] {
  if (typeof value !== "string") return [{ path, code: "kind" }];
  const isLong = field.maxLength !== null && Array.from(value).length > field.maxLength;
  return isLong ? [{ path, code: "long" }] : [];
}

function fieldOf(
  name: string,
  written: Schema,
  required: boolean,
  definitions: Schema,
  depth: number,
): Field {
  const schema = resolved(written, definitions);
  const kind = depth > DEEPEST ? "any" : kindOf(schema);
  const child = (key: string, part: unknown, needed: boolean): Field =>
    fieldOf(key, asSchema(part), needed, definitions, depth + 1);
  return {
    name,
    kind,
    required,
    description: textOf(written.description) || textOf(schema.description),
    unit: kind === "integer" && SECONDS.test(name) ? "s" : null,
    choices: listOf(schema.enum).filter((choice) => typeof choice === "string"),
    maxLength: numberOf(schema.maxLength),
    minimum: numberOf(schema.minimum),
    maximum: numberOf(schema.maximum),
    minItems: numberOf(schema.minItems) ?? 0,
    maxItems: numberOf(schema.maxItems),
    fields: kind === "object" ? membersOf(schema, child) : [],
    item: kind === "list" ? child("", schema.items, true) : null,
  };
}

function membersOf(
  schema: Schema,
  child: (key: string, part: unknown, needed: boolean) => Field,
): readonly Field[] {
  const required = listOf(schema.required);
  const fields = Object.entries(asSchema(schema.properties)).map(([key, part]) =>
    child(key, part, required.includes(key)),
  );
  return [
    ...fields.filter((field) => field.required),
    ...fields.filter((field) => !field.required),
  ];
}

function kindOf(schema: Schema): FieldKind {
  if (Array.isArray(schema.enum)) return "choice";
  switch (schema.type) {
    case "string":
      return schema.format === "date-time" ? "date-time" : "text";
    case "integer":
    case "number":
    case "boolean":
      return schema.type;
    case "array":
      return "list";
    case "object":
      return isObject(schema.properties) ? "object" : "any";
    default:
      return "any";
  }
}

function resolved(schema: Schema, definitions: Schema): Schema {
  const name = textOf(schema.$ref).replace(/^#\/definitions\//, "");
  return name !== "" && Object.hasOwn(definitions, name) ? asSchema(definitions[name]) : schema;
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, Json>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function asSchema(value: unknown): Schema {
  return isObject(value) ? value : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}
