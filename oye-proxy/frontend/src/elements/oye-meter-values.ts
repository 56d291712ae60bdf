import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ChargerState, SampleFacts } from "../api/types.gen.ts";
import { measurandRows, newestOf, phasesOf, type MeasurandRow } from "../domain/measurands.ts";
import { unitsOf, type Units } from "../domain/units.ts";
import { base, panel, table } from "../styles/shared.ts";
import { language, localize, localizeCode } from "../texts/localize.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-id.ts";

/** The newest value of each measurand, in total and per phase, of the charger and its connectors. */
@customElement("oye-meter-values")
export class OyeMeterValues extends OyeElement {
  static override styles = [
    base,
    panel,
    table,
    css`
      caption {
        padding: var(--oye-space-2) var(--oye-space-3) 0;
        text-align: start;
      }
      .code {
        display: block;
        font-size: var(--oye-size-1);
        color: var(--oye-text-quiet);
        overflow-wrap: anywhere;
      }
      td,
      th {
        padding-inline: var(--oye-space-2);
      }
      td:first-child,
      th:first-child {
        padding-inline-start: var(--oye-space-3);
      }
      td.number {
        white-space: nowrap;
      }
      .phases {
        display: flex;
        flex-wrap: wrap;
        justify-content: end;
        gap: 0 var(--oye-space-3);
      }
      .phases > span {
        min-inline-size: 6rem;
      }
      p {
        padding: var(--oye-space-3);
      }
    `,
  ];

  @property({ attribute: false }) charger!: ChargerState;

  protected override render(): unknown {
    const { charger } = this;
    const parts = [
      { title: localize("chargers.whole"), samples: charger.samples },
      ...charger.connectors.map(({ evseId, samples }) => ({
        title: localize("chargers.connector", { number: evseId }),
        samples,
      })),
    ].filter(({ samples }) => Object.keys(samples).length > 0);
    return html`<section class="panel" aria-labelledby="title">
      <header><h2 id="title">${localize("meter.title")}</h2></header>
      ${
        parts.length === 0
          ? html`<p class="quiet">${localize("meter.empty")}</p>`
          : parts.map(({ title, samples }) => this.#part(title, samples))
      }
    </section>`;
  }

  #part(title: string, samples: Readonly<Record<string, SampleFacts>>): unknown {
    const units = unitsOf(language());
    const rows = measurandRows(samples);
    const newest = newestOf(rows);
    const hasPhases = phasesOf(rows).length > 0;
    return html`<table>
      <caption>
        <strong>${title}</strong>
        <span class="quiet" title=${units.utc(newest)}
          >${localize("meter.read_at", { time: units.time(newest) })}</span
        >
      </caption>
      <thead>
        <tr>
          <th scope="col">${localize("meter.measurand")}</th>
          <th scope="col" class="number">${localize("meter.value")}</th>
          ${hasPhases ? html`<th scope="col" class="number">${localize("meter.phases")}</th>` : nothing}
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => this.#row(row, hasPhases, units))}
      </tbody>
    </table>`;
  }

  // Only what is no plain value of the outlet needs a word.
  #origin({ context, location }: SampleFacts): unknown {
    const words = [
      context === "Sample.Periodic" || context === "Sample.Clock" ? "" : context,
      location === "Outlet" ? "" : location,
    ].filter((word) => word !== "");
    return words.length === 0 ? nothing : html`<span class="code">${words.join(", ")}</span>`;
  }

  #row(row: MeasurandRow, hasPhases: boolean, units: Units): unknown {
    const { measurand, sample } = row;
    const name = localizeCode("measurand", measurand.replaceAll(".", "_"));
    return html`<tr>
      <td>
        ${name ?? html`<oye-id still room="40" .value=${measurand}></oye-id>`}
        ${this.#origin(sample)}
      </td>
      <td class="number">
        ${
          sample.unit === "Wh" && measurand.endsWith(".Register")
            ? units.meter(sample.value)
            : units.value(sample.value, sample.unit)
        }
      </td>
      ${
        hasPhases
          ? html`<td class="number">
              <div class="phases">
                ${phasesOf([row]).map((phase) => this.#phase(phase, sample, units))}
              </div>
            </td>`
          : nothing
      }
    </tr>`;
  }

  #phase(phase: string, { phases, unit }: SampleFacts, units: Units): unknown {
    return html`<span
      ><span class="quiet">${phase}</span> ${units.value(phases[phase] ?? null, unit)}</span
    >`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-meter-values": OyeMeterValues;
  }
}
