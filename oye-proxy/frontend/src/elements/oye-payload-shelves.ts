import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { PayloadShelf } from "../state/payload-shelf.ts";
import { composerStyles } from "../styles/composer.ts";
import { base } from "../styles/shared.ts";
import { localize } from "../texts/localize.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-payload-shelf.ts";
import { toast } from "./oye-toasts.ts";

/** Templates and what was sent before; a payload that is chosen comes as `oye-load`. */
@customElement("oye-payload-shelves")
export class OyePayloadShelves extends OyeElement {
  static override styles = [base, composerStyles];

  @property({ attribute: false }) shelf!: PayloadShelf;
  /** The payload that a template is made of. */
  @property() action = "";
  @property() text = "";
  /** Changes when something was sent: the history is read anew. */
  @property({ attribute: false }) sent: unknown = null;
  @state() private _name = "";

  protected override render(): unknown {
    return html`<oye-payload-shelf
        heading=${localize("composer.templates")}
        empty=${localize("composer.no_templates")}
        .payloads=${this.shelf.templates}
        @oye-remove=${this.#removeTemplate}
      >
        ${
          this.action === ""
            ? nothing
            : html`<form class="save" @submit=${this.#saveTemplate}>
                <input
                  aria-label=${localize("composer.template_name")}
                  placeholder=${localize("composer.template_name")}
                  maxlength="60"
                  .value=${this._name}
                  @input=${this.#typeName}
                />
                <wa-button
                  size="s"
                  type="submit"
                  appearance="outlined"
                  ?disabled=${this._name.trim() === ""}
                  >${localize("composer.save")}</wa-button
                >
              </form>`
        }
      </oye-payload-shelf>
      <oye-payload-shelf
        heading=${localize("composer.history")}
        empty=${localize("composer.no_history")}
        .payloads=${this.shelf.history}
      ></oye-payload-shelf>`;
  }

  #typeName = (event: Event): void => {
    this._name = (event.target as HTMLInputElement).value;
  };

  #saveTemplate = (event: Event): void => {
    event.preventDefault();
    const isKept = this.shelf.save(this._name.trim(), this.action, this.text, Date.now());
    if (isKept) this._name = "";
    else toast(this, localize("composer.not_kept"), "fault");
    this.requestUpdate();
  };

  #removeTemplate = (event: CustomEvent<string>): void => {
    this.shelf.remove(event.detail);
    this.requestUpdate();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-payload-shelves": OyePayloadShelves;
  }
}
