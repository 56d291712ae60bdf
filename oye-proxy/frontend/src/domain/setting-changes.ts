import type { SettingChange } from "../api/types.gen.ts";
import { localize, localizeCode, type TextKey } from "../texts/localize.ts";
import { maskedTag } from "./text.ts";
import { NOTHING } from "./units.ts";

type Name = SettingChange["name"];

const MEGABYTE = 1_000_000;

// The name of each setting, and where its values are named.
const NAMES: Readonly<Record<Name, readonly [TextKey, string?, string?]>> = {
  "config.targetCsmsUrl": ["system.csms_url"],
  "config.csmsForwardingEnabled": ["system.forwarding"],
  "config.autoChargeEnabled": ["system.automatic"],
  "config.defaultIdTag": ["system.default_tag"],
  "storage.preset": ["system.stored_frames", "system", "preset_"],
  "storage.rules": ["system.rules"],
  "storage.otherwise": ["system.otherwise", "system", "keep_"],
  "storage.retentionCount": ["system.keep_count"],
  "storage.retentionDays": ["system.keep_days"],
  "storage.maxBytes": ["system.keep_size"],
  "idTags.status": ["access.state", "system", "tag_"],
  "idTags.name": ["owner.name"],
  "chargers.name": ["owner.name"],
  "chargers.mode": ["mode.title", "mode"],
  "chargers.ownerStatus": ["owner.ownerStatus", "owner"],
  "chargers.pauseStrategy": ["owner.pauseStrategy", "owner"],
};

/** One change of an import, in words. */
export interface ChangeInWords {
  readonly label: string;
  readonly subject: string | null;
  readonly before: string;
  readonly after: string;
}

/** Say what an import changes; of id tags only the end is shown. */
export function inWords({ name, subject, before, after }: SettingChange): ChangeInWords {
  return {
    label: localize(NAMES[name][0]),
    subject: subjectInWords(name, subject),
    before: valueInWords(name, before),
    after: valueInWords(name, after),
  };
}

function subjectInWords(name: Name, subject: string | null): string | null {
  if (name.startsWith("storage.")) return localize("system.storage");
  if (subject === null || !name.startsWith("idTags.")) return subject;
  return `${localize("system.tags")} ${maskedTag(subject)}`;
}

function valueInWords(name: Name, value: SettingChange["after"]): string {
  if (value === null) return name.startsWith("storage.") ? localize("system.default") : NOTHING;
  if (typeof value === "boolean")
    return localize(value ? "general.answer_yes" : "general.answer_no");
  if (name === "storage.maxBytes") return String(Math.round(Number(value) / MEGABYTE));
  if (name === "config.defaultIdTag") return maskedTag(String(value));
  const [, group, prefix = ""] = NAMES[name];
  const text = String(value);
  return (group === undefined ? null : localizeCode(group, prefix + text)) ?? text;
}
