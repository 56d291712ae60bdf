import { html } from "lit";
import type { ChargerState, ConnectorFacts } from "../api/types.gen.ts";
import { toneOfStatus } from "../domain/states.ts";
import { localize } from "../texts/localize.ts";
import "./oye-state.ts";

/** Return what a connector does now; of a charger that is away, what it did when it was last heard of. */
export function connectorState(
  { connected }: Pick<ChargerState, "connected">,
  { status }: Pick<ConnectorFacts, "status">,
): unknown {
  const state = localize(`status.${status ?? "unknown"}`);
  if (connected || status === null) {
    return html`<oye-state tone=${toneOfStatus(status)}>${state}</oye-state>`;
  }
  return html`<oye-state class="quiet" tone="off"
    >${localize("state.last_known", { state })}</oye-state
  >`;
}
