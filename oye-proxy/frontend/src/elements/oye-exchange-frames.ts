import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ExchangeDetail, ExchangeFrame } from "../api/types.gen.ts";
import { framesOf, schemaOf } from "../domain/exchange-frames.ts";
import { partsOf } from "../domain/frame-text.ts";
import type { Field } from "../domain/schema-form.ts";
import { choicesOf, fieldAt, meaningOf } from "../domain/schema-notes.ts";
import { unitsOf } from "../domain/units.ts";
import { inspectorStyles } from "../styles/inspector.ts";
import { base } from "../styles/shared.ts";
import { language, localize } from "../texts/localize.ts";
import "./oye-copy.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-id.ts";
import "./oye-json-tree.ts";
import type { Annotation } from "./oye-json-tree.ts";
import "./oye-raw-text.ts";

/** The frames of an exchange, as trees with what their schemas say, or as the exact text. */
@customElement("oye-exchange-frames")
export class OyeExchangeFrames extends OyeElement {
  static override styles = [base, inspectorStyles];

  @property({ attribute: false }) detail!: ExchangeDetail;
  /** The schemas that were read, by name. */
  @property({ attribute: false }) forms: ReadonlyMap<string, Field | null> = new Map();
  /** Turns a text into what may be shown of it. */
  @property({ attribute: false }) shown: (text: string) => string = (text) => text;
  /** Show the exact text. */
  @property({ type: Boolean }) raw = false;

  protected override render(): unknown {
    return framesOf(this.detail).map((frame) => (this.raw ? this.#raw(frame) : this.#tree(frame)));
  }

  #tree(frame: ExchangeFrame): unknown {
    const parts = partsOf(frame.text);
    const form = this.forms.get(schemaOf(frame, this.detail)) ?? null;
    const annotate = (path: readonly string[]): Annotation | null =>
      noteOf(fieldAt(form, path), path);
    const isError = parts?.messageType === "4" || parts?.messageType === "5";
    return html`<section class="frame">
      ${this.#frameHead(frame)}
      ${
        isError && parts.word !== null
          ? html`<p class="fault"><oye-id .value=${parts.word}></oye-id></p>`
          : nothing
      }
      <oye-json-tree
        depth=${frame.text.length < 16_384 ? 6 : 3}
        .text=${this.shown(isError || parts === null ? frame.text : parts.payload)}
        .annotate=${annotate}
      ></oye-json-tree>
    </section>`;
  }

  #raw(frame: ExchangeFrame): unknown {
    return html`<section class="frame">
      ${this.#frameHead(frame)}<oye-raw-text .text=${this.shown(frame.text)}></oye-raw-text>
    </section>`;
  }

  #frameHead(frame: ExchangeFrame): unknown {
    const units = unitsOf(language());
    return html`<div class="frame-head">
      <h3>${localize(`peer.${frame.sender}`)}</h3>
      <span class="quiet">${localizeType(frame.messageType)}</span>
      <span class="quiet" title=${units.utc(frame.time)}>${units.time(frame.time)}</span>
      <span class="quiet">${units.bytes(new TextEncoder().encode(frame.text).length)}</span>
      ${frame.rule === null ? nothing : html`<span class="mark"><oye-id .value=${frame.rule}></oye-id></span>`}
      <oye-copy .value=${this.shown(frame.text)}></oye-copy>
    </div>`;
  }
}

function noteOf(field: Field | null, path: readonly string[]): Annotation | null {
  if (path.length === 0) return null;
  if (field === null) return null;
  const parts = [field.unit ?? "", meaningOf(field)];
  if (field.kind === "choice") parts.push(choicesText(field));
  const text = parts.filter((part) => part !== "").join(" · ");
  return text === "" ? null : { text };
}

function choicesText(field: Field): string {
  const { shown, more } = choicesOf(field);
  return more === 0
    ? localize("inspector.choices", { values: shown })
    : localize("inspector.choices_more", { values: shown, count: more });
}

function localizeType(messageType: number | null): string {
  switch (messageType) {
    case 2:
      return "CALL";
    case 3:
      return "CALLRESULT";
    case 4:
      return "CALLERROR";
    case 5:
      return "CALLRESULTERROR";
    case 6:
      return "SEND";
    case null:
    default:
      return localize("frames.malformed");
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-exchange-frames": OyeExchangeFrames;
  }
}
