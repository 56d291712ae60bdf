import { VirtualizerController } from "@tanstack/lit-virtual";
import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Exchange, Gap, Row } from "../domain/exchanges.ts";
import { isAtEnd, isNearTop, type Scroll, wentUp } from "../domain/scroll.ts";
import { unitsOf } from "../domain/units.ts";
import { frameListStyles } from "../styles/frame-list.ts";
import { base, plainButton } from "../styles/shared.ts";
import { language, localize, plural } from "../texts/localize.ts";
import { exchangeRow, gapRow } from "./frame-rows.ts";
import { emit, OyeElement } from "./oye-element.ts";
import "./oye-icon.ts";

const WIDE_ROW = 32;
const NARROW_ROW = 56;
const NARROW = 600;
const MEDIUM = 880;
// As long as a time can be.
const LONG_TIME = new Date(2000, 0, 1, 22, 22, 22).getTime();

/**
 * Exchanges, newest at the bottom; only what is seen is in the page.
 *
 * Emits `oye-select` (an Exchange), `oye-follow` (boolean), `oye-older` near the top, `oye-load-gap` (a Gap).
 */
@customElement("oye-frame-list")
export class OyeFrameList extends OyeElement {
  static override styles = [base, plainButton, frameListStyles];

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
  @state() private _width: "narrow" | "medium" | "wide" = "wide";
  @query(".scroller") private readonly _scroller!: HTMLElement | null;
  #resize: ResizeObserver | null = null;
  #place: Scroll = { top: 0, height: 0, room: 0 };
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
      const width = this.clientWidth;
      this._width = width < NARROW ? "narrow" : width < MEDIUM ? "medium" : "wide";
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
    if (changed.has("_width")) this.#list.getVirtualizer().measure();
    if (this.follow && this.rows.length > 0) this.#toEnd();
  }

  protected override render(): unknown {
    const list = this.#list.getVirtualizer();
    return html`<div
        class="scroller ${this._width} ${this.withCharger ? "with-charger" : ""}"
        role="feed"
        aria-label=${localize("frames.feed")}
        tabindex="0"
        .style=${`--time: calc(${unitsOf(language()).time(LONG_TIME).length}ch + 0.75rem)`}
        @scroll=${this.#scrolled}
      >
        <div class="room" .style=${`block-size: ${list.getTotalSize()}px`}>
          ${repeat(
            list.getVirtualItems(),
            (item) => item.key,
            (item) => {
              const row = this.rows[item.index];
              return row === undefined ? nothing : this.#row(row, item.index, item.start);
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
    return this._width === "narrow" ? NARROW_ROW : WIDE_ROW;
  }

  #update(change: { count: number }): void {
    const list = this.#list.getVirtualizer();
    list.setOptions({ ...list.options, ...change });
  }

  #row(row: Row, index: number, start: number): unknown {
    const place = {
      index,
      count: this.rows.length,
      style: `transform: translateY(${start}px); block-size: ${this.#rowSize}px`,
    };
    if (row.kind === "gap") return gapRow(row, place, this.#load);
    return exchangeRow(row, place, {
      units: unitsOf(language()),
      withCharger: this.withCharger,
      isMarked: this.marked(row),
      isSelected: row.key === this.selected,
      select: this.#select,
    });
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

  #select = (exchange: Exchange): void => {
    emit(this, "oye-select", exchange);
  };

  #load = (gap: Gap): void => {
    emit(this, "oye-load-gap", gap);
  };

  #scrolled = (): void => {
    const scroller = this._scroller;
    if (scroller === null) return;
    const before = this.#place;
    this.#place = {
      top: scroller.scrollTop,
      height: scroller.scrollHeight,
      room: scroller.clientHeight,
    };
    if (isAtEnd(this.#place)) this.#setFollow(!this.paused);
    else if (wentUp(before, this.#place)) this.#setFollow(false);
    if (isNearTop(this.#place)) this.#older();
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

declare global {
  interface HTMLElementTagNameMap {
    "oye-frame-list": OyeFrameList;
  }
}
