import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { readObject } from "../domain/payload.ts";
import { problemsOf, type Field, type Json } from "../domain/schema-form.ts";
import { composerStyles } from "../styles/composer.ts";
import { base, panel, plainButton } from "../styles/shared.ts";
import { localize } from "../texts/localize.ts";
import { emit, OyeElement } from "./oye-element.ts";
import "./oye-icon.ts";
import "./oye-id.ts";
import "./oye-json-editor.ts";
import "./oye-notice.ts";
import "./oye-payload-form.ts";
import "./oye-skeleton.ts";

/** One payload with two editors, a form and JSON; emits `oye-text`. What sends it goes inside. */
@customElement("oye-payload-editor")
export class OyePayloadEditor extends OyeElement {
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

  @property() action = "";
  /** The schema as a form; null when there is none. */
  @property({ attribute: false }) field: Field | null = null;
  /** The schema is on its way. */
  @property({ type: Boolean }) loading = false;
  @property() text = "";
  /** Point at everything that breaks the schema. */
  @property({ type: Boolean }) strict = false;
  /** What breaks the schema cannot be sent. */
  @property({ type: Boolean }) enforced = false;
  @state() private _face: "form" | "json" = "form";

  protected override render(): unknown {
    const hasForm = this.field !== null;
    const face = hasForm ? this._face : "json";
    return html`<section class="panel">
      <header>
        <h2><oye-id room="60" .value=${this.action || localize("composer.custom")}></oye-id></h2>
        ${hasForm ? this.#faces() : nothing}
      </header>
      <div class="body">
        ${this.#notes()}
        ${this.loading ? html`<oye-skeleton shape="rows" count="4"></oye-skeleton>` : this.#face(face)}
      </div>
      <slot></slot>
    </section>`;
  }

  #faces(): unknown {
    const button = (face: "form" | "json"): unknown => {
      const show = (): void => {
        this._face = face;
      };
      return html`<button
        type="button"
        aria-pressed=${this._face === face ? "true" : "false"}
        @click=${show}
      >
        ${localize(`composer.${face}`)}
      </button>`;
    };
    return html`<div class="switch" role="group" aria-label=${localize("composer.faces")}>
      ${button("form")} ${button("json")}
    </div>`;
  }

  #face(face: "form" | "json"): unknown {
    const form = this.field;
    if (face === "json" || form === null) {
      return html`<oye-json-editor
        label=${localize("composer.json_label")}
        .value=${this.text}
        @oye-change=${this.#typeJson}
      ></oye-json-editor>`;
    }
    const value = readObject(this.text);
    if (value === null) {
      return html`<oye-notice kind="error"
        >${localize("composer.bad_json")}
        <button class="link" slot="action" type="button" @click=${this.#showJson}>
          ${localize("composer.to_json")}
        </button></oye-notice
      >`;
    }
    return html`<oye-payload-form
      .field=${form}
      .value=${value}
      ?strict=${this.strict}
      @oye-value=${this.#edit}
    ></oye-payload-form>`;
  }

  #notes(): unknown {
    if (this.loading) return nothing;
    if (this.field === null) return this.#note(localize("composer.no_schema"));
    const value = readObject(this.text);
    const problems = value === null ? [] : problemsOf(this.field, value);
    if (!this.strict || problems.length === 0) return nothing;
    return this.#note(
      html`${localize(this.enforced ? "composer.breaks_enforced" : "composer.breaks_schema")}
        <ul>
          ${problems
            .slice(0, 8)
            .map(
              ({ path, code }) =>
                html`<li>
                  <oye-id .value=${path.join(".") || "$"}></oye-id>:
                  ${localize(`composer.problem.${code}`)}
                </li>`,
            )}
        </ul>`,
    );
  }

  #note(text: unknown): unknown {
    return html`<div class="note">
      <oye-icon name="info"></oye-icon>
      <div>${text}</div>
    </div>`;
  }

  #typeJson = (event: CustomEvent<string>): void => {
    emit(this, "oye-text", event.detail);
  };

  #edit = (event: CustomEvent<Json>): void => {
    emit(this, "oye-text", JSON.stringify(event.detail, null, 2));
  };

  #showJson = (): void => {
    this._face = "json";
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-payload-editor": OyePayloadEditor;
  }
}
