const PREFIX = "oye.";

export type Theme = "system" | "light" | "dark";

export interface PreferenceValues {
  readonly theme: Theme;
  readonly language: string;
  readonly shortcuts: boolean;
}

const DEFAULTS: PreferenceValues = { theme: "system", language: "auto", shortcuts: true };
const THEMES: readonly string[] = ["system", "light", "dark"];

/** What this reader likes, kept in the browser; never anything secret. */
export class Preferences {
  readonly #storage: Storage | null;
  readonly #listeners = new Set<() => void>();
  #values: PreferenceValues;

  constructor(storage: Storage | null) {
    this.#storage = storage;
    this.#values = {
      theme: asTheme(this.#read("theme")) ?? DEFAULTS.theme,
      language: this.#read("language") ?? DEFAULTS.language,
      shortcuts: this.#read("shortcuts") !== "off",
    };
  }

  get values(): PreferenceValues {
    return this.#values;
  }

  /** Change some and keep them. */
  set(change: Partial<PreferenceValues>): void {
    this.#values = { ...this.#values, ...change };
    this.#write("theme", this.#values.theme);
    this.#write("language", this.#values.language);
    this.#write("shortcuts", this.#values.shortcuts ? "on" : "off");
    for (const listener of this.#listeners) listener();
  }

  /** Call back after each change; returns how to stop that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  // A browser that forbids storage forgets; nothing else changes.
  #read(key: string): string | null {
    try {
      return this.#storage?.getItem(PREFIX + key) ?? null;
    } catch {
      return null;
    }
  }

  #write(key: string, value: string): void {
    try {
      this.#storage?.setItem(PREFIX + key, value);
    } catch {
      return;
    }
  }
}

/** Return the theme that a text names, null when it names none. */
export function asTheme(text: string | null): Theme | null {
  return text !== null && THEMES.includes(text) ? (text as Theme) : null;
}

/** Return the browser's storage, null where it is forbidden. */
export function browserStorage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
