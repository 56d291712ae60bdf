import { consume } from "@lit/context";
import { html, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { ApiClient } from "../api/client.ts";
import type { JournalEntry } from "../api/types.gen.ts";
import { clientContext } from "../state/contexts.ts";
import { base } from "../styles/shared.ts";
import { errorText } from "../texts/errors.ts";
import { plural } from "../texts/localize.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-kept-messages.ts";
import "./oye-notice.ts";

const SHOWN = 50;

/** What the CSMS has yet to hear of a charger, those that wait longest first; read when it is wanted. */
@customElement("oye-charger-journal")
export class OyeChargerJournal extends OyeElement {
  static override styles = base;

  @consume({ context: clientContext }) readonly client!: ApiClient;
  @property() chargePointId = "";
  /** How many messages wait. */
  @property({ type: Number }) pending = 0;
  @state() private _entries: readonly JournalEntry[] = [];
  /** As many as the journal has, the newest states of things among them. */
  @state() private _all = 0;
  @state() private _failed: string | null = null;
  #isOpen = false;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("chargePointId")) this._entries = [];
    if (!changed.has("pending")) return;
    if (this.#isOpen) void this.#load();
    else this._all = this.pending;
  }

  protected override render(): unknown {
    const { _all: all, _entries: entries, _failed: failed } = this;
    if (failed !== null)
      return html`<oye-notice kind="error" retry @oye-retry=${this.#load}>${failed}</oye-notice>`;
    return html`<oye-kept-messages
      summary=${plural("chargers.pending", all)}
      .journal=${entries}
      .more=${all - entries.length}
      @oye-open=${this.#open}
    ></oye-kept-messages>`;
  }

  #open = (event: CustomEvent<boolean>): void => {
    this.#isOpen = event.detail;
    if (this.#isOpen) void this.#load();
  };

  #load = async (): Promise<void> => {
    const path = { charge_point_id: this.chargePointId };
    try {
      const query = { state: "pending" as const, oldest: true, limit: SHOWN };
      const name = "GET /api/chargers/{charge_point_id}/journal";
      const { entries, pending } = await this.client.call(name, { path, query });
      if (path.charge_point_id !== this.chargePointId) return;
      this._entries = entries;
      this._all = pending;
      this._failed = null;
    } catch (error) {
      this._failed = errorText(error);
    }
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-charger-journal": OyeChargerJournal;
  }
}
