/** What kinds of words the filter language has; `text` is any other word. */
export const KINDS = ["charger", "action", "from", "direction", "is", "latency", "text"] as const;
export type WordKind = (typeof KINDS)[number];

export const PEERS = ["charger", "csms", "proxy"] as const;
export const MARKS = ["error", "injection", "late", "unanswered", "malformed"] as const;

/** One word of a filter, as written. */
export interface FilterWord {
  readonly kind: WordKind;
  readonly value: string;
  readonly excludes: boolean;
  /** Set when the server will not understand the word. */
  readonly problem: "bad_value" | "open_quote" | null;
}

const LATENCY = /^latency([<>]=?)(\d+(?:\.\d+)?)(ms|s)$/;

/** Read a filter to explain it; the server evaluates it. */
export function parseFilter(text: string): readonly FilterWord[] {
  return words(text).map(({ word, open }) => {
    const excludes = word.startsWith("-") && word.length > 1;
    const parsed = meaning(excludes ? word.slice(1) : word);
    return { ...parsed, excludes, problem: open ? "open_quote" : parsed.problem };
  });
}

/** Write words as a filter, so that reading them gives the same words. */
export function formatFilter(filter: readonly FilterWord[]): string {
  return filter.map(formatWord).join(" ");
}

/** Return the filter with a word more, or without it when it has the word. */
export function toggleWord(text: string, kind: WordKind, value: string, excludes = false): string {
  const filter = parseFilter(text);
  const same = (word: FilterWord): boolean =>
    word.kind === kind && word.value === value && word.excludes === excludes;
  if (filter.some(same)) return formatFilter(filter.filter((word) => !same(word)));
  return formatFilter([...filter, { kind, value, excludes, problem: null }]);
}

function formatWord(word: FilterWord): string {
  const sign = word.excludes ? "-" : "";
  if (word.kind === "latency") return `${sign}latency${word.value}`;
  if (word.kind !== "text") return `${sign}${word.kind}:${quoted(word.value)}`;
  // Text that looks like something else keeps its quotation marks.
  const plain = /^[^-"'\\\s]/.test(word.value) && meaning(word.value).kind === "text";
  return sign + (plain ? quoted(word.value) : hardQuoted(word.value));
}

function quoted(value: string): string {
  return /^[^\s"'\\]+$/.test(value) ? value : hardQuoted(value);
}

function hardQuoted(value: string): string {
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

function meaning(word: string): Omit<FilterWord, "excludes"> {
  const latency = LATENCY.exec(word);
  if (latency !== null)
    return { kind: "latency", value: word.slice("latency".length), problem: null };
  const colon = word.indexOf(":");
  const kind = word.slice(0, Math.max(colon, 0));
  const value = word.slice(colon + 1);
  if (value === "" || !isKind(kind)) return { kind: "text", value: word, problem: null };
  return { kind, value, problem: accepts(kind, value) ? null : "bad_value" };
}

function isKind(kind: string): kind is WordKind {
  return (KINDS as readonly string[]).includes(kind) && kind !== "text" && kind !== "latency";
}

function accepts(kind: WordKind, value: string): boolean {
  if (kind === "from") return (PEERS as readonly string[]).includes(value);
  if (kind === "is") return (MARKS as readonly string[]).includes(value);
  return true;
}

interface RawWord {
  readonly word: string;
  readonly open: boolean;
}

function words(text: string): RawWord[] {
  const found: RawWord[] = [];
  let word: string | null = null;
  let quote: string | null = null;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (quote !== null) {
      if (character === quote) quote = null;
      else if (character === "\\" && quote === '"' && /["\\]/.test(text.charAt(index + 1))) {
        index += 1;
        word += text.charAt(index);
      } else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= "";
    } else if (/\s/.test(character)) {
      if (word !== null) found.push({ word, open: false });
      word = null;
    } else word = (word ?? "") + character;
  }
  if (word !== null) found.push({ word, open: quote !== null });
  return found;
}
