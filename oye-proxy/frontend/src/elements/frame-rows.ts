import { html, nothing } from "lit";
import type { ExchangeState, ExchangeSummary } from "../api/types.gen.ts";
import { type Exchange, type Gap, gistIn, sizeOf } from "../domain/exchanges.ts";
import { unitsOf, type Units } from "../domain/units.ts";
import { language, localize, plural } from "../texts/localize.ts";
import "./oye-icon.ts";
import "./oye-id.ts";

/** Where a row stands among all. */
export interface RowPlace {
  readonly index: number;
  readonly count: number;
  readonly style: string;
}

/** How an exchange is shown. */
export interface RowLook {
  readonly units: Units;
  readonly withCharger: boolean;
  readonly isMarked: boolean;
  readonly isSelected: boolean;
  readonly select: (exchange: Exchange) => void;
}

/** Return the row of what is missing. */
export function gapRow(gap: Gap, place: RowPlace, load: (gap: Gap) => void): unknown {
  return html`<div
    class="gap"
    role="article"
    tabindex="-1"
    data-key=${gap.key}
    aria-posinset=${place.index + 1}
    aria-setsize=${place.count}
    .style=${place.style}
  >
    ${gapText(gap)}
    ${
      gap.loaded === true
        ? html`<span>${localize("frames.loaded")}</span>`
        : html`<button
            class="link"
            type="button"
            @click=${() => {
              load(gap);
            }}
          >
            ${localize("frames.load")}
          </button>`
    }
  </div>`;
}

/** Return the row of an exchange. */
export function exchangeRow(exchange: Exchange, place: RowPlace, look: RowLook): unknown {
  const { summary } = exchange;
  const { units } = look;
  const select = (): void => {
    look.select(exchange);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    select();
  };
  return html`<article
    class=${look.isMarked ? "marked" : ""}
    tabindex="0"
    data-key=${exchange.key}
    aria-posinset=${place.index + 1}
    aria-setsize=${place.count}
    aria-current=${look.isSelected ? "true" : "false"}
    .style=${place.style}
    @click=${select}
    @keydown=${onKey}
  >
    <span class="time quiet" title=${units.utc(summary.time)}>${units.time(summary.time)}</span>
    <span class="way quiet">${way(summary)}</span>
    ${look.withCharger ? charger(summary) : nothing} ${action(summary)} ${gist(summary, units)}
    <span class="latency number quiet">${latency(summary, units)}</span>
    <span class="size number quiet">${units.bytes(sizeOf(summary))}</span>
  </article>`;
}

function gapText(gap: Gap): string {
  if (gap.dropped !== null) return plural("frames.gap_count", gap.dropped);
  const duration = unitsOf(language()).duration((gap.until - gap.from) / 1000);
  return localize(gap.skipped === true ? "frames.skipped" : "frames.gap", { duration });
}

function way({ sender, receiver }: ExchangeSummary): string {
  return `${localize(`peer.${sender}`)} → ${localize(`peer.${receiver}`)}`;
}

function charger({ chargePointId }: ExchangeSummary): unknown {
  return html`<span class="charger"
    ><oye-id still room="24" .value=${chargePointId}></oye-id
  ></span>`;
}

function action(summary: ExchangeSummary): unknown {
  return html`<span class="action"
    ><oye-icon
      class="short"
      name=${summary.receiver === "charger" ? "arrow-left" : "arrow-right"}
      label=${way(summary)}
    ></oye-icon>
    ${
      summary.injection === null
        ? nothing
        : html`<oye-icon name="injection" label=${localize("frames.injected")}></oye-icon> `
    }<oye-id still room="40" .value=${summary.action ?? "?"}></oye-id
  ></span>`;
}

function gist(summary: ExchangeSummary, units: Units): unknown {
  const text = gistIn(units, summary);
  return html`<span class="gist"
    >${stateMark(summary.state)}${summary.late ? html`<span class="late">${localize("frames.late")}</span>` : nothing}
    ${text === "" ? nothing : html`<oye-id still room="200" .value=${text}></oye-id>`}</span
  >`;
}

function latency({ answer }: ExchangeSummary, units: Units): string {
  const milliseconds = answer?.latencyMs ?? null;
  return milliseconds === null ? "" : units.latency(milliseconds);
}

function stateMark(state: ExchangeState): unknown {
  switch (state) {
    case "unanswered":
      return html`<span class="quiet">${localize("frames.unanswered")}</span>`;
    case "error":
      return html`<span class="fault">${localize("frames.error")}</span>`;
    case "malformed":
      return html`<span class="fault">${localize("frames.malformed")}</span>`;
    case "unpaired":
      return html`<span class="quiet">${localize("frames.unpaired")}</span>`;
    case "answered":
    case "sent":
      return nothing;
  }
}
