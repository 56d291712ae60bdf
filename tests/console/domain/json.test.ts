import { expect, test } from "vitest";
import {
  faultLineOf,
  type JsonNode,
  readJson,
} from "../../../oye-proxy/frontend/src/domain/json.ts";

const asText = (node: JsonNode): string => {
  switch (node.kind) {
    case "string":
      return JSON.stringify(node.text);
    case "number":
    case "literal":
      return node.text;
    case "array":
      return `[${node.items.map(asText).join(",")}]`;
    case "object":
      return `{${node.members.map(([name, child]) => `${JSON.stringify(name)}:${asText(child)}`).join(",")}}`;
  }
};

test.each([
  '[2,"1","A",{}]',
  '{"a":123456789012345678901234567890.10,"a":1,"__proto__":{"x":null}}',
  '["\\u0000\\"",[],{},-0.5e+7,true,false]',
])("no digit and no name is lost: %s", (text) => {
  const node = readJson(text);

  expect(node === null ? null : asText(node)).toBe(text);
});

test.each([
  "",
  "{",
  "[1,]",
  "[1 2]",
  '{"a" 1}',
  "nul",
  "[1]x",
  "[".repeat(10_000),
  "'a'",
])("what is no JSON, or too deep, is null: %.20s", (text) => {
  expect(readJson(text)).toBeNull();
});

test.each<[string, number | null]>([
  ['{\n  "a": 1\n}\n', null],
  ['{\n  "a": x\n}', 2],
  ['{\n  "a": 1,\n\n}', 4],
  ['{\n  "a": 1\n\n', 2],
  ["{}\n\n{}", 3],
  ["", 1],
])("%j stops to be JSON in line %j", (text, line) => {
  expect(faultLineOf(text)).toBe(line);
});
