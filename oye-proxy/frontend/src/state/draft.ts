import type { ReactiveControllerHost } from "lit";
import type { ApiClient } from "../api/client.ts";
import type { ActionSchemas } from "../api/types.gen.ts";
import { readObject } from "../domain/payload.ts";
import { blankOf, problemsOf, type Field, type Json } from "../domain/schema-form.ts";
import { Schemas } from "./schemas.ts";

const EMPTY = "{}";

/** Payloads in the making, one for each version and action: the text, and the form that it is for. */
export class Draft {
  /** The actions of the version; null while they are not known. */
  actions: readonly ActionSchemas[] | null = null;
  action = "";
  version = "";
  /** The reader has tried to send: what is missing is pointed at from then on. */
  tried = false;
  /** The reader wants an action of another name than the known ones. */
  named = false;
  failure: unknown = null;

  readonly #host: Pick<ReactiveControllerHost, "requestUpdate">;
  readonly #client: () => ApiClient;
  readonly #begin: () => Promise<Json | undefined>;
  readonly #texts = new Map<string, string>();
  #schemas: Schemas | null = null;
  #form: Field | null = null;
  #reads = false;
  #shown = "";

  /** `begin` tells what a new payload of the action holds, where there is something to tell. */
  constructor(
    host: Pick<ReactiveControllerHost, "requestUpdate">,
    client: () => ApiClient,
    begin: () => Promise<Json | undefined> = () => Promise.resolve(undefined),
  ) {
    this.#host = host;
    this.#client = client;
    this.#begin = begin;
  }

  /** Turn to an action of a version, while updating; say whether it is another than before. */
  follow(version: string, action: string): boolean {
    this.action = action;
    if (version !== this.version) {
      this.version = version;
      this.actions = null;
      this.#shown = "";
      void this.#readActions();
    }
    const shown = this.#key(action);
    if (this.actions === null || shown === this.#shown) return false;
    this.#shown = shown;
    void this.#readForm();
    return true;
  }

  get known(): ActionSchemas | undefined {
    return this.actions?.find((one) => one.action === this.action);
  }

  get isCustom(): boolean {
    const isStrange = this.action !== "" && this.actions !== null && this.known === undefined;
    return this.named || isStrange;
  }

  /** The form, or what it is made of, is on its way. */
  get loading(): boolean {
    return this.actions === null || this.#reads;
  }

  get form(): Field | null {
    return this.loading ? null : this.#form;
  }

  get text(): string {
    return this.#texts.get(this.#key(this.action)) ?? EMPTY;
  }

  /** The payload, null while the text is none. */
  get payload(): Readonly<Record<string, unknown>> | null {
    return readObject(this.text);
  }

  get breaksSchema(): boolean {
    const value = readObject(this.text);
    return this.form !== null && value !== null && problemsOf(this.form, value).length > 0;
  }

  edit(text: string): void {
    this.#texts.set(this.#key(this.action), text);
    this.#host.requestUpdate();
  }

  /** Take over a payload for an action, in lines of its own. */
  show(action: string, text: string): void {
    this.#texts.set(this.#key(action), inLines(text));
    this.#host.requestUpdate();
  }

  /** Give the action another name; the payload goes along, but over no other one. */
  rename(action: string): void {
    const key = this.#key(action);
    if (!this.#texts.has(key)) this.#texts.set(key, this.text);
  }

  /** Take note that the reader tries to send; say whether it is the first time. */
  attempt(): boolean {
    const isFirst = !this.tried;
    this.tried = true;
    this.#host.requestUpdate();
    return isFirst;
  }

  /** Ask again for what could not be had. */
  retry = (): void => {
    if (this.actions === null) {
      void this.#readActions();
      return;
    }
    if (this.known !== undefined && this.#form === null && !this.#reads) this.#shown = "";
    this.#host.requestUpdate();
  };

  #key(action: string): string {
    return `${this.version} ${action}`;
  }

  #read(): Schemas {
    return (this.#schemas ??= new Schemas(this.#client()));
  }

  async #readActions(): Promise<void> {
    const { version } = this;
    this.failure = null;
    try {
      const actions = await this.#read().actions(version);
      if (version === this.version) this.actions = actions;
    } catch (error) {
      if (version === this.version) this.failure = error;
    }
    this.#host.requestUpdate();
  }

  async #readForm(): Promise<void> {
    const shown = this.#shown;
    const { known } = this;
    this.tried = false;
    this.#form = null;
    this.#reads = known !== undefined;
    if (known === undefined) return;
    this.named = false;
    const [form, begun] = await Promise.all([
      this.#read().form(this.version, known.request),
      this.#texts.has(shown) ? undefined : this.#begin(),
    ]);
    if (!this.#texts.has(shown) && form !== null) {
      this.#texts.set(shown, JSON.stringify(begun ?? blankOf(form) ?? {}, null, 2));
    }
    if (shown !== this.#shown) return;
    this.#reads = false;
    this.#form = form;
    this.#host.requestUpdate();
  }
}

function inLines(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
