import { withTags } from "../domain/frame-text.ts";

/** A payload that was sent, or that was given a name. */
export interface ShelvedPayload {
  readonly name: string;
  readonly action: string;
  readonly text: string;
  readonly at: number;
}

const HISTORY = "oye.composer.history";
const TEMPLATES = "oye.composer.templates";
const ROOM = 20;
const LARGEST = 20_000;
const SECRET =
  /authorizationkey|password|passwd|secret|credential|private ?key|token":|apikey|certificate/i;

/** Say whether a payload may be kept in the browser: nothing that opens a door is. */
export function mayKeep(action: string, text: string): boolean {
  return (
    text.length <= LARGEST && !SECRET.test(action) && !SECRET.test(text.replace(/"idToken":/g, ""))
  );
}

/** What the reader sent lately, and templates by name; in this browser alone. */
export class PayloadShelf {
  readonly #storage: Storage | null;

  constructor(storage: Storage | null) {
    this.#storage = storage;
  }

  get history(): readonly ShelvedPayload[] {
    return this.#read(HISTORY);
  }

  get templates(): readonly ShelvedPayload[] {
    return this.#read(TEMPLATES);
  }

  /** Remember what was sent; id tags are left out, secrets are not remembered at all. */
  remember(action: string, text: string, at: number): void {
    if (!mayKeep(action, text)) return;
    const kept = withTags(text, () => "");
    const others = this.history.filter((one) => one.action !== action || one.text !== kept);
    this.#write(HISTORY, [{ name: "", action, text: kept, at }, ...others]);
  }

  /** Keep a payload under a name, in place of the one that had it; say whether it may be kept. */
  save(name: string, action: string, text: string, at: number): boolean {
    if (!mayKeep(action, text)) return false;
    const others = this.templates.filter((one) => one.name !== name);
    this.#write(TEMPLATES, [{ name, action, text, at }, ...others]);
    return true;
  }

  remove(name: string): void {
    this.#write(
      TEMPLATES,
      this.templates.filter((one) => one.name !== name),
    );
  }

  #read(key: string): readonly ShelvedPayload[] {
    try {
      const found: unknown = JSON.parse(this.#storage?.getItem(key) ?? "[]");
      return Array.isArray(found) ? found.filter(isShelved).slice(0, ROOM) : [];
    } catch {
      return [];
    }
  }

  // A browser that forbids storage, or has no room, forgets.
  #write(key: string, payloads: readonly ShelvedPayload[]): void {
    try {
      this.#storage?.setItem(key, JSON.stringify(payloads.slice(0, ROOM)));
    } catch {
      return;
    }
  }
}

function isShelved(value: unknown): value is ShelvedPayload {
  const one = (typeof value === "object" ? value : null) as Partial<ShelvedPayload> | null;
  return (
    typeof one?.name === "string" &&
    typeof one.action === "string" &&
    typeof one.text === "string" &&
    typeof one.at === "number"
  );
}
