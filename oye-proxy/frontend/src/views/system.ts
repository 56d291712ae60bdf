import { consume } from "@lit/context";
import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import "../elements/oye-about.ts";
import "../elements/oye-csms-settings.ts";
import { OyeElement } from "../elements/oye-element.ts";
import "../elements/oye-fixed-settings.ts";
import "../elements/oye-health.ts";
import "../elements/oye-issue-list.ts";
import "../elements/oye-log.ts";
import "../elements/oye-mail-settings.ts";
import "../elements/oye-simulators.ts";
import "../elements/oye-storage-settings.ts";
import "../elements/oye-tag-list.ts";
import "../elements/oye-transfer.ts";
import type { Route } from "../router.ts";
import { liveContext, sessionContext } from "../state/contexts.ts";
import type { LiveStore } from "../state/live-store.ts";
import { Observe } from "../state/observe.ts";
import type { Session } from "../state/session.ts";
import { base, page } from "../styles/shared.ts";
import { localize } from "../texts/localize.ts";

/** The proxy itself: what is wrong, what it is told to do, how it is. */
@customElement("oye-view-system")
export class OyeViewSystem extends OyeElement {
  static override styles = [
    base,
    page,
    css`
      .stack,
      .columns,
      .columns > div {
        display: grid;
        gap: var(--oye-space-3);
        grid-template-columns: minmax(0, 1fr);
        align-content: start;
      }
      @media (min-width: 1100px) {
        .columns {
          grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
        }
      }
    `,
  ];

  @consume({ context: liveContext }) readonly live!: LiveStore;
  @consume({ context: sessionContext }) readonly session!: Session;
  @property({ attribute: false }) route!: Route;
  protected readonly observeLive = new Observe(this, () => this.live);
  protected readonly observeSession = new Observe(this, () => this.session);

  protected override render(): unknown {
    return html`<div class="head"><h1>${localize("view.system")}</h1></div>
      <div class="stack">
        <oye-issue-list .issues=${this.live.issues}></oye-issue-list>
        <div class="columns">
          ${this.session.can("admin") ? this.#administration() : nothing}
          <div>
            <oye-health ?live=${this.live.live}></oye-health>
            ${this.session.can("admin") ? this.#tools() : nothing}
            <oye-about></oye-about>
          </div>
        </div>
        ${this.session.can("admin") ? this.#below() : nothing}
      </div>`;
  }

  #administration(): unknown {
    const live = this.live.live;
    return html`<div>
      <oye-csms-settings ?live=${live}></oye-csms-settings>
      <oye-tag-list ?live=${live}></oye-tag-list>
      <oye-storage-settings ?live=${live}></oye-storage-settings>
      ${this.session.can("mail") ? html`<oye-mail-settings ?live=${live}></oye-mail-settings>` : nothing}
    </div>`;
  }

  #tools(): unknown {
    const live = this.live.live;
    return html`<oye-simulators ?live=${live}></oye-simulators>
      <oye-transfer ?live=${live}></oye-transfer>`;
  }

  #below(): unknown {
    return html`<oye-log ?live=${this.live.live}></oye-log>
      <oye-fixed-settings></oye-fixed-settings>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-view-system": OyeViewSystem;
  }
}
