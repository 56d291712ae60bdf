import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { ApiClient } from "../api/client.ts";
import type { ExchangeDetail } from "../api/types.gen.ts";
import { framesOf, schemaOf } from "../domain/exchange-frames.ts";
import type { Field } from "../domain/schema-form.ts";
import { rowOf } from "./exchange-search.ts";
import { Schemas } from "./schemas.ts";

/** Whether an exchange is at hand, on its way, or could not be had. */
export type Reading = "reading" | "read" | "not_stored" | "failed";

// A frame that just passed may not be stored yet.
const ATTEMPTS = 8;
const PAUSE = 400;

/** One stored exchange, whole, with the schemas of its frames. */
export class ExchangeReader implements ReactiveController {
  reading: Reading = "reading";
  detail: ExchangeDetail | null = null;
  /** The schemas that were read, by name. */
  forms: ReadonlyMap<string, Field | null> = new Map();
  /** Why it could not be read. */
  failure: unknown = null;
  #schemas: Schemas | null = null;
  #asked = 0;

  constructor(
    private readonly host: Pick<ReactiveControllerHost, "addController" | "requestUpdate">,
    private readonly client: () => ApiClient,
    private readonly pause = PAUSE,
  ) {
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#asked += 1;
  }

  /** Read an exchange by its key, or by the row of one of its frames; what was known of it stays meanwhile. */
  async read(at: string): Promise<void> {
    const asked = (this.#asked += 1);
    const isWanted = (): boolean => asked === this.#asked;
    try {
      const detail = await this.#find(at, isWanted);
      if (!isWanted()) return;
      this.detail = detail;
      this.#tell(detail === null ? "not_stored" : "read");
      if (detail !== null) await this.#readForms(detail, isWanted);
    } catch (error) {
      if (!isWanted()) return;
      this.failure = error;
      this.#tell("failed");
    }
  }

  /** Forget what was read: another one is wanted. */
  forget(): void {
    this.detail = null;
    this.#tell("reading");
  }

  async #find(at: string, isWanted: () => boolean): Promise<ExchangeDetail | null> {
    for (let attempt = 0; attempt < ATTEMPTS && isWanted(); attempt += 1) {
      if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, this.pause));
      const row = await rowOf(this.client(), at);
      if (row === null) continue;
      return this.client().call("GET /api/exchanges/{frame_row}", { path: { frame_row: row } });
    }
    return null;
  }

  async #readForms(detail: ExchangeDetail, isWanted: () => boolean): Promise<void> {
    if (detail.ocppVersion === null) return;
    this.#schemas ??= new Schemas(this.client());
    const names = new Set(framesOf(detail).map((frame) => schemaOf(frame, detail)));
    const forms = new Map<string, Field | null>();
    for (const name of names) {
      if (name !== "") forms.set(name, await this.#schemas.form(detail.ocppVersion, name));
    }
    if (!isWanted()) return;
    this.forms = forms;
    this.host.requestUpdate();
  }

  #tell(reading: Reading): void {
    this.reading = reading;
    this.host.requestUpdate();
  }
}
