import type { Units } from "./units.ts";

/** Return the few facts of a payload that a reader looks for first; empty when there are none. */
export function gistOf(action: string | null, payload: unknown, units: Units): string {
  if (!isObject(payload)) return "";
  const build = action === null ? undefined : GISTS.get(action);
  const facts = build === undefined ? common(payload) : build(payload, units);
  return facts.filter((fact) => fact !== "").join(", ");
}

type Members = Readonly<Record<string, unknown>>;
type Build = (payload: Members, units: Units) => string[];

const GISTS = new Map<string, Build>([
  [
    "BootNotification",
    (payload) => [
      text(payload, "chargePointVendor"),
      text(payload, "chargePointModel"),
      station(payload),
    ],
  ],
  [
    "StatusNotification",
    (payload) => [
      connector(payload),
      text(payload, "status"),
      text(payload, "connectorStatus"),
      problem(payload),
    ],
  ],
  ["MeterValues", (payload, units) => readings(payload.meterValue, units)],
  [
    "TransactionEvent",
    (payload, units) => [
      text(payload, "eventType"),
      text(payload, "triggerReason"),
      ...readings(payload.meterValue, units),
    ],
  ],
  ["StartTransaction", (payload) => [connector(payload)]],
  ["StopTransaction", (payload) => [text(payload, "reason")]],
  ["ChangeConfiguration", (payload) => [text(payload, "key")]],
  ["TriggerMessage", (payload) => [text(payload, "requestedMessage")]],
  [
    "DataTransfer",
    (payload) => [text(payload, "vendorId"), text(payload, "messageId"), text(payload, "status")],
  ],
]);

function common(payload: Members): string[] {
  return [text(payload, "status"), text(payload, "type"), connector(payload)];
}

function connector(payload: Members): string {
  const number = payload.connectorId ?? payload.evseId;
  return typeof number === "number" ? `#${number}` : "";
}

function problem(payload: Members): string {
  const code = text(payload, "errorCode");
  return code === "NoError" ? "" : code;
}

function station(payload: Members): string {
  const about = payload.chargingStation;
  return isObject(about) ? `${text(about, "vendorName")} ${text(about, "model")}`.trim() : "";
}

// The totals of power, energy and state of charge, the newest of each.
function readings(meterValue: unknown, units: Units): string[] {
  const found = new Map<string, string>();
  for (const value of asList(meterValue)) {
    if (!isObject(value)) continue;
    for (const sample of asList(value.sampledValue)) {
      if (isObject(sample) && sample.phase === undefined) addReading(found, sample, units);
    }
  }
  return ["power", "energy", "soc"].flatMap((kind) => found.get(kind) ?? []);
}

function addReading(found: Map<string, string>, sample: Members, units: Units): void {
  const value = Number(sample.value);
  if (!Number.isFinite(value)) return;
  const measurand = text(sample, "measurand") || "Energy.Active.Import.Register";
  const unit = unitOf(sample);
  const base = unit.startsWith("k") ? value * 1000 : value;
  if (measurand === "Power.Active.Import") found.set("power", units.power(base));
  if (measurand === "Energy.Active.Import.Register") found.set("energy", units.energy(base));
  if (measurand === "SoC") found.set("soc", `${value} %`);
}

function unitOf(sample: Members): string {
  const unit = sample.unitOfMeasure;
  return isObject(unit) ? text(unit, "unit") : text(sample, "unit");
}

function text(payload: Members, name: string): string {
  const value = Object.hasOwn(payload, name) ? payload[name] : undefined;
  return typeof value === "string" ? value.slice(0, 60) : "";
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
