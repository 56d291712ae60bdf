import { expect, test } from "vitest";
import type {
  IdTagEntry,
  TransactionEntry,
} from "../../../oye-proxy/frontend/src/api/types.gen.ts";
import { knownTags } from "../../../oye-proxy/frontend/src/domain/id-tags.ts";

function used(
  idTag: string | null,
  idTagStatus: string | null = "Accepted",
): TransactionEntry {
  return { idTag, idTagName: null, idTagStatus } as TransactionEntry;
}

function owned(
  idTag: string,
  status: IdTagEntry["status"] = "accepted",
): IdTagEntry {
  return { idTag, name: "Anna", status, updatedAt: "" };
}

test("tags that were accepted lately come first, each once in any case", () => {
  const tags = knownTags(
    [used("B"), used("a"), used("b"), used(null), used("C", "Invalid")],
    [owned("A"), owned("D")],
  );

  expect(tags.map(({ idTag }) => idTag)).toEqual(["B", "a", "D"]);
});

test("what the owner blocks is not offered", () => {
  expect(knownTags([used("B")], [owned("b", "blocked")])).toEqual([]);
});
