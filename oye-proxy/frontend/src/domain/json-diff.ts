import { readJson, type JsonNode } from "./json.ts";

/** One place where two payloads differ; null is nothing there. */
export interface Difference {
  readonly path: string;
  readonly before: string | null;
  readonly now: string | null;
}

/** Return where two JSON texts differ, in their order; null when one of them cannot be read. */
export function differences(before: string, now: string): readonly Difference[] | null {
  const old = readJson(before);
  const fresh = readJson(now);
  if (old === null || fresh === null) return null;
  const oldLeaves = leavesOf(old);
  const newLeaves = leavesOf(fresh);
  const paths = new Set([...newLeaves.keys(), ...oldLeaves.keys()]);
  return [...paths].flatMap((path) => {
    const difference = {
      path,
      before: oldLeaves.get(path) ?? null,
      now: newLeaves.get(path) ?? null,
    };
    return difference.before === difference.now ? [] : [difference];
  });
}

function leavesOf(node: JsonNode): ReadonlyMap<string, string> {
  const leaves = new Map<string, string>();
  const walk = (one: JsonNode, path: string): void => {
    switch (one.kind) {
      case "object":
        if (one.members.length === 0) leaves.set(path, "{}");
        for (const [name, member] of one.members)
          walk(member, path === "" ? name : `${path}.${name}`);
        break;
      case "array":
        if (one.items.length === 0) leaves.set(path, "[]");
        one.items.forEach((item, index) => {
          walk(item, `${path}[${index}]`);
        });
        break;
      case "string":
        leaves.set(path, JSON.stringify(one.text));
        break;
      case "number":
      case "literal":
        leaves.set(path, one.text);
        break;
    }
  };
  walk(node, "");
  return leaves;
}
