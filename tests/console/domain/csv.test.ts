import { expect, test } from "vitest";
import { fileName, toCsv } from "../../../oye-proxy/frontend/src/domain/csv.ts";

test.each(["=1+1", "+1", "-1", "@x", "\tx", "\rx", "  =1+1"])(
  "a spreadsheet takes %j for text",
  (text) => {
    expect(
      toCsv([[text]])
        .replaceAll('"', "")
        .startsWith("'"),
    ).toBe(true);
  },
);

test("numbers stay numbers, and what separates cells is quoted", () => {
  expect(toCsv([[-1, 'a"b', "c,d", null, true, "e\nf"]])).toBe(
    '-1,"a""b","c,d",,true,"e\nf"\r\n',
  );
});

test.each([
  ["../../etc/passwd", "etc_passwd.csv"],
  ["⚡", "oye.csv"],
  ["CP 1/2", "CP_1_2.csv"],
])("the file of %s is called %s", (text, name) => {
  expect(fileName(text, "csv")).toBe(name);
});
