import { consume } from "@lit/context";
import { css, html, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ApiClient } from "../api/client.ts";
import type { Exchange, Gap } from "../domain/exchanges.ts";
import { toggleWord, withoutHeartbeats } from "../domain/filter.ts";
import { hashOf, navigate } from "../router.ts";
import { clientContext, liveContext } from "../state/contexts.ts";
import { FeedReader } from "../state/feed-reader.ts";
import type { LiveStore } from "../state/live-store.ts";
import { Observe } from "../state/observe.ts";
import { base, panel } from "../styles/shared.ts";
import { errorText } from "../texts/errors.ts";
import { localize } from "../texts/localize.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-frame-list.ts";
import "./oye-notice.ts";
import "./oye-skeleton.ts";

/** What one charger and its CSMS say to each other now; a row opens in Live. */
@customElement("oye-charger-frames")
export class OyeChargerFrames extends OyeElement {
  static override styles = [
    base,
    panel,
    css`
      :host {
        display: block;
        min-inline-size: 0;
      }
      header h2 {
        margin-inline-end: auto;
      }
      .rows {
        block-size: 22rem;
      }
      oye-frame-list {
        block-size: 100%;
      }
    `,
  ];

  @consume({ context: clientContext }) readonly client!: ApiClient;
  @consume({ context: liveContext }) readonly live!: LiveStore;
  @property() chargePointId = "";
  protected readonly observeLive = new Observe(this, () => this.live);
  readonly #reader = new FeedReader(
    this,
    () => this.client,
    () => this.live,
  );

  protected override willUpdate(_changed: PropertyValues<this>): void {
    if (this.isConnected) this.#reader.open(withoutHeartbeats(this.#filter));
  }

  protected override render(): unknown {
    return html`<section class="panel" aria-labelledby="title">
      <header>
        <h2 id="title">${localize("charger.live")}</h2>
        <a href=${hashOf(["live"], { q: this.#filter })}>${localize("charger.to_live")}</a>
      </header>
      ${this.#content()}
    </section>`;
  }

  #content(): unknown {
    const reader = this.#reader;
    const { rows } = reader;
    if (rows.length === 0) return html`<div class="body">${this.#without()}</div>`;
    return html`<div class="rows">
      <oye-frame-list
        .rows=${rows}
        .follow=${reader.follows}
        .newer=${reader.newer}
        .failed=${reader.feed.failure !== null}
        @oye-select=${this.#select}
        @oye-follow=${this.#follow}
        @oye-older=${this.#older}
        @oye-load-gap=${this.#fill}
      ></oye-frame-list>
    </div>`;
  }

  #without(): unknown {
    const { failure, loading } = this.#reader.feed;
    if (failure !== null) {
      return html`<oye-notice kind="error" retry @oye-retry=${this.#older}
        >${errorText(failure)}</oye-notice
      >`;
    }
    if (loading) return html`<oye-skeleton shape="rows" count="6"></oye-skeleton>`;
    return html`<p class="quiet">${localize("charger.no_frame")}</p>`;
  }

  get #filter(): string {
    return this.chargePointId === "" ? "" : toggleWord("", "charger", this.chargePointId);
  }

  #select = (event: CustomEvent<Exchange>): void => {
    navigate(["live"], { q: this.#filter, at: event.detail.key });
  };

  #follow = (event: CustomEvent<boolean>): void => {
    this.#reader.follow(event.detail);
  };

  #older = (): void => {
    void this.#reader.older();
  };

  #fill = (event: CustomEvent<Gap>): void => {
    void this.#reader.fill(event.detail);
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-charger-frames": OyeChargerFrames;
  }
}
