import { expect, test } from "vitest";
import { formOf } from "../../../oye-proxy/frontend/src/domain/schema-form.ts";
import {
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
