import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { base } from "../styles/shared.ts";
import { localize } from "../texts/localize.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-dialog.ts";

const KEYS = [
  ["/", "filter"],
  ["j", "next"],
  ["k", "previous"],
  ["Enter", "inspect"],
  ["f", "follow"],
  ["c", "compose"],
  ["y", "copy"],
  ["Esc", "close"],
  ["?", "help"],
] as const;

/** What the single keys do; emits `oye-close`. */
@customElement("oye-shortcut-help")
export class OyeShortcutHelp extends OyeElement {
  static override styles = [
    base,
    css`
      dl {
        display: grid;
        grid-template-columns: max-content 1fr;
        gap: var(--oye-space-2) var(--oye-space-4);
      }
      kbd {
        padding: 1px var(--oye-space-2);
        border: 1px solid var(--oye-border-strong);
        border-radius: var(--oye-radius);
        font-family: var(--oye-font-mono);
      }
      p {
        margin-block-start: var(--oye-space-4);
      }
    `,
  ];

  @property({ type: Boolean }) open = false;

  protected override render(): unknown {
    return html`<oye-dialog .open=${this.open} heading=${localize("keys.title")}>
      <dl>
        ${KEYS.map(
          ([key, name]) =>
            html`<dt><kbd>${key}</kbd></dt>
              <dd>${localize(`keys.${name}`)}</dd>`,
        )}
      </dl>
      <p class="quiet">${localize("keys.switch")}</p>
    </oye-dialog>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-shortcut-help": OyeShortcutHelp;
  }
}
