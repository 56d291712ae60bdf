import { css, html } from "lit";
import { customElement, state } from "lit/decorators.js";
import { base, plainButton } from "../styles/shared.ts";
import { localize } from "../texts/localize.ts";
import { emit, OyeElement } from "./oye-element.ts";
import "./oye-icon.ts";

export type ToastTone = "info" | "fault";

export interface Toast {
  readonly text: string;
  readonly tone: ToastTone;
  /** What takes it back, for a while. */
  readonly undo?: { readonly label: string; readonly act: () => void };
  /** The page shows it elsewhere: told to screen readers alone. */
  readonly spoken?: boolean;
}

interface Shown extends Toast {
  readonly number: number;
}

const SHOWN_FOR = 8_000;
const AT_ONCE = 3;

/** Say a result in words, at the foot of the page and to screen readers. */
export function toast(
  from: EventTarget,
  text: string,
  tone: ToastTone = "info",
  undo?: Toast["undo"],
): void {
  emit(from, "oye-toast", { text, tone, ...(undo === undefined ? {} : { undo }) } satisfies Toast);
}

/** Tell screen readers alone what the page shows in its place. */
export function speak(from: EventTarget, text: string): void {
  emit(from, "oye-toast", { text, tone: "info", spoken: true } satisfies Toast);
}

/** The polite live region of the console: results of commands and changes of the connection. */
@customElement("oye-toasts")
export class OyeToasts extends OyeElement {
  static override styles = [
    base,
    plainButton,
    css`
      :host {
        position: fixed;
        z-index: 20;
        inset-inline: var(--oye-space-3);
        inset-block-end: calc(var(--oye-space-3) + var(--oye-tab-bar, 0px));
        pointer-events: none;
      }
      section {
        display: grid;
        justify-items: center;
        gap: var(--oye-space-2);
      }
      .toast {
        display: flex;
        align-items: center;
        gap: var(--oye-space-2);
        max-inline-size: min(36rem, 100%);
        padding-inline-start: var(--oye-space-3);
        border: 1px solid var(--oye-border-strong);
        border-radius: var(--oye-radius);
        background: var(--oye-raised);
        box-shadow: var(--oye-shadow);
        pointer-events: auto;
        overflow-wrap: anywhere;
      }
      .fault oye-icon:first-child {
        color: var(--oye-fault);
      }
    `,
  ];

  @state() private _toasts: readonly Shown[] = [];
  @state() private _spoken = "";
  #number = 0;

  show(next: Toast): void {
    const number = (this.#number += 1);
    this._spoken = next.text;
    if (next.spoken === true) return;
    this._toasts = [...this._toasts, { ...next, number }].slice(-AT_ONCE);
    setTimeout(() => {
      this.#dismiss(number);
    }, SHOWN_FOR);
  }

  /** Tell screen readers alone, of what the page shows elsewhere. */
  say(text: string): void {
    this._spoken = text;
  }

  protected override render(): unknown {
    return html`<div class="hidden" role="status">${this._spoken}</div>
      ${
        this._toasts.length === 0
          ? ""
          : html`<section aria-label=${localize("shell.messages")}>
              ${this._toasts.map((one) => this.#toast(one))}
            </section>`
      }`;
  }

  #toast(one: Shown): unknown {
    const dismiss = (): void => {
      this.#dismiss(one.number);
    };
    const undo = (): void => {
      one.undo?.act();
      dismiss();
    };
    return html`<div class="toast ${one.tone}">
      <oye-icon name=${one.tone === "fault" ? "alert" : "info"}></oye-icon>
      <span>${one.text}</span>
      ${
        one.undo === undefined
          ? ""
          : html`<button class="link" type="button" @click=${undo}>${one.undo.label}</button>`
      }
      <button
        class="plain"
        type="button"
        aria-label=${localize("general.dismiss")}
        @click=${dismiss}
      >
        <oye-icon name="close"></oye-icon>
      </button>
    </div>`;
  }

  #dismiss(number: number): void {
    this._toasts = this._toasts.filter((one) => one.number !== number);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-toasts": OyeToasts;
  }
}
