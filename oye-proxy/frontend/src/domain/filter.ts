/** What kinds of words the filter language has; `text` is any other word. */
export const KINDS = [
  "charger",
  "action",
  "from",
  "to",
  "is",
  "latency",
  "since",
  "until",
  "direction",
  "text",
] as const;
export type WordKind = (typeof KINDS)[number];

export const PEERS = ["charger", "csms", "proxy"] as const;
export const MARKS = ["error", "injected", "late", "unanswered", "malformed"] as const;

/** One word of a filter, as written. */
export interface FilterWord {
  readonly kind: WordKind;
  readonly value: string;
  readonly excludes: boolean;
  /** Set when the server will not understand the word. */
  readonly problem: "bad_value" | "open_quote" | null;
}

const LATENCY = /^latency([<>]=?\d+(?:\.\d+)?(?:ms|s|m|h|d))$/;
const DURATION = /^\d+(?:\.\d+)?(?:ms|s|m|h|d)$/;
const CHOICES = new Map<string, readonly string[]>([
  ["from", PEERS],
  ["to", PEERS],
  ["is", MARKS],
]);

/** Read a filter to explain it; the server evaluates it. */
export function parseFilter(text: string): readonly FilterWord[] {
  return split(text).map(explained);
}

/** Write words as a filter, so that reading them gives the same words. */
export function formatFilter(words: readonly FilterWord[]): string {
  return words.map(formatWord).join(" ");
}

/** Return the filter with a word more, or without it when it has the word. */
export function toggleWord(text: string, kind: WordKind, value: string, excludes = false): string {
  const words = parseFilter(text);
  const isSame = (word: FilterWord): boolean =>
    word.kind === kind && word.value === value && word.excludes === excludes;
  if (words.some(isSame)) return formatFilter(words.filter((word) => !isSame(word)));
  return formatFilter([...words, { kind, value, excludes, problem: null }]);
}

/** Say whether a word is one of those that have a switch of their own. */
export function isChoice({ kind, value, excludes }: FilterWord): boolean {
  const isSwitched = kind === "is" || kind === "from";
  return isSwitched && !excludes && (CHOICES.get(kind)?.includes(value) ?? false);
}

/** Return the filter that hides heartbeats, unless it asks for an action by name. */
export function withoutHeartbeats(text: string): string {
  const asks = parseFilter(text).some(({ kind, excludes }) => kind === "action" && !excludes);
  if (asks) return text;
  return [text, "-action:Heartbeat"].filter((word) => word !== "").join(" ");
}

interface RawWord {
  readonly text: string;
  readonly excludes: boolean;
  /** How much of the text stands before the first quotation mark: only there a colon means a kind. */
  readonly bare: number;
  readonly open: boolean;
}

function explained({ text, excludes, bare, open }: RawWord): FilterWord {
  const latency = bare === text.length ? LATENCY.exec(text)?.[1] : undefined;
  if (latency !== undefined) {
    return { kind: "latency", value: latency, excludes, problem: excludes ? "bad_value" : null };
  }
  const colon = text.indexOf(":");
  const kind = text.slice(0, Math.max(0, colon));
  const value = text.slice(colon + 1);
  if (colon >= bare || value === "" || !isKind(kind)) {
    return { kind: "text", value: text, excludes, problem: open ? "open_quote" : null };
  }
  const known = accepts(kind, value, excludes);
  return { kind, value, excludes, problem: open ? "open_quote" : known ? null : "bad_value" };
}

function isKind(kind: string): kind is WordKind {
  return (KINDS as readonly string[]).includes(kind) && kind !== "text" && kind !== "latency";
}

function accepts(kind: WordKind, value: string, excludes: boolean): boolean {
  if (kind === "since" || kind === "until") {
    return !excludes && (DURATION.test(value) || !Number.isNaN(Date.parse(value)));
  }
  return CHOICES.get(kind)?.includes(value) ?? true;
}

function formatWord(word: FilterWord): string {
  const sign = word.excludes ? "-" : "";
  if (word.kind === "latency") return `${sign}latency${word.value}`;
  if (word.kind !== "text") return `${sign}${word.kind}:${quotedIfNeeded(word.value)}`;
  // What looks like another kind of word keeps its quotation marks.
  const [read] = parseFilter(word.value);
  const isPlain = read?.kind === "text" && read.value === word.value && !read.excludes;
  return sign + (isPlain ? word.value : quoted(word.value));
}

function quotedIfNeeded(value: string): string {
  return /^[^\s"]+$/.test(value) ? value : quoted(value);
}

function quoted(value: string): string {
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

function split(text: string): RawWord[] {
  const words: RawWord[] = [];
  let index = 0;
  while (index < text.length) {
    if (/\s/.test(text.charAt(index))) {
      index += 1;
      continue;
    }
    const excludes = text.charAt(index) === "-" && /^\S/.test(text.slice(index + 1));
    const [word, end] = readWord(text, index + Number(excludes));
    words.push({ ...word, excludes });
    index = end;
  }
  return words;
}

function readWord(text: string, start: number): [Omit<RawWord, "excludes">, number] {
  let index = start;
  let word = "";
  let bare: number | null = null;
  let open = false;
  while (index < text.length && !/\s/.test(text.charAt(index))) {
    if (text.charAt(index) !== '"') {
      word += text.charAt(index);
      index += 1;
      continue;
    }
    bare ??= word.length;
    const quotation = readQuoted(text, index + 1);
    word += quotation.text;
    index = quotation.end;
    open ||= quotation.open;
  }
  return [{ text: word, bare: bare ?? word.length, open }, index];
}

function readQuoted(text: string, start: number): { text: string; end: number; open: boolean } {
  let content = "";
  for (let index = start; index < text.length; index += 1) {
    let character = text.charAt(index);
    if (character === '"') return { text: content, end: index + 1, open: false };
    if (character === "\\" && /["\\]/.test(text.charAt(index + 1))) {
      index += 1;
      character = text.charAt(index);
    }
    content += character;
  }
  return { text: content, end: text.length, open: true };
}
