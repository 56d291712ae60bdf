import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { unitsOf } from "../domain/units.ts";
import { base, panel, plainButton } from "../styles/shared.ts";
import { composerStyles } from "../styles/composer.ts";
import type { ShelvedPayload } from "../state/payload-shelf.ts";
import { language, localize } from "../texts/localize.ts";
import { emit, OyeElement } from "./oye-element.ts";
import "./oye-icon.ts";
import "./oye-id.ts";

/** Payloads to take up again; emits `oye-load` and, where they have names, `oye-remove` (its name). */
@customElement("oye-payload-shelf")
export class OyePayloadShelf extends OyeElement {
  static override styles = [
    base,
    panel,
    plainButton,
    composerStyles,
    css`
      :host {
        display: block;
        min-inline-size: 0;
      }
    `,
  ];

  @property() heading = "";
  @property() empty = "";
  @property({ attribute: false }) payloads: readonly ShelvedPayload[] = [];

  protected override render(): unknown {
    return html`<section class="panel">
      <header><h2>${this.heading}</h2></header>
      <div class="body">
        ${
          this.payloads.length === 0
            ? html`<p class="quiet small">${this.empty}</p>`
            : html`<ul class="shelf">
                ${this.payloads.map((one) => this.#payload(one))}
              </ul>`
        }
        <slot></slot>
      </div>
    </section>`;
  }

  #payload(one: ShelvedPayload): unknown {
    const load = (): void => {
      emit(this, "oye-load", one);
    };
    const remove = (): void => {
      emit(this, "oye-remove", one.name);
    };
    const title = one.name === "" ? one.action : one.name;
    return html`<li>
      <button class="load" type="button" @click=${load}>
        <strong><oye-id still room="60" .value=${title}></oye-id></strong>
        <span class="quiet small"
          >${
            one.name === ""
              ? unitsOf(language()).dateTime(one.at)
              : html`<oye-id still .value=${one.action}></oye-id>`
          }</span
        >
      </button>
      ${
        one.name === ""
          ? nothing
          : html`<button
              class="plain"
              type="button"
              aria-label=${localize("composer.remove", { name: one.name })}
              @click=${remove}
            >
              <oye-icon name="delete"></oye-icon>
            </button>`
      }
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-payload-shelf": OyePayloadShelf;
  }
}
