import type { IdTagEntry, TransactionEntry } from "../api/types.gen.ts";

/** An id tag that a start may use, with the owner's name for it. */
export interface KnownTag {
  readonly idTag: string;
  readonly name: string | null;
}

/** Return the tags that were accepted lately, the newest first, then those that the owner accepts. */
export function knownTags(
  transactions: readonly TransactionEntry[],
  owned: readonly IdTagEntry[],
): readonly KnownTag[] {
  const refused = new Set(
    owned.filter(({ status }) => status === "blocked").map(({ idTag }) => keyOf(idTag)),
  );
  const tags = new Map<string, KnownTag>();
  const add = (idTag: string, name: string | null): void => {
    const key = keyOf(idTag);
    if (idTag !== "" && !refused.has(key) && !tags.has(key)) tags.set(key, { idTag, name });
  };
  for (const { idTag, idTagName, idTagStatus } of transactions) {
    if (idTag !== null && (idTagStatus === null || idTagStatus === "Accepted"))
      add(idTag, idTagName);
  }
  for (const { idTag, name } of owned) add(idTag, name);
  return [...tags.values()];
}

function keyOf(idTag: string): string {
  return idTag.toLowerCase();
}
