import english from "./en.json" with { type: "json" };

/** The name of a text. */
export type TextKey = keyof typeof english;
type PluralKey = TextKey extends infer Key ? (Key extends `${infer Name}.other` ? Name : never) : never;
export type Parameters = Readonly<Record<string, string | number>>;

/** The languages, each by its own name. */
export const LANGUAGES = new Map([
  ["en", "English"],
  ["de", "Deutsch"],
  ["nl", "Nederlands"],
  ["fr", "Français"],
  ["es", "Español"],
  ["it", "Italiano"],
  ["sv", "Svenska"],
  ["da", "Dansk"],
  ["nb", "Norsk bokmål"],
  ["pl", "Polski"],
]);

const ENGLISH = new Map<string, string>(Object.entries(english));
const OTHERS = import.meta.glob<Record<string, string>>(["./*.json", "!./en.json"], {
  import: "default",
});
const PARAMETER = /\{(\w+)\}/g;
const listeners = new Set<() => void>();
let locale = "en";
let translated = ENGLISH;

/** Return a text in the reader's language, with `{name}` replaced by its parameter. */
export function localize(key: TextKey, parameters: Parameters = {}): string {
  return filled(translated.get(key) ?? ENGLISH.get(key) ?? key, parameters);
}

/** Return the text of a code that the server may send; null when it has none, or a parameter of it is missing. */
export function localizeCode(prefix: string, code: string, parameters: Parameters = {}): string | null {
  const text = translated.get(`${prefix}.${code}`) ?? ENGLISH.get(`${prefix}.${code}`);
  if (text === undefined) return null;
  const names = [...text.matchAll(PARAMETER)].map(([, name]) => name ?? "");
  return names.every((name) => Object.hasOwn(parameters, name)) ? filled(text, parameters) : null;
}

/** Return the text for a number, by the language's rules of plural. */
export function plural(key: PluralKey, count: number, parameters: Parameters = {}): string {
  const form = new Intl.PluralRules(locale).select(count);
  const texts = translated.has(`${key}.other`) ? translated : ENGLISH;
  const text = texts.get(`${key}.${form}`) ?? texts.get(`${key}.other`) ?? key;
  const shown = new Intl.NumberFormat(locale).format(count);
  return filled(text, { count: shown, ...parameters });
}

/** Return the language in use, with the reader's region when the browser tells it, as `Intl` takes it. */
export function language(): string {
  return locale;
}

/** Return the language that fits best: the wished one, or the first that the browser asks for. */
export function bestLanguage(wished: string, browser: readonly string[]): string {
  const asked = wished === "auto" ? browser : [wished];
  const bases = asked.map((tag) => (tag.toLowerCase().split("-")[0] ?? "").replace(/^n[no]$/, "nb"));
  return bases.find((base) => LANGUAGES.has(base)) ?? "en";
}

/** Load a language and use it; keep the present one when it cannot be loaded. */
export async function setLanguage(wished: string, browser: readonly string[] = []): Promise<void> {
  const load = OTHERS[`./${wished}.json`];
  if (wished !== "en" && load === undefined) return;
  const texts = load === undefined ? ENGLISH : new Map(Object.entries(await load()));
  translated = texts;
  locale = browser.find((tag) => bestLanguage("auto", [tag]) === wished) ?? wished;
  for (const listener of listeners) listener();
}

/** Call back after each change of the language; returns how to stop that. */
export function onLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function filled(text: string, parameters: Parameters): string {
  return text.replace(PARAMETER, (whole, name: string) =>
    Object.hasOwn(parameters, name) ? String(parameters[name]) : whole,
  );
}
