import { html } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ChargerState } from "../api/types.gen.ts";
import { staleFor } from "../domain/states.ts";
import { unitsOf } from "../domain/units.ts";
import { base } from "../styles/shared.ts";
import { language, localize } from "../texts/localize.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-state.ts";

/** Whether a charger is there, or why it may not be, in a word. */
@customElement("oye-charger-presence")
export class OyeChargerPresence extends OyeElement {
  static override styles = base;

  @property({ attribute: false }) charger!: ChargerState;
  /** The moment that ages are counted from. */
  @property({ type: Number }) now = Date.now();

  protected override render(): unknown {
    const { charger } = this;
    if (!charger.approved) {
      return html`<oye-state tone="waiting">${localize("state.waiting_approval")}</oye-state>`;
    }
    if (charger.ownerStatus !== "active") {
      return html`<oye-state tone="off">${localize(`state.${charger.ownerStatus}`)}</oye-state>`;
    }
    if (charger.connected)
      return html`<oye-state tone="ok">${localize("state.online")}</oye-state>`;
    const absent = staleFor(charger, this.now);
    if (absent === null)
      return html`<oye-state tone="off">${localize("state.offline")}</oye-state>`;
    const duration = unitsOf(language()).duration(absent / 1000);
    return html`<oye-state tone="off">${localize("state.stale", { duration })}</oye-state>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-charger-presence": OyeChargerPresence;
  }
}
