import { afterEach, expect, test } from "vitest";
import {
  bestLanguage,
  localize,
  localizeCode,
  plural,
  setLanguage,
} from "../../../oye-proxy/frontend/src/texts/localize.ts";

afterEach(() => setLanguage("en"));

test("parameters are filled in as text, and only those that are given", () => {
  expect(localize("shell.signed_in_as", { name: "{name} $&" })).toBe(
    "Signed in as {name} $&",
  );
  expect(localize("shell.signed_in_as")).toBe("Signed in as {name}");
});

test("numbers choose the form of the word", () => {
  expect([plural("shell.issues", 1), plural("shell.issues", 2)]).toEqual([
    "1 open issue",
    "2 open issues",
  ]);
});

test("a code without a text has none", () => {
  expect(localizeCode("error", "storage")).toBe("The database did not do it.");
  expect(localizeCode("error", "__proto__")).toBeNull();
});

test.each([
  ["auto", ["de-AT", "en"], "de"],
  ["auto", ["tlh", "no-NO"], "nb"],
  ["auto", ["tlh"], "en"],
  ["fr", ["de"], "fr"],
  ["xx", ["de"], "en"],
])("%s with %j is %s", (wished, browser, language) => {
  expect(bestLanguage(wished, browser)).toBe(language);
});

test("an unknown language changes nothing", async () => {
  await setLanguage("xx");

  expect(localize("brand")).toBe("OYE");
});
