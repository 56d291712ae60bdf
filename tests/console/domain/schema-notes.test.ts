import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import {
  type Field,
  formOf,
} from "../../../oye-proxy/frontend/src/domain/schema-form.ts";
import {
  choicesOf,
  fieldAt,
  meaningOf,
} from "../../../oye-proxy/frontend/src/domain/schema-notes.ts";

const form = formOf({
  type: "object",
  properties: {
    list: {
      type: "array",
      items: {
        type: "object",
        properties: {
          value: { type: "string", description: "First.\nSecond sentence." },
        },
      },
    },
  },
});

test("a place in a payload finds its field, through lists", () => {
  const field = fieldAt(form, ["list", "3", "value"]);

  expect(field?.name).toBe("value");
  expect(field === null ? "" : meaningOf(field)).toBe("First.");
});

test("what the schema does not know has no field", () => {
  expect(fieldAt(form, ["list", "0", "__proto__"])).toBeNull();
  expect(fieldAt(null, ["list"])).toBeNull();
});

test("the class and urn that 2.0.1 puts before a meaning are none", () => {
  const told = (description: string): string => {
    const described = formOf({
      type: "object",
      properties: { level: { type: "integer", description } },
    });
    const field = fieldAt(described, ["level"]);
    return field === null ? "?" : meaningOf(field);
  };

  expect(
    told(
      "Charging_ Profile. Stack_ Level. Counter\r\nurn:x-oca:ocpp:uid:1:569230\r\nLevel in the stack. Lowest is 0.\r\n",
    ),
  ).toBe("Level in the stack.");
  expect(told("Charging_ Profile\r\nurn:x-oca:ocpp:uid:2:233255\r\n")).toBe("");
});

const LIBRARIES = fileURLToPath(
  new URL("../../../.venv/lib/", import.meta.url),
);

/** Return the fields of the official schemas of a version, each that has something to say. */
function officialFields(version: string): readonly Field[] {
  const fieldsBelow = (field: Field): readonly Field[] => [
    field,
    ...field.fields.flatMap(fieldsBelow),
    ...(field.item === null ? [] : fieldsBelow(field.item)),
  ];
  return readdirSync(LIBRARIES).flatMap((python) => {
    const folder = join(
      LIBRARIES,
      python,
      "site-packages/ocpp",
      version,
      "schemas",
    );
    return readdirSync(folder).flatMap((name) => {
      const text = readFileSync(join(folder, name), "utf8");
      return fieldsBelow(formOf(JSON.parse(text.replace(/^\ufeff/, ""))));
    });
  });
}

test.each(["v16", "v201", "v21"])(
  "no note of an official schema of %s is left over from its generator",
  (version) => {
    const fields = officialFields(version);
    const notes = fields.map(meaningOf);
    const letters = (text: string): string =>
      text.toLowerCase().replace(/[^a-z0-9]/g, "");

    expect(fields.length).toBeGreaterThan(100);
    expect(
      notes.filter((note) =>
        /\w_ |\burn:|AdditionalProperties|&\w+;|<<|\*\(2|[_*`]\w+[_*`](?!\w)|\s\+\s/.test(
          note,
        ),
      ),
    ).toEqual([]);
    expect(
      fields.filter(
        (field) =>
          field.name !== "" &&
          letters(meaningOf(field)) === letters(field.name),
      ),
    ).toEqual([]);
  },
);

test.each([
  ["requestId", "The id, e.g. of *a* log. More.", "The id, e.g. of a log."],
  ["evseId", "EVSE Identifier.\r\n", ""],
  ["city", "City\r\n", ""],
  ["customData", "This class does not get 'AdditionalProperties'.", ""],
  [
    "limit",
    "*(2.1)* Limit in _chargingRateUnit_ &gt; 0. +\r\nFor AC.",
    "Limit in chargingRateUnit > 0.",
  ],
  [
    "id",
    "Of the &lt;&lt;getlog, GetLogRequest&gt;&gt; before",
    "Of the GetLogRequest before",
  ],
])("%s: %s", (name, description, meaning) => {
  const form = formOf({
    type: "object",
    properties: { [name]: { type: "string", description } },
  });
  const field = fieldAt(form, [name]);

  expect(field === null ? "?" : meaningOf(field)).toBe(meaning);
});

test("a dozen of choices is listed, the others are counted", () => {
  const choices = Array.from({ length: 14 }, (_, index) => `C${index}`);
  const field = formOf({ enum: choices });

  expect(choicesOf(field)).toEqual({
    shown: "C0, C1, C2, C3, C4, C5, C6, C7, C8, C9, C10, C11",
    more: 2,
  });
  expect(choicesOf(formOf({ enum: ["A"] }))).toEqual({ shown: "A", more: 0 });
});
