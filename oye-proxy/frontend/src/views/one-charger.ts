import { consume } from "@lit/context";
import { html } from "lit";
import { property } from "lit/decorators.js";
import type { ChargerState } from "../api/types.gen.ts";
import type { Obstacle } from "../domain/outcomes.ts";
import { OyeElement } from "../elements/oye-element.ts";
import "../elements/oye-icon.ts";
import "../elements/oye-id.ts";
import "../elements/oye-notice.ts";
import "../elements/oye-skeleton.ts";
import type { Route } from "../router.ts";
import { liveContext, sessionContext } from "../state/contexts.ts";
import type { LiveStore } from "../state/live-store.ts";
import { Observe } from "../state/observe.ts";
import type { Session } from "../state/session.ts";
import { localize } from "../texts/localize.ts";

/** A page about the charger that the route names, while it is not loaded, and when there is none. */
export abstract class OneCharger extends OyeElement {
  @consume({ context: liveContext }) readonly live!: LiveStore;
  @consume({ context: sessionContext }) readonly session!: Session;
  @property({ attribute: false }) route!: Route;
  protected abstract readonly skeleton: "cards" | "rows";
  protected readonly observeLive = new Observe(this, () => this.live);
  protected readonly observeSession = new Observe(this, () => this.session);

  protected override render(): unknown {
    const id = this.route.path[1] ?? "";
    const charger = this.live.chargers.get(id);
    if (charger !== undefined) return this.page(charger);
    if (!this.live.loaded) return this.#notLoaded();
    return html`<oye-notice
      >${localize("charger.unknown")} <oye-id .value=${id}></oye-id>
      <a slot="action" href="#/chargers">${localize("shell.to_chargers")}</a></oye-notice
    >`;
  }

  protected abstract page(charger: ChargerState): unknown;

  protected obstacle(obstacle: Obstacle): unknown {
    return html`<p class="obstacle">
      <oye-icon name="info"></oye-icon><span>${localize(`charger.obstacle_${obstacle}`)}</span>
    </p>`;
  }

  #notLoaded(): unknown {
    const { phase } = this.live.connection;
    if (phase !== "reconnecting" && phase !== "offline") {
      return html`<oye-skeleton shape=${this.skeleton}></oye-skeleton>`;
    }
    return html`<oye-notice kind="error" retry @oye-retry=${this.#retry}
      >${localize("charger.failed")}</oye-notice
    >`;
  }

  #retry = (): void => {
    this.live.retry();
  };
}
