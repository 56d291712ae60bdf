import { expect, test } from "vitest";
import type { SettingChange } from "../../../oye-proxy/frontend/src/api/types.gen.ts";
import { inWords } from "../../../oye-proxy/frontend/src/domain/setting-changes.ts";

function told(
  name: SettingChange["name"],
  before: SettingChange["before"],
  after: SettingChange["after"],
  subject: string | null = null,
): readonly (string | null)[] {
  const words = inWords({ name, subject, before, after });
  return [words.subject, words.label, words.before, words.after];
}

test("a change has the words of the page where the value is set", () => {
  expect(told("config.csmsForwardingEnabled", false, true)).toEqual([
    null,
    "Forward to the CSMS",
    "No",
    "Yes",
  ]);
  expect(told("storage.preset", "all", "custom")).toEqual([
    "Stored frames",
    "What is stored",
    "Everything",
    "By rules of your own",
  ]);
  expect(told("storage.maxBytes", null, 64_000_000)).toEqual([
    "Stored frames",
    "Size in MB",
    "Default",
    "64",
  ]);
  expect(told("chargers.ownerStatus", "active", "inactive", "CP1")).toEqual([
    "CP1",
    "Use",
    "In use",
    "Out of use",
  ]);
});

test("of an id tag only the end is shown", () => {
  expect(told("idTags.status", null, "blocked", "04A1B2C3")).toEqual([
    "Id tags ••••B2C3",
    "State",
    "–",
    "Blocked",
  ]);
  expect(told("config.defaultIdTag", "ADMIN_TAG", "04A1B2C3")).toEqual([
    null,
    "Id tag for automatic charging",
    "••••_TAG",
    "••••B2C3",
  ]);
});

test("a value without a text of ours is shown as it came", () => {
  expect(told("chargers.mode", "from_tomorrow", "<b>", "CP1").slice(2)).toEqual(
    ["from_tomorrow", "<b>"],
  );
});
