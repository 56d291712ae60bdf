import type { ReactiveControllerHost } from "lit";
import type { ApiClient } from "../api/client.ts";
import type { ActionSchemas } from "../api/types.gen.ts";
import { readObject } from "../domain/payload.ts";
import { blankOf, problemsOf, type Field } from "../domain/schema-form.ts";
import { Schemas } from "./schemas.ts";

const EMPTY = "{}";

/** A payload in the making: its text, and the form of the action that it is for. */
export class Draft {
  /** The actions of the version; null while they are not known. */
  actions: readonly ActionSchemas[] | null = null;
  action = "";
  version = "";
  text = EMPTY;
  loading = false;
  /** The reader has tried to send: what is missing is pointed at from then on. */
  tried = false;
  /** The reader wants an action of another name than the known ones. */
  named = false;
  failure: unknown = null;

  readonly #host: Pick<ReactiveControllerHost, "requestUpdate">;
  readonly #client: () => ApiClient;
  #schemas: Schemas | null = null;
  #form: Field | null = null;
  #shown = "";

  constructor(host: Pick<ReactiveControllerHost, "requestUpdate">, client: () => ApiClient) {
    this.#host = host;
    this.#client = client;
  }

  /** Turn to an action of a version, while updating; say whether it is another than before. */
  follow(version: string, action: string): boolean {
    this.action = action;
    if (version !== this.version) {
      this.version = version;
      this.#shown = "";
      void this.#readActions();
    }
    const shown = `${version} ${action}`;
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

  get form(): Field | null {
    return this.loading ? null : this.#form;
  }

  /** The payload, null while the text is none. */
  get payload(): Readonly<Record<string, unknown>> | null {
    return readObject(this.text);
  }

  get breaksSchema(): boolean {
    const value = readObject(this.text);
    return this.form !== null && value !== null && problemsOf(this.form, value).length > 0;
  }

  /** Begin anew, with a known action or one that the reader names. */
  begin(named: boolean): void {
    this.named = named;
    this.edit(EMPTY);
  }

  edit(text: string): void {
    this.text = text;
    this.#host.requestUpdate();
  }

  /** Take over a payload, in lines of its own. */
  show(text: string): void {
    this.edit(inLines(text));
  }

  /** Take note that the reader tries to send; say whether it is the first time. */
  attempt(): boolean {
    const isFirst = !this.tried;
    this.tried = true;
    this.#host.requestUpdate();
    return isFirst;
  }

  retry = (): void => {
    void this.#readActions();
  };

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
      this.failure = error;
    }
    this.#host.requestUpdate();
  }

  async #readForm(): Promise<void> {
    const shown = this.#shown;
    const { known } = this;
    this.tried = false;
    this.#form = null;
    this.loading = known !== undefined;
    if (known === undefined) return;
    this.named = false;
    const form = await this.#read().form(this.version, known.request);
    if (shown !== this.#shown) return;
    this.loading = false;
    this.#form = form;
    if (form !== null && this.text.trim() === EMPTY) {
      this.text = JSON.stringify(blankOf(form) ?? {}, null, 2);
    }
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
