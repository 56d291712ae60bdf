import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { LoginSession } from "../api/types.gen.ts";
import { plainText } from "../domain/text.ts";
import { unitsOf } from "../domain/units.ts";
import { browserOf } from "../domain/user-agent.ts";
import { language, localize } from "../texts/localize.ts";
import "./oye-confirm.ts";
import "./oye-id.ts";
import { toast } from "./oye-toasts.ts";
import { PanelElement, reasonOf } from "./panel-element.ts";

/** The logins of the console; the reader's own ends by `leave`. */
@customElement("oye-login-sessions")
export class OyeLoginSessions extends PanelElement<readonly LoginSession[]> {
  protected override readonly heading = "access.sessions";
  /** The reader has an account: signing out everywhere is about it alone. */
  @property({ type: Boolean }) hasAccount = false;
  @property({ attribute: false }) leave!: (end: () => Promise<unknown>) => Promise<void>;
  @state() private _ending = false;

  protected override read(): Promise<readonly LoginSession[]> {
    return this.client.call("GET /api/sessions", {});
  }

  protected override tools(): unknown {
    return html`<wa-button
      size="s"
      appearance="outlined"
      ?disabled=${!this.live || this.busy !== null}
      @click=${this.#askAll}
      >${localize(this.hasAccount ? "access.end_all" : "access.end_everybody")}</wa-button
    >`;
  }

  protected override content(sessions: readonly LoginSession[]): unknown {
    const units = unitsOf(language());
    return html`${
        sessions.length === 0
          ? html`<p>${localize("access.no_sessions")}</p>`
          : html`<table class="cards">
              <thead>
                <tr>
                  <th scope="col">${localize("access.name")}</th>
                  <th scope="col">${localize("access.begun")}</th>
                  <th scope="col">${localize("access.last_used")}</th>
                  <th scope="col">${localize("access.from")}</th>
                  <td></td>
                </tr>
              </thead>
              <tbody>
                ${sessions.map(
                  (one) =>
                    html`<tr>
                      <td class="main">
                        <oye-id .value=${one.username}></oye-id>
                        ${one.current ? html`<span class="quiet">${localize("access.this_one")}</span>` : nothing}
                      </td>
                      <td title=${units.utc(one.createdAt)}>${units.dateTime(one.createdAt)}</td>
                      <td title=${units.utc(one.lastUsed)}>
                        <span class="word">${localize("access.last_used")}:</span>
                        ${units.dateTime(one.lastUsed)}
                      </td>
                      <td class="wide">
                        <oye-id .value=${one.remoteAddress}></oye-id>
                        <span class="quiet">${browser(one.userAgent)}</span>
                      </td>
                      <td class="actions">
                        <button
                          class="link"
                          type="button"
                          aria-label="${localize("access.end")}: ${one.username}, ${units.dateTime(one.createdAt)}"
                          ?disabled=${!this.live || this.busy !== null}
                          @click=${this.#end(one)}
                        >
                          ${localize("access.end")}
                        </button>
                      </td>
                    </tr>`,
                )}
              </tbody>
            </table>`
      }
      <oye-confirm
        .open=${this._ending}
        heading=${localize(this.hasAccount ? "access.end_all" : "access.end_everybody")}
        action=${localize("access.end_all_action")}
        @oye-close=${this.#close}
        @oye-confirm=${this.#endAll}
        >${localize(this.hasAccount ? "access.end_all_effect" : "access.end_everybody_effect")}</oye-confirm
      >`;
  }

  #end(session: LoginSession): () => void {
    const path = { session_id: session.id };
    const end = (): Promise<unknown> =>
      this.client.call("DELETE /api/sessions/{session_id}", { path });
    return () =>
      void (session.current
        ? this.#goAway(end)
        : this.act("end", end, localize("access.session_ended")));
  }

  #endAll = (): void => {
    this._ending = false;
    const end = (): Promise<unknown> => this.client.call("DELETE /api/sessions", {});
    void (this.hasAccount
      ? this.#goAway(end)
      : this.act("end", end, localize("access.sessions_ended")));
  };

  // Nothing is read anew: the server knows the reader no more.
  async #goAway(end: () => Promise<unknown>): Promise<void> {
    if (this.busy !== null) return;
    this.busy = "end";
    try {
      await this.leave(end);
    } catch (error) {
      toast(this, reasonOf(error), "fault");
    } finally {
      this.busy = null;
    }
  }

  #askAll = (): void => {
    this._ending = true;
  };

  #close = (): void => {
    this._ending = false;
  };
}

function browser(userAgent: string): unknown {
  const known = browserOf(userAgent);
  return known === null
    ? html`<oye-id room="40" .value=${userAgent}></oye-id>`
    : html`<span title=${plainText(userAgent)}>${localize("access.client", known)}</span>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-login-sessions": OyeLoginSessions;
  }
}
