/** A value of JSON as a reader sees it; the text of a number is kept as it was sent. */
export type JsonNode =
  | {
      readonly kind: "object";
      readonly members: readonly (readonly [name: string, node: JsonNode])[];
    }
  | { readonly kind: "array"; readonly items: readonly JsonNode[] }
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "literal"; readonly text: "true" | "false" | "null" };

const DEEPEST = 500;
const TOKEN =
  /[\s]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null))/y;

/** Read JSON without losing a digit or a repeated name; null when it is none, or nested too deep. */
export function readJson(text: string): JsonNode | null {
  try {
    const reader = new Reader(text);
    const node = reader.value(0);
    return reader.atEnd() ? node : null;
  } catch {
    return null;
  }
}

/** Return the line, from 1, in which a text stops to be JSON; null when it is JSON. */
export function faultLineOf(text: string): number | null {
  const reader = new Reader(text);
  try {
    reader.value(0);
    if (reader.atEnd()) return null;
  } catch {
    // Where it stopped is told below.
  }
  return reader.line;
}

class Reader {
  #position = 0;

  constructor(private readonly text: string) {}

  /** The line of what comes next, or the last one. */
  get line(): number {
    const rest = this.text.slice(this.#position).trimStart();
    const read = rest === "" ? this.text.trimEnd() : this.text.slice(0, -rest.length);
    return read.split("\n").length;
  }

  atEnd(): boolean {
    return this.text.slice(this.#position).trim() === "";
  }

  value(depth: number): JsonNode {
    if (depth > DEEPEST) throw new Error("nested too deep");
    const { sign, string, number, literal } = this.#next();
    if (string !== undefined) return { kind: "string", text: JSON.parse(string) as string };
    if (number !== undefined) return { kind: "number", text: number };
    if (literal !== undefined)
      return { kind: "literal", text: literal as "true" | "false" | "null" };
    if (sign === "{") return { kind: "object", members: this.#members(depth + 1) };
    if (sign === "[") return { kind: "array", items: this.#items(depth + 1) };
    throw new Error("no value");
  }

  #members(depth: number): (readonly [string, JsonNode])[] {
    const members: (readonly [string, JsonNode])[] = [];
    if (this.#skips("}")) return members;
    for (;;) {
      const { string } = this.#next();
      if (string === undefined || this.#next().sign !== ":") throw new Error("no member");
      members.push([JSON.parse(string) as string, this.value(depth)]);
      if (this.#next().sign === "}" || !this.#continues()) return members;
    }
  }

  #items(depth: number): JsonNode[] {
    const items: JsonNode[] = [];
    if (this.#skips("]")) return items;
    for (;;) {
      items.push(this.value(depth));
      if (this.#next().sign === "]" || !this.#continues()) return items;
    }
  }

  #continues(): boolean {
    if (this.text.charAt(this.#position - 1) !== ",") throw new Error("no end");
    return true;
  }

  #skips(sign: string): boolean {
    const before = this.#position;
    TOKEN.lastIndex = before;
    if (TOKEN.exec(this.text)?.[1] !== sign) return false;
    this.#position = TOKEN.lastIndex;
    return true;
  }

  #next(): { sign?: string; string?: string; number?: string; literal?: string } {
    TOKEN.lastIndex = this.#position;
    const match = TOKEN.exec(this.text);
    if (match === null) throw new Error("no token");
    this.#position = TOKEN.lastIndex;
    const [, sign, string, number, literal] = match;
    return Object.fromEntries(
      Object.entries({ sign, string, number, literal }).filter(([, value]) => value !== undefined),
    );
  }
}
