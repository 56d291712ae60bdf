import { html } from "lit";
import { localize } from "../texts/localize.ts";
import "./oye-icon.ts";

/** Return the button that closes what it stands in; its look is that of `plainButton`. */
export function closeButton(close: () => void): unknown {
  return html`<button
    class="plain"
    type="button"
    aria-label=${localize("shell.close")}
    @click=${close}
  >
    <oye-icon name="close"></oye-icon>
  </button>`;
}
