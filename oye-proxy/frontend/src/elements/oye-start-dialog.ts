import { consume } from "@lit/context";
import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { ApiClient } from "../api/client.ts";
import type { StartRequest } from "../api/types.gen.ts";
import { knownTags, type KnownTag } from "../domain/id-tags.ts";
import { maskedTag, plainText, shortened } from "../domain/text.ts";
import { clientContext } from "../state/contexts.ts";
import { form } from "../styles/form.ts";
import { base } from "../styles/shared.ts";
import { localize } from "../texts/localize.ts";
import "./oye-dialog.ts";
import { emit, OyeElement } from "./oye-element.ts";
import "./oye-id.ts";

const OTHER = "other";
const DEFAULT = "default";

/** Asks with which id tag and limit to start. Emits `oye-start` (a StartRequest) or `oye-close`. */
@customElement("oye-start-dialog")
export class OyeStartDialog extends OyeElement {
  static override styles = [
    base,
    form,
    css`
      .form {
        flex-direction: column;
        align-items: stretch;
      }
      .field {
        flex: none;
      }
    `,
  ];

  @consume({ context: clientContext }) readonly client!: ApiClient;
  @property({ type: Boolean }) open = false;
  @property() chargePointId = "";
  @property({ type: Number }) connectorId = 0;
  @state() private _tags: readonly KnownTag[] = [];
  @state() private _choice: string = DEFAULT;
  @state() private _typed = "";
  @state() private _limit = "";

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("open") || !this.open) return;
    this._choice = DEFAULT;
    this._typed = "";
    this._limit = "";
    void this.#load();
  }

  protected override render(): unknown {
    const isOther = this._choice === OTHER;
    const ready = !isOther || this._typed.trim() !== "";
    return html`<oye-dialog
      .open=${this.open}
      heading=${localize("start.heading", { number: this.connectorId })}
    >
      <div class="form">
        <strong><oye-id .value=${this.chargePointId}></oye-id></strong>
        <label class="field"
          ><span>${localize("start.tag")}</span>
          <select @change=${this.#choose}>
            <option value=${DEFAULT} ?selected=${this._choice === DEFAULT}>
              ${localize("start.default_tag")}
            </option>
            ${this._tags.map(
              (tag, index) =>
                html`<option value=${index} ?selected=${this._choice === String(index)}>
                  ${named(tag)}
                </option>`,
            )}
            <option value=${OTHER} ?selected=${isOther}>${localize("start.other_tag")}</option>
          </select></label
        >
        ${
          isOther
            ? html`<label class="field"
                ><span>${localize("start.other_tag")}</span
                ><input
                  autocomplete="off"
                  spellcheck="false"
                  maxlength="255"
                  .value=${this._typed}
                  @input=${this.#type}
              /></label>`
            : nothing
        }
        <label class="field"
          ><span>${localize("start.limit")}</span
          ><input
            type="number"
            inputmode="decimal"
            min="0"
            max="1000"
            .value=${this._limit}
            @input=${this.#limit}
        /></label>
      </div>
      <wa-button slot="actions" appearance="outlined" @click=${this.#cancel}
        >${localize("dialog.cancel")}</wa-button
      >
      <wa-button slot="actions" variant="brand" ?disabled=${!ready} @click=${this.#start}
        >${localize("connector.start")}</wa-button
      >
    </oye-dialog>`;
  }

  // What cannot be read is not offered; a start without a choice works all the same.
  async #load(): Promise<void> {
    const query = { chargePointId: this.chargePointId, limit: 50 };
    const [page, owned] = await Promise.allSettled([
      this.client.call("GET /api/transactions", { query }),
      this.client.call("GET /api/id-tags", {}),
    ]);
    this._tags = knownTags(
      page.status === "fulfilled" ? page.value.transactions : [],
      owned.status === "fulfilled" ? owned.value : [],
    ).slice(0, 20);
  }

  #choose = (event: Event): void => {
    this._choice = (event.target as HTMLSelectElement).value;
  };

  #type = (event: Event): void => {
    this._typed = (event.target as HTMLInputElement).value;
  };

  #limit = (event: Event): void => {
    this._limit = (event.target as HTMLInputElement).value;
  };

  #cancel = (): void => {
    this.open = false;
    emit(this, "oye-close");
  };

  #start = (): void => {
    this.open = false;
    const limitA = this._limit === "" ? Number.NaN : Number(this._limit);
    const idTag =
      this._choice === OTHER ? this._typed.trim() : this._tags[Number(this._choice)]?.idTag;
    const request: StartRequest = {
      connectorId: this.connectorId,
      ...(idTag === undefined ? {} : { idTag }),
      ...(Number.isFinite(limitA) ? { limitA } : {}),
    };
    emit(this, "oye-start", request);
  };
}

function named({ idTag, name }: KnownTag): string {
  const hidden = plainText(maskedTag(idTag));
  return name === null ? hidden : `${shortened(plainText(name), 40)} (${hidden})`;
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-start-dialog": OyeStartDialog;
  }
}
