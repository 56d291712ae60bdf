import type { Sent } from "../api/types.gen.ts";

/** One setting of a charger, as it told it; `value` is null when it keeps it to itself. */
export interface Setting {
  /** As set-configuration takes it. */
  readonly key: string;
  readonly value: string | null;
  readonly readOnly: boolean;
  readonly unit: string | null;
  readonly kind: string | null;
  readonly choices: readonly string[];
  readonly minimum: number | null;
  readonly maximum: number | null;
}

type Members = Readonly<Record<string, unknown>>;

/** Return the settings that a reading brought: keys of 1.6, or the variables of reports. */
export function settingsOf(sent: Sent): readonly Setting[] {
  const answer = membersOf(sent.response);
  const keys = listOf(answer.configurationKey).flatMap((one) => ofKey(membersOf(one)));
  const reported = (sent.followUps ?? []).flatMap((report) =>
    listOf(membersOf(report).reportData).flatMap((one) => ofReport(membersOf(one))),
  );
  const read = listOf(answer.getVariableResult).flatMap((one) => ofVariable(membersOf(one)));
  const settings = new Map([...keys, ...reported, ...read].map((one) => [one.key, one]));
  return [...settings.values()].sort((one, other) => (one.key < other.key ? -1 : 1));
}

/** Put a newer reading over an older one; a reading of some keeps what else is known of them. */
export function withReading(
  settings: readonly Setting[],
  newer: readonly Setting[],
): readonly Setting[] {
  const values = new Map(newer.map((one) => [one.key, one.value]));
  return settings.map((one) =>
    values.has(one.key) ? { ...one, value: values.get(one.key) ?? null } : one,
  );
}

/** Return the settings that have each word of a text in their name or value. */
export function matchingSettings(settings: readonly Setting[], text: string): readonly Setting[] {
  const words = text.toLowerCase().split(/\s+/);
  return settings.filter(({ key, value }) => {
    const shown = `${key} ${value ?? ""}`.toLowerCase();
    return words.every((word) => shown.includes(word));
  });
}

function ofKey(one: Members): readonly Setting[] {
  if (typeof one.key !== "string") return [];
  return [{ ...PLAIN, key: one.key, value: textOf(one.value), readOnly: one.readonly === true }];
}

function ofReport(one: Members): readonly Setting[] {
  const key = nameOf(one);
  if (key === null) return [];
  const attributes = listOf(one.variableAttribute).map(membersOf);
  const actual = attributes.find(({ type }) => type === undefined || type === "Actual") ?? {};
  const about = membersOf(one.variableCharacteristics);
  return [
    {
      key,
      value: actual.mutability === "WriteOnly" ? null : textOf(actual.value),
      readOnly: actual.mutability === "ReadOnly" || !isWritable(one),
      unit: textOf(about.unit),
      kind: textOf(about.dataType),
      choices: choicesOf(about),
      minimum: numberOf(about.minLimit),
      maximum: numberOf(about.maxLimit),
    },
  ];
}

function ofVariable(one: Members): readonly Setting[] {
  const key = nameOf(one);
  if (key === null || one.attributeStatus !== "Accepted") return [];
  return [{ ...PLAIN, key, value: textOf(one.attributeValue), readOnly: false }];
}

const PLAIN = { unit: null, kind: null, choices: [], minimum: null, maximum: null } as const;

// `Component[instance]@evse.Variable[instance]`
function nameOf(one: Members): string | null {
  const component = membersOf(one.component);
  const variable = membersOf(one.variable);
  if (typeof component.name !== "string" || typeof variable.name !== "string") return null;
  const evse = numberOf(membersOf(component.evse).id);
  const place = evse === null ? "" : `@${String(evse)}`;
  return `${component.name}${instanceOf(component)}${place}.${variable.name}${instanceOf(variable)}`;
}

// The name has no room for a connector below an EVSE.
function isWritable(one: Members): boolean {
  return membersOf(membersOf(one.component).evse).connectorId === undefined;
}

function instanceOf(part: Members): string {
  return typeof part.instance === "string" ? `[${part.instance}]` : "";
}

// Only of these one value is chosen; a list holds several.
function choicesOf(about: Members): readonly string[] {
  if (about.dataType === "boolean") return ["true", "false"];
  if (about.dataType !== "OptionList" || typeof about.valuesList !== "string") return [];
  return about.valuesList.split(",").map((one) => one.trim());
}

function membersOf(value: unknown): Members {
  return typeof value === "object" && value !== null ? (value as Members) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
