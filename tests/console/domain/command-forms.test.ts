import { expect, test } from "vitest";
import {
  bodyOf,
  fieldsOf,
  FORM_COMMANDS,
} from "../../../oye-proxy/frontend/src/domain/command-forms.ts";
import { charger } from "../samples.ts";

test.each(FORM_COMMANDS)("%s has fields of each name once", (command) => {
  const names = fieldsOf(command, charger("CP1")).map(({ name }) => name);

  expect([...new Set(names)]).toEqual(names);
});

test("an empty choice of connector is the whole charger", () => {
  const values = new Map([
    ["operative", "inoperative"],
    ["connectorId", ""],
  ]);

  expect(bodyOf("availability", values)).toEqual({ operative: false });
});

test("a list of tags has one a line, and takes out what has a minus", () => {
  const values = new Map([
    ["updateType", "differential"],
    ["tags", " 04A1 \n\n- 04B2\n-\n"],
    ["version", ""],
  ]);

  expect(bodyOf("local-list", values)).toEqual({
    updateType: "differential",
    entries: [{ idTag: "04A1" }, { idTag: "04B2", remove: true }],
    version: null,
  });
});

test("a time of the reader's zone is sent in UTC", () => {
  const values = new Map([
    ["idTag", "A"],
    ["until", "2026-11-21T10:00"],
  ]);

  expect(bodyOf("reserve", values).until).toBe(
    new Date(2026, 10, 21, 10).toISOString(),
  );
});
