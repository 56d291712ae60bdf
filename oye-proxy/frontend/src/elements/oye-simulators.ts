import { html } from "lit";
import { customElement } from "lit/decorators.js";
import type { OcppVersion, SimulatorEntry } from "../api/types.gen.ts";
import { localize } from "../texts/localize.ts";
import { fieldOf } from "./light-element.ts";
import "./oye-id.ts";
import "./oye-state.ts";
import { PanelElement } from "./panel-element.ts";

const VERSIONS: readonly OcppVersion[] = ["1.6", "2.0.1", "2.1"];

/** Simulated chargers: start one, stop one. */
@customElement("oye-simulators")
export class OyeSimulators extends PanelElement<readonly SimulatorEntry[]> {
  protected override readonly heading = "system.simulators";

  protected override read(): Promise<readonly SimulatorEntry[]> {
    return this.client.call("GET /api/simulator", {});
  }

  protected override content(entries: readonly SimulatorEntry[]): unknown {
    return html`${
        entries.length === 0
          ? html`<p>${localize("system.no_simulators")}</p>`
          : html`<table class="cards">
              <tbody>
                ${entries.map((one) => this.#row(one))}
              </tbody>
            </table>`
      }
      <form @submit=${this.#start}>
        <label class="field small"
          ><span>OCPP</span>
          <select name="version">
            ${VERSIONS.map((version) => html`<option>${version}</option>`)}
          </select></label
        >
        <label class="check">
          <input type="checkbox" name="plugIn" checked /> ${localize("system.plug_in")}
        </label>
        <wa-button
          type="submit"
          size="s"
          variant="brand"
          ?disabled=${!this.live || this.busy !== null}
          >${localize("chargers.simulator")}</wa-button
        >
      </form>`;
  }

  #row(one: SimulatorEntry): unknown {
    const path = { charge_point_id: one.chargePointId };
    const call = "DELETE /api/simulator/{charge_point_id}";
    const stop = (): void =>
      void this.act("stop", () => this.client.call(call, { path }), localize("system.stopped"));
    return html`<tr>
      <td class="main"><oye-id .value=${one.chargePointId}></oye-id></td>
      <td>OCPP ${one.version}</td>
      <td>
        <oye-state tone=${one.connected ? "ok" : "off"}
          >${localize(one.connected ? "state.online" : "state.offline")}</oye-state
        >
      </td>
      <td class="actions">
        <button
          class="link"
          type="button"
          aria-label="${localize("system.stop")}: ${one.chargePointId}"
          ?disabled=${!this.live || this.busy !== null}
          @click=${stop}
        >
          ${localize("system.stop")}
        </button>
      </td>
    </tr>`;
  }

  #start = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const version = VERSIONS.find((one) => one === fieldOf(form, "version")) ?? "1.6";
    const body = { version, plugIn: fieldOf(form, "plugIn") !== "" };
    const does = (): Promise<unknown> => this.client.call("POST /api/simulator", { body });
    void this.act("start", does, localize("chargers.simulator_started"));
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-simulators": OyeSimulators;
  }
}
