import { consume } from "@lit/context";
import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { ApiClient } from "../api/client.ts";
import type { Exchange, Gap } from "../domain/exchanges.ts";
import { LIVE_QUERY, type LiveAddress, liveAddressOf, withValue } from "../domain/live-address.ts";
import { shows } from "../domain/live-rows.ts";
import { plainText, shortened } from "../domain/text.ts";
import { unitsOf } from "../domain/units.ts";
import "../elements/oye-dialog.ts";
import { OyeElement } from "../elements/oye-element.ts";
import "../elements/oye-frame-list.ts";
import type { OyeFrameList } from "../elements/oye-frame-list.ts";
import "../elements/oye-live-head.ts";
import type { OyeLiveHead } from "../elements/oye-live-head.ts";
import "../elements/oye-no-frames.ts";
import "../elements/oye-shortcut-help.ts";
import { Shortcuts } from "../elements/shortcuts.ts";
import { Wide } from "../elements/wide.ts";
import { hashOf, replaceQuery, type Route } from "../router.ts";
import { clientContext, liveContext, preferencesContext } from "../state/contexts.ts";
import { FeedReader } from "../state/feed-reader.ts";
import type { LiveStore } from "../state/live-store.ts";
import { Observe } from "../state/observe.ts";
import type { Preferences } from "../state/preferences.ts";
import { liveStyles } from "../styles/live.ts";
import { base } from "../styles/shared.ts";
import { language, localize } from "../texts/localize.ts";
import type { OyeInspector } from "./inspector.ts";

/** The stream: what passes now, and behind it what is stored, without end. */
@customElement("oye-view-live")
export class OyeViewLive extends OyeElement {
  static override styles = [base, liveStyles];

  @consume({ context: clientContext }) readonly client!: ApiClient;
  @consume({ context: liveContext }) readonly live!: LiveStore;
  @consume({ context: preferencesContext }) readonly preferences!: Preferences;
  @property({ attribute: false }) route!: Route;
  @state() private _paused = false;
  /** What is inspected; the sheet has it in its head, so the inspector has none. */
  @state() private _action = "";
  @state() private _helps = false;
  @query("oye-live-head") private readonly _head!: OyeLiveHead | null;
  @query("oye-inspector") private readonly _inspector!: OyeInspector | null;
  @query("oye-frame-list") private readonly _list!: OyeFrameList | null;
  #address: LiveAddress = liveAddressOf(new Map());
  #chosen = "";
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
      ["/", () => this._head?.focus()],
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

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!this.isConnected) return;
    if (changed.has("route")) this.#read();
    const { filter, at } = this.#address;
    const opens = this.#reader.open(filter);
    if (opens) this._paused = false;
    if (at !== "" && (opens || at !== this.#chosen)) void this.#locate(at);
    this.#chosen = at;
    if (at !== "") void import("./inspector.ts");
  }

  protected override render(): unknown {
    const inspects = this.#address.at !== "";
    const isWide = this.wide.matches;
    return html`<div class="layout ${inspects && isWide ? "split" : ""}">
        <section class="stream">
          ${this.#head(inspects)}
          <div class="content">
            ${this.#reader.rows.length === 0 ? this.#without() : this.#stream()}
          </div>
        </section>
        ${inspects && isWide ? this.#pane() : nothing}
      </div>
      ${inspects && !isWide ? this.#sheet() : nothing}
      <oye-shortcut-help ?open=${this._helps} @oye-close=${this.#closeHelp}></oye-shortcut-help>`;
  }

  #head(inspects: boolean): unknown {
    const isWide = this.wide.matches;
    return html`<oye-live-head
      .address=${this.#address}
      .chargers=${[...this.live.chargers.keys()]}
      .rows=${this.#reader.rows}
      .refusal=${this.#reader.feed.refusal ?? ""}
      .rate=${this.#reader.perMinute}
      ?paused=${this._paused}
      ?narrow=${!isWide}
      ?tight=${inspects && isWide}
      @oye-filter=${this.#setFilter}
      @oye-heartbeats=${this.#setHeartbeats}
      @oye-highlight=${this.#setHighlight}
      @oye-pause=${this.#togglePause}
      @oye-help=${this.#openHelp}
    ></oye-live-head>`;
  }

  #stream(): unknown {
    const reader = this.#reader;
    return html`<oye-frame-list
      .rows=${reader.rows}
      .follow=${reader.follows}
      .paused=${this._paused || this.#address.at !== ""}
      .newer=${reader.newer}
      .selected=${this.#address.at}
      .marked=${this.#marked}
      .failed=${reader.feed.failure !== null}
      ?withCharger=${!this.#address.namesCharger}
      @oye-select=${this.#select}
      @oye-follow=${this.#follow}
      @oye-older=${this.#older}
      @oye-load-gap=${this.#fill}
    ></oye-frame-list>`;
  }

  #without(): unknown {
    const { failure, refusal, loading } = this.#reader.feed;
    return html`<oye-no-frames
      .failure=${failure}
      ?refused=${refusal !== null}
      ?loading=${loading}
      ?filtered=${this.#address.written !== ""}
      @oye-older=${this.#older}
      @oye-filter=${this.#setFilter}
    ></oye-no-frames>`;
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
      heading=${this._action === "" ? localize("inspector.title") : shortened(plainText(this._action), 60)}
      @oye-close=${this.#closeInspector}
      >${this.#inspector()}</oye-dialog
    >`;
  }

  #inspector(): unknown {
    const { at } = this.#address;
    return html`<oye-inspector
      .at=${at}
      .state=${this.#exchange(at)?.summary.state ?? ""}
      ?closable=${this.wide.matches}
      @oye-named=${this.#name}
      @oye-inspect=${this.#inspectOther}
      @oye-inspector-close=${this.#closeInspector}
    ></oye-inspector>`;
  }

  #exchange(key: string): Exchange | null {
    const row = this.#reader.rows.find((one) => one.key === key);
    return row?.kind === "exchange" ? row : null;
  }

  #read(): void {
    const { highlight } = this.#address;
    this.#address = liveAddressOf(this.route.query);
    const wanted = this.#address.highlight;
    // The same as before, so that no row is drawn anew.
    if (wanted === highlight) return;
    this.#marked =
      wanted === "" ? () => false : (exchange) => shows(exchange, wanted, unitsOf(language()));
  }

  #change(name: keyof typeof LIVE_QUERY, value: string): void {
    replaceQuery(withValue(this.route.query, LIVE_QUERY[name], value));
  }

  #setFollow(follow: boolean): void {
    if (follow) this._paused = false;
    this.#reader.follow(follow);
  }

  // An exchange that was not chosen in the list, but named by a link, is looked up and shown in it.
  async #locate(at: string): Promise<void> {
    const key = await this.#reader.locate(at).catch(() => null);
    if (key === null || this.#address.at !== at) return;
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
    const chosen = this.#exchange(this.#address.at);
    const path = chosen === null ? ["compose"] : ["compose", chosen.summary.chargePointId];
    window.location.hash = this._inspector?.composeHash ?? hashOf(path);
  }

  #select = (event: CustomEvent<Exchange>): void => {
    this.#chosen = event.detail.key;
    this.#reader.follow(false);
    this.#inspect(event.detail.key);
  };

  #name = (event: CustomEvent<string>): void => {
    this._action = event.detail;
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
    this.#change("filter", event.detail);
  };

  #setHighlight = (event: CustomEvent<string>): void => {
    this.#change("highlight", event.detail);
  };

  #setHeartbeats = (event: CustomEvent<boolean>): void => {
    this.#change("heartbeats", event.detail ? "1" : "");
  };

  #togglePause = (): void => {
    this._paused = !this._paused;
    this.#setFollow(!this._paused);
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
