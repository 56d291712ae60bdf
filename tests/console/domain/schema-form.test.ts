import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import {
  blankOf,
  type Field,
  formOf,
  inputOfValue,
  type Json,
  type Path,
  problemsOf,
  valueAt,
  valueOfInput,
  withValueAt,
} from "../../../oye-proxy/frontend/src/domain/schema-form.ts";

const LIBRARIES = fileURLToPath(
  new URL("../../../.venv/lib/", import.meta.url),
);
const FILES = readdirSync(LIBRARIES).flatMap((python) =>
  ["v16", "v201", "v21"].flatMap((version) => {
    const folder = join(
      LIBRARIES,
      python,
      "site-packages/ocpp",
      version,
      "schemas",
    );
    return readdirSync(folder).map((name) => join(folder, name));
  }),
);

function schemaIn(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8").replace(/^\ufeff/, ""));
}

/** Return a payload with every member of a form. */
function everything(field: Field): Json {
  switch (field.kind) {
    case "object":
      return Object.fromEntries(
        field.fields.map((member) => [member.name, everything(member)]),
      );
    case "list":
      return Array.from({ length: Math.max(1, field.minItems) }, () =>
        field.item === null ? "x" : everything(field.item),
      );
    case "integer":
    case "number":
      return field.minimum ?? Math.min(1, field.maximum ?? 1);
    case "boolean":
      return false;
    case "choice":
      return field.choices.at(-1) ?? "";
    case "date-time":
      return "2026-11-21T19:00:00Z";
    case "text":
      return "x".repeat(Math.min(3, field.maxLength ?? 3));
    case "any":
      return { any: [1, null] };
  }
}

function leavesOf(
  field: Field,
  value: Json,
  path: Path = [],
): [Field, Path, Json][] {
  if (field.kind === "object") {
    return field.fields.flatMap((member) =>
      leavesOf(member, valueAt(value, [member.name]) ?? null, [
        ...path,
        member.name,
      ]),
    );
  }
  if (field.kind === "list" && field.item !== null && Array.isArray(value)) {
    const { item } = field;
    return value.flatMap((one: Json, index) =>
      leavesOf(item, one, [...path, index]),
    );
  }
  return [[field, path, value]];
}

test("the schemas of all versions are there", () => {
  expect(FILES.length).toBeGreaterThan(300);
});

describe("every official schema", () => {
  test.each(
    FILES.map((file) => [
      file.split("/").slice(-3, -2)[0] ?? "",
      basename(file),
      file,
    ]),
  )(
    "%s %s: what is typed into the form is the payload",
    (_version, _name, file) => {
      const form = formOf(schemaIn(file));
      const payload = everything(form);
      const typed = leavesOf(form, payload).reduce<Json | undefined>(
        (value, [field, path, leaf]) =>
          withValueAt(
            value,
            path,
            valueOfInput(field, inputOfValue(field, leaf)),
          ),
        form.fields.length === 0 ? payload : blankOf(form),
      );

      expect(typed).toEqual(payload);
      expect(problemsOf(form, payload)).toEqual([]);
    },
  );
});

describe("a form", () => {
  const form = formOf({
    type: "object",
    properties: {
      optional: { type: "string", maxLength: 3 },
      list: {
        type: "array",
        minItems: 1,
        maxItems: 2,
        items: { $ref: "#/definitions/Part" },
      },
      interval: { type: "integer", minimum: 1, maximum: 9 },
    },
    required: ["list"],
    definitions: {
      Part: {
        type: "object",
        properties: { kind: { enum: ["A", "B"] } },
        required: ["kind"],
      },
    },
  });

  test("asks for what is required first", () => {
    expect(
      form.fields.map((field) => [field.name, field.required, field.unit]),
    ).toEqual([
      ["list", true, null],
      ["optional", false, null],
      ["interval", false, "s"],
    ]);
    expect(blankOf(form)).toEqual({ list: [{}] });
  });

  test.each([
    [{}, "missing"],
    [{ list: [] }, "few"],
    [{ list: [{ kind: "A" }, { kind: "A" }, { kind: "A" }] }, "many"],
    [{ list: [{ kind: "C" }] }, "choice"],
    [{ list: [{ kind: "A" }], optional: "⚡⚡⚡⚡" }, "long"],
    [{ list: [{ kind: "A" }], interval: 0 }, "small"],
    [{ list: [{ kind: "A" }], interval: 10 }, "large"],
    [{ list: [{ kind: "A" }], interval: 1.5 }, "kind"],
  ])("tells what is wrong: %j is %s", (payload, code) => {
    expect(
      problemsOf(form, payload as Json).map((problem) => problem.code),
    ).toEqual([code]);
  });

  test("keeps what it does not know, and the place of what it changes", () => {
    const payload = JSON.parse(
      '{"__proto__":{"x":1},"interval":1,"other":[1]}',
    ) as Json;
    const changed = withValueAt(payload, ["interval"], 2);

    expect(JSON.stringify(changed)).toBe(
      '{"__proto__":{"x":1},"interval":2,"other":[1]}',
    );
    expect(withValueAt(changed, ["other"], undefined)).not.toHaveProperty(
      "other",
    );
    expect(valueAt(payload, ["constructor"])).toBeUndefined();
  });

  test("takes away an item of a list", () => {
    expect(withValueAt({ list: [1, 2, 3] }, ["list", 1], undefined)).toEqual({
      list: [1, 3],
    });
  });

  test.each([
    null,
    1,
    [],
    { type: "nonsense" },
    { $ref: "#/definitions/None" },
  ])("of a strange schema is a form all the same: %j", (schema) => {
    expect(formOf(schema).fields).toEqual([]);
  });

  test("of a schema that holds itself ends", () => {
    const endless = {
      $ref: "#/definitions/A",
      definitions: {
        A: { type: "object", properties: { a: { $ref: "#/definitions/A" } } },
      },
    };

    expect(formOf(endless).kind).toBe("object");
  });
});
