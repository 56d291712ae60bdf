import { consume } from "@lit/context";
import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { SessionInfo } from "../api/types.gen.ts";
import "../elements/oye-accounts.ts";
import { emit, OyeElement } from "../elements/oye-element.ts";
import "../elements/oye-id.ts";
import "../elements/oye-login-sessions.ts";
import "../elements/oye-tokens.ts";
import type { Route } from "../router.ts";
import { liveContext, sessionContext } from "../state/contexts.ts";
import type { LiveStore } from "../state/live-store.ts";
import { Observe } from "../state/observe.ts";
import type { Session } from "../state/session.ts";
import { base, page, panel } from "../styles/shared.ts";
import { localize } from "../texts/localize.ts";

/** Who may come in: one's own account, those of others, tokens, and logins. */
@customElement("oye-view-access")
export class OyeViewAccess extends OyeElement {
  static override styles = [
    base,
    page,
    panel,
    css`
      .stack {
        display: grid;
        gap: var(--oye-space-3);
        grid-template-columns: minmax(0, 1fr);
      }
      .own {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--oye-space-2) var(--oye-space-4);
      }
      .own p {
        margin-inline-end: auto;
      }
    `,
  ];

  @consume({ context: liveContext }) readonly live!: LiveStore;
  @consume({ context: sessionContext }) readonly session!: Session;
  @property({ attribute: false }) route!: Route;
  protected readonly observeLive = new Observe(this, () => this.live);
  protected readonly observeSession = new Observe(this, () => this.session);

  protected override render(): unknown {
    const live = this.live.live;
    const hasAccount = this.session.can("own_account");
    return html`<div class="head"><h1>${localize("view.access")}</h1></div>
      <div class="stack">
        ${this.#own(hasAccount)}
        ${
          this.session.can("admin")
            ? html`<oye-accounts
                  ?live=${live}
                  own=${hasAccount ? (this.session.info?.name ?? "") : ""}
                ></oye-accounts>
                <oye-tokens
                  ?live=${live}
                  ?rotates=${this.live.proxy?.features.includes("integration_token") ?? false}
                ></oye-tokens>
                <oye-login-sessions
                  ?live=${live}
                  ?hasAccount=${hasAccount}
                  .leave=${this.#leave}
                ></oye-login-sessions>`
            : nothing
        }
      </div>`;
  }

  #own(hasAccount: boolean): unknown {
    const { info } = this.session;
    return html`<section class="panel" aria-label=${localize("access.own")}>
      <div class="body own">
        <p>${info === null ? nothing : this.#who(info)}</p>
        ${
          hasAccount
            ? html`<wa-button size="s" appearance="outlined" @click=${this.#changePassword}
                >${localize("password.title")}</wa-button
              >`
            : nothing
        }
        <wa-button size="s" appearance="outlined" @click=${this.#preferences}
          >${localize("shell.preferences")}</wa-button
        >
      </div>
    </section>`;
  }

  // Home Assistant may send no name of its user, or only an id.
  #who({ name, via }: SessionInfo): unknown {
    const isIngress = via === "ingress";
    if (isIngress && name.startsWith("ha:")) return localize("access.through_home_assistant_alone");
    return html`${localize(isIngress ? "access.through_home_assistant" : "access.signed_in")}
      <strong><oye-id .value=${name}></oye-id></strong>`;
  }

  #changePassword = (): void => {
    emit(this, "oye-change-password");
  };

  #preferences = (): void => {
    emit(this, "oye-preferences");
  };

  #leave = (end: () => Promise<unknown>): Promise<void> => this.session.leave(end);
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-view-access": OyeViewAccess;
  }
}
