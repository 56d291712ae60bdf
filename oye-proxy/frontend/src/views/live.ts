import { consume } from "@lit/context";
import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { ApiClient } from "../api/client.ts";
import type { Exchange, Gap } from "../domain/exchanges.ts";
import { parseFilter, withoutHeartbeats } from "../domain/filter.ts";
import { shows } from "../domain/live-rows.ts";
import { OyeElement } from "../elements/oye-element.ts";
import "../elements/oye-dialog.ts";
import "../elements/oye-filter-bar.ts";
import type { OyeFilterBar } from "../elements/oye-filter-bar.ts";
import "../elements/oye-frame-list.ts";
import type { OyeFrameList } from "../elements/oye-frame-list.ts";
import "../elements/oye-notice.ts";
import "../elements/oye-search.ts";
import "../elements/oye-shortcut-help.ts";
import "../elements/oye-skeleton.ts";
import "../elements/oye-stream-tools.ts";
import { Shortcuts } from "../elements/shortcuts.ts";
import { Wide } from "../elements/wide.ts";
import { hashOf, replaceQuery, type Route } from "../router.ts";
import {
  clientContext,
  liveContext,
  preferencesContext,
  sessionContext,
} from "../state/contexts.ts";
import { FeedReader } from "../state/feed-reader.ts";
import type { LiveStore } from "../state/live-store.ts";
import { Observe } from "../state/observe.ts";
import type { Preferences } from "../state/preferences.ts";
import type { Session } from "../state/session.ts";
import { base, plainButton } from "../styles/shared.ts";
import { liveStyles } from "../styles/live.ts";
import type { OyeInspector } from "./inspector.ts";
import { errorText } from "../texts/errors.ts";
import { localize } from "../texts/localize.ts";

/** The stream: what passes now, and behind it what is stored, without end. */
@customElement("oye-view-live")
export class OyeViewLive extends OyeElement {
  static override styles = [base, plainButton, liveStyles];

  @consume({ context: clientContext }) readonly client!: ApiClient;
  @consume({ context: liveContext }) readonly live!: LiveStore;
  @consume({ context: preferencesContext }) readonly preferences!: Preferences;
  @consume({ context: sessionContext }) readonly session!: Session;
  @property({ attribute: false }) route!: Route;
  @state() private _paused = false;
  @state() private _showsFilters = false;
  @state() private _helps = false;
  @query("oye-filter-bar") private readonly _filterBar!: OyeFilterBar | null;
  @query("oye-inspector") private readonly _inspector!: OyeInspector | null;
  @query("oye-frame-list") private readonly _list!: OyeFrameList | null;
  #chosen = "";
  #highlight = "";
  #marked: (exchange: Exchange) => boolean = () => false;

  protected readonly observeLive = new Observe(this, () => this.live);
  readonly #reader = new FeedReader(
    this,
    () => this.client,
    () => this.live,
  );
  protected readonly wide = new Wide(this);
  protected readonly shortcuts = new Shortcuts(
    this,
    new Map([
      [
        "/",
        () => {
          this._filterBar?.focus();
        },
      ],
      ["j", () => void this._list?.move(1)],
      ["k", () => void this._list?.move(-1)],
      [
        "f",
        () => {
          this.#setFollow(!this.#reader.follows);
        },
      ],
      [
        "c",
        () => {
          this.#compose();
        },
      ],
      ["y", () => void this._inspector?.copy()],
      [
        "Escape",
        () => {
          this.#inspect("");
        },
      ],
      ["?", () => (this._helps = true)],
    ]),
    () => this.preferences.values.shortcuts,
  );

  protected override willUpdate(_changed: PropertyValues<this>): void {
    if (!this.isConnected) return;
    const opens = this.#reader.open(this.#filter);
    if (opens) this._paused = false;
    const at = this.#at;
    if (at !== "" && (opens || at !== this.#chosen)) void this.#locate(at);
    this.#chosen = at;
    if (this.#at !== "") void import("./inspector.ts");
    const highlight = this.route.query.get("hl") ?? "";
    if (highlight !== this.#highlight) {
      this.#highlight = highlight;
      this.#marked = highlight === "" ? () => false : (exchange) => shows(exchange, highlight);
    }
  }

  protected override render(): unknown {
    const inspects = this.#at !== "";
    return html`<div class="layout ${inspects && this.wide.matches ? "split" : ""}">
        <section class="stream">
          ${this.#head()}
          <div class="content">${this.#content()}</div>
        </section>
        ${inspects && this.wide.matches ? this.#pane() : nothing}
      </div>
      ${inspects && !this.wide.matches ? this.#sheet() : nothing}
      <oye-shortcut-help ?open=${this._helps} @oye-close=${this.#closeHelp}></oye-shortcut-help>`;
  }

  #head(): unknown {
    const isWide = this.wide.matches;
    return html`<header class=${isWide ? "" : "narrow"}>
      <h1 class=${isWide ? "" : "hidden"}>${localize("view.live")}</h1>
      <oye-filter-bar
        .value=${this.#written}
        .refusal=${this.#reader.feed.refusal ?? ""}
        .chargers=${[...this.live.chargers.keys()]}
        ?heartbeats=${this.#showsHeartbeats}
        ?open=${isWide || this._showsFilters}
        @oye-filter=${this.#setFilter}
        @oye-heartbeats=${this.#setHeartbeats}
      >
        <div class="tools">
          ${isWide || this._showsFilters ? this.#highlightField() : nothing}
          ${
            isWide
              ? nothing
              : html`<button
                  class="plain"
                  type="button"
                  aria-expanded=${this._showsFilters ? "true" : "false"}
                  @click=${this.#toggleFilters}
                >
                  <oye-icon name="filter"></oye-icon>
                  <span class="hidden">${localize("live.filters")}</span>
                </button>`
          }
          <oye-stream-tools
            .rows=${this.#reader.rows}
            .filter=${this.#filter}
            .rate=${this.#reader.perMinute}
            .paused=${this._paused}
            ?narrow=${!isWide}
            @oye-pause=${this.#togglePause}
            @oye-help=${this.#openHelp}
          ></oye-stream-tools>
        </div>
      </oye-filter-bar>
    </header>`;
  }

  #highlightField(): unknown {
    return html`<oye-search
      class="highlight"
      label=${localize("live.highlight")}
      placeholder=${localize("live.highlight")}
      .value=${this.#highlight}
      @oye-change=${this.#setHighlight}
    ></oye-search>`;
  }

  #content(): unknown {
    const reader = this.#reader;
    const { rows } = reader;
    if (rows.length === 0) return this.#without();
    return html`<oye-frame-list
      .rows=${rows}
      .follow=${reader.follows}
      .paused=${this._paused}
      .newer=${reader.newer}
      .selected=${this.#at}
      .marked=${this.#marked}
      .failed=${reader.feed.failure !== null}
      ?withCharger=${!parseFilter(this.#written).some(({ kind }) => kind === "charger")}
      @oye-select=${this.#select}
      @oye-follow=${this.#follow}
      @oye-older=${this.#older}
      @oye-load-gap=${this.#fill}
    ></oye-frame-list>`;
  }

  #without(): unknown {
    const { feed } = this.#reader;
    if (feed.failure !== null) {
      return html`<oye-notice kind="error" retry @oye-retry=${this.#older}
        >${errorText(feed.failure)}</oye-notice
      >`;
    }
    if (feed.refusal !== null) return this.#nothingFits(localize("live.not_understood"));
    if (feed.loading) return html`<oye-skeleton shape="rows" count="12"></oye-skeleton>`;
    if (this.#written === "") {
      return html`<oye-notice>${localize("live.no_frame")}</oye-notice>`;
    }
    return this.#nothingFits(localize("live.none_match"));
  }

  #nothingFits(text: string): unknown {
    return html`<oye-notice
      >${text}
      <wa-button slot="action" size="s" @click=${this.#clearFilter}
        >${localize("live.clear_filter")}</wa-button
      ></oye-notice
    >`;
  }

  #pane(): unknown {
    return html`<aside class="pane" aria-label=${localize("inspector.title")}>
      ${this.#inspector()}
    </aside>`;
  }

  #sheet(): unknown {
    return html`<oye-dialog
      sheet
      wide
      open
      heading=${localize("inspector.title")}
      @oye-close=${this.#closeInspector}
      >${this.#inspector()}</oye-dialog
    >`;
  }

  #inspector(): unknown {
    return html`<oye-inspector
      .at=${this.#at}
      .state=${this.#state(this.#at)}
      ?closable=${this.wide.matches}
      @oye-inspect=${this.#inspectOther}
      @oye-inspector-close=${this.#closeInspector}
    ></oye-inspector>`;
  }

  /** The filter as the reader wrote it. */
  get #written(): string {
    return this.route.query.get("q") ?? "";
  }

  get #at(): string {
    return this.route.query.get("at") ?? "";
  }

  get #showsHeartbeats(): boolean {
    return this.route.query.get("hb") === "1";
  }

  /** The filter as the server gets it. */
  get #filter(): string {
    return this.#showsHeartbeats ? this.#written : withoutHeartbeats(this.#written);
  }

  // An open exchange is shown anew when its answer comes.
  #state(key: string): string {
    const row = this.#reader.rows.find((one) => one.key === key);
    return row?.kind === "exchange" ? row.summary.state : "";
  }

  #change(name: string, value: string): void {
    const query = new Map(this.route.query);
    if (value === "") query.delete(name);
    else query.set(name, value);
    replaceQuery(query);
  }

  #setFollow(follow: boolean): void {
    if (follow) this._paused = false;
    this.#reader.follow(follow);
  }

  // An exchange that was not chosen in the list, but named by a link, is looked up and shown in it.
  async #locate(at: string): Promise<void> {
    const key = await this.#reader.locate(at).catch(() => null);
    if (key === null || this.#at !== at) return;
    if (key !== at) {
      this.#chosen = key;
      this.#inspect(key);
    }
    await this.updateComplete;
    await this._list?.reveal(key);
  }

  #inspect(key: string): void {
    this.#change("at", key);
  }

  #compose(): void {
    const row = this.#reader.rows.find((one) => one.key === this.#at);
    const path = row?.kind === "exchange" ? ["compose", row.summary.chargePointId] : ["compose"];
    window.location.hash = this._inspector?.composeHash ?? hashOf(path);
  }

  #select = (event: CustomEvent<Exchange>): void => {
    this.#chosen = event.detail.key;
    this.#inspect(event.detail.key);
  };

  #inspectOther = (event: CustomEvent<string>): void => {
    this.#inspect(event.detail);
  };

  #closeInspector = (): void => {
    this.#inspect("");
  };

  #follow = (event: CustomEvent<boolean>): void => {
    this.#setFollow(event.detail);
  };

  #older = (): void => {
    void this.#reader.older();
  };

  #fill = (event: CustomEvent<Gap>): void => {
    void this.#reader.fill(event.detail);
  };

  #setFilter = (event: CustomEvent<string>): void => {
    this.#change("q", event.detail);
  };

  #setHighlight = (event: CustomEvent<string>): void => {
    this.#change("hl", event.detail);
  };

  #setHeartbeats = (event: CustomEvent<boolean>): void => {
    this.#change("hb", event.detail ? "1" : "");
  };

  #clearFilter = (): void => {
    this.#change("q", "");
  };

  #togglePause = (): void => {
    this._paused = !this._paused;
    this.#setFollow(!this._paused);
  };

  #toggleFilters = (): void => {
    this._showsFilters = !this._showsFilters;
  };

  #openHelp = (): void => {
    this._helps = true;
  };

  #closeHelp = (): void => {
    this._helps = false;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-view-live": OyeViewLive;
  }
}
