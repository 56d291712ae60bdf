import { VirtualizerController } from "@tanstack/lit-virtual";
import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { ExchangeState } from "../api/types.gen.ts";
import { type Exchange, type Gap, type Row, sizeOf } from "../domain/exchanges.ts";
import { unitsOf, type Units } from "../domain/units.ts";
import { base, plainButton } from "../styles/shared.ts";
import { language, localize, plural } from "../texts/localize.ts";
import { emit, OyeElement } from "./oye-element.ts";
import "./oye-icon.ts";
import "./oye-id.ts";

const WIDE_ROW = 32;
const NARROW_ROW = 56;
const NARROW = 600;
const MEDIUM = 880;
const NEAR_END = 24;
const NEAR_TOP = 400;

/**
 * Exchanges, newest at the bottom; only what is seen is in the page.
 *
 * Emits `oye-select` (an Exchange), `oye-follow` (boolean), `oye-older` near the top, `oye-load-gap` (a Gap).
 */
@customElement("oye-frame-list")
export class OyeFrameList extends OyeElement {
  static override styles = [
    base,
    plainButton,
    css`
      :host {
        position: relative;
        display: block;
        min-block-size: 8rem;
        contain: strict;
        background: var(--oye-surface);
      }
      .scroller {
        position: absolute;
        inset: 0;
        overflow: hidden auto;
        overflow-anchor: none;
      }
      .room {
        position: relative;
        inline-size: 100%;
      }
      article,
      .gap {
        position: absolute;
        inset-inline: 0;
        display: grid;
        grid-template-columns: 5.5rem 9.5rem minmax(6rem, 14rem) minmax(0, 1fr) 4.5rem 4.5rem;
        align-items: center;
        gap: var(--oye-space-3);
        padding-inline: var(--oye-space-3);
        border-block-end: 1px solid var(--oye-border);
        font-size: var(--oye-size-2);
        white-space: nowrap;
        cursor: pointer;
      }
      .gap {
        display: flex;
        cursor: default;
        color: var(--oye-text-quiet);
        background: var(--oye-sunken);
      }
      article:hover {
        background: var(--oye-hover);
      }
      article[aria-current="true"] {
        background: var(--oye-selected);
        box-shadow: inset 3px 0 var(--oye-accent);
      }
      article.marked {
        background: var(--oye-waiting-soft);
      }
      article > * {
        min-inline-size: 0;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .action {
        font-weight: 600;
      }
      .fault {
        color: var(--oye-fault);
        font-weight: 600;
      }
      .late {
        color: var(--oye-waiting);
        font-weight: 600;
      }
      .failure {
        position: absolute;
        inset-block-start: 0;
        inset-inline: 0;
        padding: var(--oye-space-2) var(--oye-space-3);
        color: var(--oye-fault);
        background: var(--oye-fault-soft);
        border-block-end: 1px solid var(--oye-fault);
      }
      .number {
        text-align: end;
      }
      .pill {
        position: absolute;
        inset-block-end: var(--oye-space-3);
        inset-inline-start: 50%;
        transform: translateX(-50%);
        display: inline-flex;
        align-items: center;
        gap: var(--oye-space-1);
        min-block-size: var(--oye-target);
        padding-inline: var(--oye-space-4);
        border: 1px solid var(--oye-accent);
        border-radius: 2rem;
        background: var(--oye-accent);
        color: var(--oye-on-accent);
        font-weight: 600;
        cursor: pointer;
      }
      .with-charger article {
        grid-template-columns:
          4.5rem 8.5rem minmax(4rem, 9rem) minmax(6rem, 12rem) minmax(0, 1fr)
          4rem 4rem;
      }
      .medium article {
        grid-template-columns: 4.5rem minmax(6rem, 11rem) minmax(0, 1fr) 4rem;
      }
      .medium.with-charger article {
        grid-template-columns: 4.5rem minmax(4rem, 7rem) minmax(6rem, 11rem) minmax(0, 1fr) 4rem;
      }
      .medium .size,
      .medium .way {
        display: none;
      }
      .charger {
        color: var(--oye-text-quiet);
      }
      .short {
        display: none;
        color: var(--oye-text-quiet);
      }
      .narrow .short,
      .medium .short {
        display: inline-block;
      }
      .narrow article,
      .narrow.with-charger article {
        grid-template-columns: minmax(0, 1fr) auto;
        grid-template-areas: "action time" "gist latency";
        gap: 0 var(--oye-space-2);
        align-content: center;
      }
      .narrow .time {
        grid-area: time;
      }
      .narrow .action {
        grid-area: action;
      }
      .narrow.with-charger article {
        grid-template-columns: minmax(0, auto) minmax(0, 1fr) auto;
        grid-template-areas: "action charger time" "gist gist latency";
      }
      .narrow .charger {
        grid-area: charger;
        font-size: var(--oye-size-1);
      }
      .narrow .gist {
        grid-area: gist;
      }
      .narrow .latency {
        grid-area: latency;
      }
      .narrow .size,
      .narrow .way {
        display: none;
      }
    `,
  ];

  @property({ attribute: false }) rows: readonly Row[] = [];
  /** Stay at the newest row; off as soon as the reader scrolls up. */
  @property({ type: Boolean }) follow = true;
  @property() selected = "";
  /** Which exchanges are highlighted. */
  @property({ attribute: false }) marked: (exchange: Exchange) => boolean = () => false;
  /** Show which charger each row belongs to. */
  @property({ type: Boolean }) withCharger = false;
  /** Hold the list: reaching its end does not make it follow. */
  @property({ type: Boolean }) paused = false;
  /** How many newer rows are held back. */
  @property({ type: Number }) newer = 0;
  /** Older rows could not be loaded. */
  @property({ type: Boolean }) failed = false;
  @state() private _narrow = false;
  @state() private _medium = false;
  @query(".scroller") private readonly _scroller!: HTMLElement | null;
  #resize: ResizeObserver | null = null;
  #top = 0;
  #height = 0;
  #renderedAt: CSSNumberish | null = null;

  readonly #list = new VirtualizerController<HTMLElement, HTMLElement>(this, {
    count: 0,
    getScrollElement: () => this._scroller,
    estimateSize: () => this.#rowSize,
    getItemKey: (index) => this.rows[index]?.key ?? index,
    overscan: 8,
    anchorTo: "end",
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resize = new ResizeObserver(() => {
      this._narrow = this.clientWidth < NARROW;
      this._medium = !this._narrow && this.clientWidth < MEDIUM;
    });
    this.#resize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize?.disconnect();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("rows")) this.#update({ count: this.rows.length });
  }

  // Whatever comes between two animation frames, new rows and scrolling, is rendered once.
  protected override async scheduleUpdate(): Promise<void> {
    if (this.#renderedAt === document.timeline.currentTime) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    this.#renderedAt = document.timeline.currentTime;
    await super.scheduleUpdate();
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("_narrow")) this.#list.getVirtualizer().measure();
    if (this.follow && this.rows.length > 0) this.#toEnd();
  }

  protected override render(): unknown {
    const list = this.#list.getVirtualizer();
    const units = unitsOf(language());
    return html`<div
        class="scroller ${this._narrow ? "narrow" : this._medium ? "medium" : ""} ${this.withCharger ? "with-charger" : ""}"
        role="feed"
        aria-label=${localize("frames.feed")}
        tabindex="0"
        @scroll=${this.#scrolled}
      >
        <div class="room" .style=${`block-size: ${list.getTotalSize()}px`}>
          ${repeat(
            list.getVirtualItems(),
            (item) => item.key,
            (item) => {
              const row = this.rows[item.index];
              return row === undefined ? nothing : this.#row(row, item.index, item.start, units);
            },
          )}
        </div>
      </div>
      ${this.failed ? this.#failure() : nothing} ${this.#pill()}`;
  }

  /** Move the focus by some rows, from the focused one, the selected one or the newest. */
  async move(by: number): Promise<void> {
    const focused = (this.shadowRoot?.activeElement as HTMLElement | null)?.dataset.key;
    const from = this.rows.findIndex((row) => row.key === (focused ?? this.selected));
    const wanted = from < 0 ? this.rows.length - 1 : from + by;
    await this.focusRow(Math.min(Math.max(wanted, 0), this.rows.length - 1));
  }

  /** Bring a row into the middle of the view. */
  async reveal(key: string): Promise<void> {
    await this.updateComplete;
    const index = this.rows.findIndex((row) => row.key === key);
    if (index >= 0) this.#list.getVirtualizer().scrollToIndex(index, { align: "center" });
  }

  /** Bring a row into view and focus it. */
  async focusRow(index: number): Promise<void> {
    const key = this.rows[index]?.key;
    if (key === undefined) return;
    this.#setFollow(false);
    this.#list.getVirtualizer().scrollToIndex(index);
    await new Promise((resolve) => requestAnimationFrame(resolve));
    await this.updateComplete;
    const rows = this._scroller?.querySelectorAll<HTMLElement>("[data-key]") ?? [];
    for (const row of rows) {
      if (row.dataset.key === key) row.focus({ preventScroll: true });
    }
  }

  get #rowSize(): number {
    return this._narrow ? NARROW_ROW : WIDE_ROW;
  }

  #update(change: { count: number }): void {
    const list = this.#list.getVirtualizer();
    list.setOptions({ ...list.options, ...change });
  }

  #row(row: Row, index: number, start: number, units: Units): unknown {
    const place = `transform: translateY(${start}px); block-size: ${this.#rowSize}px`;
    return row.kind === "gap"
      ? this.#gap(row, index, place)
      : this.#exchange(row, index, place, units);
  }

  #gap(gap: Gap, index: number, place: string): unknown {
    const load = (): void => {
      emit(this, "oye-load-gap", gap);
    };
    return html`<div
      class="gap"
      role="article"
      tabindex="-1"
      data-key=${gap.key}
      aria-posinset=${index + 1}
      aria-setsize=${this.rows.length}
      .style=${place}
    >
      ${gapText(gap)}
      ${
        gap.loaded === true
          ? html`<span>${localize("frames.loaded")}</span>`
          : html`<button class="link" type="button" @click=${load}>
              ${localize("frames.load")}
            </button>`
      }
    </div>`;
  }

  #exchange(exchange: Exchange, index: number, place: string, units: Units): unknown {
    const select = (): void => {
      emit(this, "oye-select", exchange);
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        select();
      }
    };
    const { summary } = exchange;
    const { answer } = summary;
    const latency = answer?.latencyMs ?? null;
    return html`<article
      class=${this.marked(exchange) ? "marked" : ""}
      tabindex="0"
      data-key=${exchange.key}
      aria-posinset=${index + 1}
      aria-setsize=${this.rows.length}
      aria-current=${exchange.key === this.selected ? "true" : "false"}
      .style=${place}
      @click=${select}
      @keydown=${onKey}
    >
      <span class="time quiet" title=${units.utc(summary.time)}>${units.time(summary.time)}</span>
      <span class="way quiet"
        >${localize(`peer.${summary.sender}`)} → ${localize(`peer.${summary.receiver}`)}</span
      >
      ${
        this.withCharger
          ? html`<span class="charger"
              ><oye-id still room="24" .value=${summary.chargePointId}></oye-id
            ></span>`
          : nothing
      }
      <span class="action"
        ><oye-icon
          class="short"
          name=${summary.receiver === "charger" ? "arrow-left" : "arrow-right"}
          label=${`${localize(`peer.${summary.sender}`)} → ${localize(`peer.${summary.receiver}`)}`}
        ></oye-icon>
        ${
          summary.injection === null
            ? nothing
            : html`<oye-icon name="injection" label=${localize("frames.injected")}></oye-icon> `
        }<oye-id still room="40" .value=${summary.action ?? "?"}></oye-id
      ></span>
      <span class="gist"
        >${stateMark(summary.state)}${summary.late ? html`<span class="late">${localize("frames.late")}</span>` : nothing}
        ${gistMark(gistOf(summary.gist, answer?.gist))}</span
      >
      <span class="latency number quiet">${latency === null ? "" : units.latency(latency)}</span>
      <span class="size number quiet">${units.bytes(sizeOf(summary))}</span>
    </article>`;
  }

  #pill(): unknown {
    if (this.newer <= 0) return nothing;
    return html`<button class="pill" type="button" @click=${this.#resume}>
      ${plural("frames.new", this.newer)} <oye-icon name="arrow-down"></oye-icon>
    </button>`;
  }

  #failure(): unknown {
    return html`<div class="failure" role="alert">
      ${localize("frames.failed")}
      <button class="link" type="button" @click=${this.#older}>${localize("general.retry")}</button>
    </div>`;
  }

  #resume = (): void => {
    this.follow = true;
    emit(this, "oye-follow", true);
  };

  #older = (): void => {
    emit(this, "oye-older");
  };

  #scrolled = (): void => {
    const scroller = this._scroller;
    if (scroller === null) return;
    const below = scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;
    // Only who scrolls up stops following; rows that come and go move the end as well.
    const isUp = scroller.scrollTop < this.#top && scroller.scrollHeight >= this.#height;
    this.#top = scroller.scrollTop;
    this.#height = scroller.scrollHeight;
    if (below < NEAR_END) this.#setFollow(!this.paused);
    else if (isUp) this.#setFollow(false);
    if (scroller.scrollTop < NEAR_TOP) this.#older();
  };

  #setFollow(follow: boolean): void {
    if (follow === this.follow) return;
    this.follow = follow;
    emit(this, "oye-follow", follow);
  }

  #toEnd(): void {
    const scroller = this._scroller;
    if (scroller !== null) scroller.scrollTop = scroller.scrollHeight;
  }
}

function gapText(gap: Gap): string {
  if (gap.dropped !== null) return plural("frames.gap_count", gap.dropped);
  const duration = unitsOf(language()).duration((gap.until - gap.from) / 1000);
  return localize(gap.skipped === true ? "frames.skipped" : "frames.gap", { duration });
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

function gistMark(gist: string): unknown {
  return gist === "" ? nothing : html`<oye-id still room="200" .value=${gist}></oye-id>`;
}

function gistOf(request: string, answer: string | undefined): string {
  return [request, answer ?? ""].filter((part) => part !== "").join(" · ");
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-frame-list": OyeFrameList;
  }
}
