import { consume } from "@lit/context";
import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { ApiClient } from "../api/client.ts";
import type { ChargerState } from "../api/types.gen.ts";
import { keptOrder, matchesText } from "../domain/charger-list.ts";
import { obstacleOf } from "../domain/outcomes.ts";
import { OyeElement } from "../elements/oye-element.ts";
import "../elements/oye-charger-card.ts";
import "../elements/oye-connector-actions.ts";
import "../elements/oye-first-charger.ts";
import "../elements/oye-notice.ts";
import "../elements/oye-quick-actions.ts";
import "../elements/oye-search.ts";
import "../elements/oye-skeleton.ts";
import { toast } from "../elements/oye-toasts.ts";
import { replaceQuery, type Route } from "../router.ts";
import { clientContext, liveContext, sessionContext } from "../state/contexts.ts";
import type { LiveStore } from "../state/live-store.ts";
import { Observe } from "../state/observe.ts";
import type { Session } from "../state/session.ts";
import { Traffic } from "../state/traffic.ts";
import { base, page } from "../styles/shared.ts";
import { errorText } from "../texts/errors.ts";
import { localize, localizeCode, plural } from "../texts/localize.ts";

/** All chargers as cards; their order stays while the view is open. */
@customElement("oye-view-chargers")
export class OyeViewChargers extends OyeElement {
  static override styles = [
    base,
    page,
    css`
      oye-search {
        flex: 1 1 16rem;
      }
      .count strong {
        font-weight: 600;
      }
      .cards {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(21rem, 100%), 1fr));
        align-items: start;
        gap: var(--oye-space-3);
      }
      .card {
        display: flex;
        flex-direction: column;
        gap: var(--oye-space-2);
        min-inline-size: 0;
      }
    `,
  ];

  @consume({ context: clientContext }) readonly client!: ApiClient;
  @consume({ context: liveContext }) readonly live!: LiveStore;
  @consume({ context: sessionContext }) readonly session!: Session;
  @property({ attribute: false }) route!: Route;
  @state() private _approving: ReadonlySet<string> = new Set();
  #order: readonly string[] = [];
  protected readonly observeLive = new Observe(this, () => this.live);
  readonly #traffic = new Traffic(this, () => this.client);
  protected readonly observeSession = new Observe(this, () => this.session);

  protected override willUpdate(): void {
    this.#order = keptOrder(this.#order, this.live.chargers);
  }

  protected override render(): unknown {
    return html`<div class="head">
        <h1>${localize("view.chargers")}</h1>
        ${this.live.loaded ? this.#counts() : nothing}
        ${this.live.chargers.size > 0 ? this.#filter() : nothing}
      </div>
      ${this.#content()}`;
  }

  #counts(): unknown {
    const chargers = [...this.live.chargers.values()];
    const online = chargers.filter((charger) => charger.connected).length;
    return html`<span class="count"
        ><strong>${plural("chargers.online", online)}</strong>
        <span class="quiet">${localize("chargers.of", { count: chargers.length })}</span></span
      >${this.#frames()}`;
  }

  #frames(): unknown {
    const count = this.#traffic.framesPerMinute;
    if (count === null) return nothing;
    return html`<span class="quiet">${localize("chargers.frames", { count })}</span>`;
  }

  #filter(): unknown {
    return html`<div class="tools">
      <oye-search
        label=${localize("chargers.filter")}
        placeholder=${localize("chargers.filter_hint")}
        .value=${this.#wanted}
        @oye-change=${this.#setFilter}
      ></oye-search>
    </div>`;
  }

  #content(): unknown {
    if (!this.live.loaded) return this.#notLoaded();
    if (this.live.chargers.size === 0) return html`<oye-first-charger></oye-first-charger>`;
    const shown = this.#shown();
    if (shown.length === 0) {
      return html`<oye-notice
        >${localize("chargers.none_match")}
        <wa-button slot="action" size="s" @click=${this.#clearFilter}
          >${localize("chargers.clear_filter")}</wa-button
        ></oye-notice
      >`;
    }
    return html`<div class="cards">
      ${repeat(
        shown,
        (charger) => charger.chargePointId,
        (charger) => this.#card(charger),
      )}
    </div>`;
  }

  #notLoaded(): unknown {
    const failed =
      this.live.connection.phase === "reconnecting" || this.live.connection.phase === "offline";
    if (!failed) return html`<oye-skeleton shape="cards"></oye-skeleton>`;
    return html`<oye-notice kind="error" retry @oye-retry=${this.#retry}
      >${localize("chargers.failed")}</oye-notice
    >`;
  }

  #card(charger: ChargerState): unknown {
    const id = charger.chargePointId;
    return html`<div class="card">
      <oye-charger-card .charger=${charger} .power=${this.live.powerOf(id)} .now=${Date.now()}
        >${this.#actions(charger)}</oye-charger-card
      >
    </div>`;
  }

  #actions(charger: ChargerState): unknown {
    const id = charger.chargePointId;
    if (!charger.approved) {
      if (!this.session.can("admin")) return nothing;
      return html`<div slot="actions">
        <wa-button
          variant="brand"
          size="s"
          ?disabled=${!this.live.live || this._approving.has(id)}
          @click=${() => void this.#approve(id)}
          >${localize("chargers.approve")}</wa-button
        >
      </div>`;
    }
    if (!charger.connected || !this.session.can("control")) return nothing;
    const off = obstacleOf(charger, this.live.live) !== null;
    const apart = charger.connectors.length > 1;
    return html`${apart ? connectorActions(charger, off) : nothing}<oye-quick-actions
        slot="actions"
        ?apart=${apart}
        .charger=${charger}
        ?off=${off}
      ></oye-quick-actions>`;
  }

  get #wanted(): string {
    return this.route.query.get("q") ?? "";
  }

  #shown(): readonly ChargerState[] {
    const wanted = this.#wanted.trim();
    const chargers = this.#order.flatMap((id) => this.live.chargers.get(id) ?? []);
    return chargers.filter((charger) => matchesText(charger, wanted, words(charger)));
  }

  async #approve(id: string): Promise<void> {
    this._approving = new Set([...this._approving, id]);
    try {
      await this.client.call("PATCH /api/chargers/{charge_point_id}", {
        path: { charge_point_id: id },
        body: { approved: true },
      });
    } catch (error) {
      toast(this, errorText(error), "fault");
    } finally {
      this._approving = new Set([...this._approving].filter((one) => one !== id));
    }
  }

  #setFilter = (event: CustomEvent<string>): void => {
    replaceQuery(new Map([["q", event.detail]]));
  };

  #clearFilter = (): void => {
    replaceQuery(new Map());
  };

  #retry = (): void => {
    this.live.retry();
  };
}

// Of several connectors each has its own in its row.
function connectorActions(charger: ChargerState, off: boolean): unknown {
  return repeat(
    charger.connectors,
    ({ evseId }) => evseId,
    (connector) =>
      html`<oye-connector-actions
        slot="connector-${connector.evseId}"
        brief
        .charger=${charger}
        .connector=${connector}
        ?off=${off}
      ></oye-connector-actions>`,
  );
}

// The words of the card that are in the reader's language.
function words(charger: ChargerState): string[] {
  const presence = localize(charger.connected ? "state.online" : "state.offline");
  const statuses = charger.connectors.flatMap(({ status }) =>
    status === null ? [] : (localizeCode("status", status) ?? []),
  );
  return [presence, ...statuses];
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-view-chargers": OyeViewChargers;
  }
}
