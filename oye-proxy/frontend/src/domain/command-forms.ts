import type {
  AvailabilityRequest,
  ChargerState,
  DataTransferRequest,
  DiagnosticsRequest,
  FirmwareRequest,
  ListEntry,
  LocalListRequest,
  LogType,
  ReserveRequest,
  ResetRequest,
  TriggeredMessage,
  TriggerRequest,
} from "../api/types.gen.ts";

/** The commands that a form is shown for, below the charger. */
export const FORM_COMMANDS = [
  "reset",
  "availability",
  "trigger",
  "reserve",
  "firmware",
  "diagnostics",
  "local-list",
  "local-list-version",
  "clear-cache",
  "data-transfer",
] as const;
export type FormCommand = (typeof FORM_COMMANDS)[number];

export interface FormField {
  readonly name: string;
  readonly kind: "choice" | "connector" | "date-time" | "lines" | "number" | "text";
  readonly required: boolean;
  readonly choices: readonly string[];
}

export interface Bodies {
  readonly reset: ResetRequest;
  readonly availability: AvailabilityRequest;
  readonly trigger: TriggerRequest;
  readonly reserve: ReserveRequest;
  readonly firmware: FirmwareRequest;
  readonly diagnostics: DiagnosticsRequest;
  readonly "local-list": LocalListRequest;
  readonly "local-list-version": object;
  readonly "clear-cache": object;
  readonly "data-transfer": DataTransferRequest;
}

export type FormValues = ReadonlyMap<string, string>;

/** Commands that interrupt, or take something away: asked before. */
export const ASKED: ReadonlySet<FormCommand> = new Set(["reset", "firmware", "clear-cache"]);

const MESSAGES_16: readonly TriggeredMessage[] = [
  "StatusNotification",
  "MeterValues",
  "BootNotification",
  "Heartbeat",
  "FirmwareStatusNotification",
  "DiagnosticsStatusNotification",
];
const MESSAGES_2: readonly TriggeredMessage[] = [
  "StatusNotification",
  "MeterValues",
  "TransactionEvent",
  "BootNotification",
  "Heartbeat",
  "FirmwareStatusNotification",
  "LogStatusNotification",
];

/** Return the fields of a command for a charger. */
export function fieldsOf(command: FormCommand, charger: ChargerState): readonly FormField[] {
  const is16 = charger.ocppVersion === "1.6";
  switch (command) {
    case "reset":
      return [choice("type", ["soft", "hard"]), ...(is16 ? [] : [connector()])];
    case "availability":
      return [choice("operative", ["operative", "inoperative"]), connector()];
    case "trigger":
      return [choice("message", is16 ? MESSAGES_16 : MESSAGES_2), connector()];
    case "reserve":
      return [text("idTag", true), field("until", "date-time", true), connector()];
    case "firmware":
      return [text("location", true), field("retrieveAt", "date-time", false)];
    case "diagnostics":
      return [text("location", true), choice("logType", ["diagnostics", "security"])];
    case "local-list":
      return [
        choice("updateType", ["full", "differential"]),
        field("tags", "lines", false),
        field("version", "number", false),
      ];
    case "data-transfer":
      return [text("vendorId", true), text("messageId", false), field("data", "lines", false)];
    case "local-list-version":
    case "clear-cache":
      return [];
  }
}

/** Return the body that the values of a form make. */
export function bodyOf<Command extends FormCommand>(
  command: Command,
  values: FormValues,
): Bodies[Command] {
  return MAKERS[command](values);
}

const MAKERS: { readonly [Command in FormCommand]: (values: FormValues) => Bodies[Command] } = {
  reset: (values) => ({
    type: values.get("type") === "hard" ? "hard" : "soft",
    ...connectorOf(values),
  }),
  availability: (values) => ({
    operative: values.get("operative") !== "inoperative",
    ...connectorOf(values),
  }),
  trigger: (values) => ({
    message: values.get("message") as TriggeredMessage,
    ...connectorOf(values),
  }),
  reserve: (values) => ({
    idTag: values.get("idTag") ?? "",
    until: timeOf(values.get("until")) ?? "",
    ...connectorOf(values),
  }),
  firmware: (values) => ({
    location: values.get("location") ?? "",
    retrieveAt: timeOf(values.get("retrieveAt")),
  }),
  diagnostics: (values) => ({
    location: values.get("location") ?? "",
    logType: values.get("logType") as LogType,
  }),
  "local-list": (values) => ({
    updateType: values.get("updateType") === "differential" ? "differential" : "full",
    entries: entriesOf(values.get("tags") ?? ""),
    version: numberOf(values.get("version")),
  }),
  "local-list-version": () => ({}),
  "clear-cache": () => ({}),
  "data-transfer": (values) => ({
    vendorId: values.get("vendorId") ?? "",
    messageId: values.get("messageId") === "" ? null : (values.get("messageId") ?? null),
    ...(values.get("data") ? { data: values.get("data") } : {}),
  }),
};

// One tag a line; a minus in front takes it out of the list.
function entriesOf(lines: string): readonly ListEntry[] {
  return lines
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && line !== "-")
    .map((line) =>
      line.startsWith("-") ? { idTag: line.slice(1).trim(), remove: true } : { idTag: line },
    );
}

function connectorOf(values: FormValues): { readonly connectorId?: number } {
  const connectorId = numberOf(values.get("connectorId"));
  return connectorId === null ? {} : { connectorId };
}

function numberOf(value: string | undefined): number | null {
  if (value === undefined || value.trim() === "") return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

// A date-time field holds a time of the reader's zone.
function timeOf(value: string | undefined): string | null {
  if (value === undefined || value === "") return null;
  const moment = new Date(value);
  return Number.isNaN(moment.getTime()) ? null : moment.toISOString();
}

function field(name: string, kind: FormField["kind"], required: boolean): FormField {
  return { name, kind, required, choices: [] };
}

function text(name: string, required: boolean): FormField {
  return field(name, "text", required);
}

function choice(name: string, choices: readonly string[]): FormField {
  return { name, kind: "choice", required: true, choices };
}

function connector(): FormField {
  return field("connectorId", "connector", false);
}
