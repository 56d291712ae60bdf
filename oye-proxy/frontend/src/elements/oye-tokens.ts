import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { CreatedToken, Scope, Token } from "../api/types.gen.ts";
import { unitsOf } from "../domain/units.ts";
import { language, localize } from "../texts/localize.ts";
import { fieldOf } from "./light-element.ts";
import "./oye-confirm.ts";
import "./oye-copy.ts";
import "./oye-dialog.ts";
import "./oye-id.ts";
import { PanelElement } from "./panel-element.ts";

const SCOPES: readonly Scope[] = ["read", "control", "admin"];

/** The API tokens: make one, which is shown once, and revoke it. */
@customElement("oye-tokens")
export class OyeTokens extends PanelElement<readonly Token[]> {
  protected override readonly heading = "access.tokens";
  /** The server can give Home Assistant's integration another token. */
  @property({ type: Boolean }) rotates = false;
  @state() private _adding = false;
  @state() private _made: CreatedToken | null = null;
  @state() private _revoking: Token | null = null;
  @state() private _rotating = false;

  protected override read(): Promise<readonly Token[]> {
    return this.client.call("GET /api/tokens", {});
  }

  protected override tools(): unknown {
    return html`${
        this.rotates
          ? html`<wa-button
              size="s"
              appearance="outlined"
              ?disabled=${!this.live || this.busy !== null}
              @click=${this.#askRotate}
              >${localize("access.rotate")}</wa-button
            >`
          : nothing
      }
      <wa-button size="s" appearance="outlined" ?disabled=${!this.live} @click=${this.#askAdd}
        >${localize("access.add_token")}</wa-button
      >`;
  }

  protected override content(tokens: readonly Token[]): unknown {
    return html`${tokens.length === 0 ? html`<p>${localize("access.no_tokens")}</p>` : this.#table(tokens)}
      ${this.#addDialog()} ${this.#madeDialog()}
      <oye-confirm
        .open=${this._revoking !== null}
        heading=${localize("access.revoke_token")}
        action=${localize("access.revoke")}
        subject=${this._revoking?.name ?? ""}
        @oye-close=${this.#close}
        @oye-confirm=${this.#revoke}
        >${localize("access.revoke_effect")}</oye-confirm
      >
      <oye-confirm
        .open=${this._rotating}
        heading=${localize("access.rotate")}
        action=${localize("access.rotate_action")}
        @oye-close=${this.#close}
        @oye-confirm=${this.#rotate}
        >${localize("access.rotate_effect")}</oye-confirm
      >`;
  }

  #table(tokens: readonly Token[]): unknown {
    const units = unitsOf(language());
    return html`<table class="cards">
      <thead>
        <tr>
          <th scope="col">${localize("access.name")}</th>
          <th scope="col">${localize("access.scope")}</th>
          <th scope="col">${localize("access.created")}</th>
          <th scope="col">${localize("access.last_used")}</th>
          <td></td>
        </tr>
      </thead>
      <tbody>
        ${tokens.map(
          (token) =>
            html`<tr>
              <td class="main"><oye-id .value=${token.name}></oye-id></td>
              <td>${localize(`access.scope_${token.scope}`)}</td>
              <td title=${units.utc(token.createdAt)}>${units.dateTime(token.createdAt)}</td>
              <td title=${units.utc(token.lastUsed)}>
                ${
                  token.lastUsed === null
                    ? localize("access.never_used")
                    : html`<span class="word">${localize("access.last_used")}:</span>
                        ${units.dateTime(token.lastUsed)}`
                }
              </td>
              <td class="actions">
                <button
                  class="link"
                  type="button"
                  aria-label="${localize("access.revoke")}: ${token.name}"
                  ?disabled=${!this.live || this.busy !== null}
                  @click=${this.#askRevoke(token)}
                >
                  ${localize("access.revoke")}
                </button>
              </td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #addDialog(): unknown {
    return html`<oye-dialog
      heading=${localize("access.add_token")}
      .open=${this._adding}
      @oye-close=${this.#close}
    >
      ${this._adding ? this.#form() : nothing}
    </oye-dialog>`;
  }

  #form(): unknown {
    return html`<form class="stack" autocomplete="off" @submit=${this.#add}>
      <label class="field wide"
        ><span>${localize("access.token_name")}</span> <input name="name" maxlength="255" required
      /></label>
      <label class="field wide"
        ><span>${localize("access.scope")}</span>
        <select name="scope">
          ${SCOPES.map(
            (scope) => html`<option value=${scope}>${localize(`access.scope_${scope}`)}</option>`,
          )}
        </select></label
      >
      <wa-button type="submit" variant="brand" ?loading=${this.busy !== null}
        >${localize("access.add")}</wa-button
      >
    </form>`;
  }

  #madeDialog(): unknown {
    return html`<oye-dialog
      heading=${localize("access.token_made")}
      .open=${this._made !== null}
      @oye-close=${this.#close}
    >
      ${
        this._made === null
          ? nothing
          : html`<div class="stack">
              <p>${localize("access.token_once")}</p>
              <div class="row">
                <code class="result mono">${this._made.token}</code>
                <oye-copy
                  .value=${this._made.token}
                  label=${localize("access.copy_token")}
                ></oye-copy>
              </div>
            </div>`
      }
    </oye-dialog>`;
  }

  #add = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const scope = SCOPES.find((one) => one === fieldOf(form, "scope")) ?? "read";
    const body = { name: fieldOf(form, "name"), scope };
    void this.act(
      "add",
      async () => {
        this._made = await this.client.call("POST /api/tokens", { body });
        this._adding = false;
      },
      null,
    );
  };

  #revoke = (): void => {
    const path = { token_id: this._revoking?.id ?? 0 };
    this._revoking = null;
    const does = (): Promise<unknown> =>
      this.client.call("DELETE /api/tokens/{token_id}", { path });
    void this.act("revoke", does, localize("access.token_revoked"));
  };

  #rotate = (): void => {
    this._rotating = false;
    const does = (): Promise<unknown> => this.client.call("POST /api/integration-token/rotate", {});
    void this.act("rotate", does, localize("access.rotated"));
  };

  #askRevoke(token: Token): () => void {
    return () => {
      this._revoking = token;
    };
  }

  #askAdd = (): void => {
    this._adding = true;
  };

  #askRotate = (): void => {
    this._rotating = true;
  };

  // The text of a new token is gone with its dialog.
  #close = (): void => {
    this._adding = false;
    this._made = null;
    this._revoking = null;
    this._rotating = false;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-tokens": OyeTokens;
  }
}
