import { html } from "lit";
import type { ChargerState, ConnectorFacts } from "../api/types.gen.ts";
import { limitsOf } from "../domain/charging-actions.ts";
import { toneOfStatus, whoPaused } from "../domain/states.ts";
import { localize } from "../texts/localize.ts";
import "./oye-state.ts";

/** Return what a connector does now; of a charger that is away, what it did when it was last heard of. */
export function connectorState(charger: ChargerState, connector: ConnectorFacts): unknown {
  const { status } = connector;
  const by = whoPaused(status, limitsOf(charger, connector.evseId));
  const state = localize(by === null ? `status.${status ?? "unknown"}` : `state.paused_${by}`);
  if (charger.connected || status === null) {
    return html`<oye-state tone=${toneOfStatus(status)}>${state}</oye-state>`;
  }
  return html`<oye-state class="quiet" tone="off"
    >${localize("state.last_known", { state })}</oye-state
  >`;
}
