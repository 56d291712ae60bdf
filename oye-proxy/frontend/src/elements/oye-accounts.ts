import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { PasswordOfUser, User, UserChange } from "../api/types.gen.ts";
import { unitsOf } from "../domain/units.ts";
import { language, localize } from "../texts/localize.ts";
import "./oye-account-dialog.ts";
import type { AccountTask, AccountWish } from "./oye-account-dialog.ts";
import "./oye-confirm.ts";
import "./oye-id.ts";
import "./oye-state.ts";
import { PanelElement } from "./panel-element.ts";

type Asking = AccountTask | "delete";

/** The accounts of the public ports: add, change, disable, delete, set another password. */
@customElement("oye-accounts")
export class OyeAccounts extends PanelElement<readonly User[]> {
  protected override readonly heading = "access.accounts";
  /** The account of the reader, whose own password is changed elsewhere. */
  @property() own = "";
  @state() private _asking: Asking | null = null;
  @state() private _user: User | null = null;

  protected override read(): Promise<readonly User[]> {
    return this.client.call("GET /api/users", {});
  }

  protected override tools(): unknown {
    return html`<wa-button
      size="s"
      appearance="outlined"
      ?disabled=${!this.live}
      @click=${this.#ask("add", null)}
      >${localize("access.add_account")}</wa-button
    >`;
  }

  protected override content(users: readonly User[]): unknown {
    return html`${
        users.length === 0
          ? html`<p>${localize("access.no_accounts")}</p>`
          : html`<table class="cards">
              <thead>
                <tr>
                  <th scope="col">${localize("access.name")}</th>
                  <th scope="col">${localize("access.email")}</th>
                  <th scope="col">${localize("access.last_login")}</th>
                  <th scope="col">${localize("access.state")}</th>
                  <td></td>
                </tr>
              </thead>
              <tbody>
                ${users.map((user) => this.#row(user))}
              </tbody>
            </table>`
      }
      <oye-account-dialog
        .task=${this._asking === "delete" ? null : this._asking}
        .user=${this._user}
        ?busy=${this.busy !== null}
        @oye-account=${this.#carryOut}
        @oye-close=${this.#close}
      ></oye-account-dialog>
      ${this.#deleteDialog()}`;
  }

  #row(user: User): unknown {
    const units = unitsOf(language());
    const toggle = (): void => void this.#change(user, { disabled: !user.disabled });
    return html`<tr>
      <td class="main">
        <oye-id .value=${user.username}></oye-id>
        ${user.username === this.own ? html`<span class="quiet">${localize("access.you")}</span>` : nothing}
      </td>
      <td>
        ${user.email === null ? html`<span class="quiet">${localize("access.no_email")}</span>` : html`<oye-id .value=${user.email}></oye-id>`}
      </td>
      <td title=${units.utc(user.lastLogin)}>
        ${user.lastLogin === null ? localize("access.never") : units.dateTime(user.lastLogin)}
      </td>
      <td>
        <oye-state tone=${user.disabled ? "off" : "ok"}
          >${localize(user.disabled ? "access.disabled" : "access.enabled")}</oye-state
        >
      </td>
      <td class="actions">
        ${this.#action(localize("access.edit"), user, this.#ask("edit", user))}
        ${
          user.username === this.own
            ? nothing
            : html`${this.#action(localize("access.set_password"), user, this.#ask("password", user))}
              ${this.#action(
                localize(user.disabled ? "access.enable" : "access.disable"),
                user,
                toggle,
              )}
              ${this.#action(localize("access.delete"), user, this.#ask("delete", user))}`
        }
      </td>
    </tr>`;
  }

  #action(text: string, user: User, act: () => void): unknown {
    return html`<button
      class="link"
      type="button"
      aria-label="${text}: ${user.username}"
      ?disabled=${!this.live || this.busy !== null}
      @click=${act}
    >
      ${text}
    </button>`;
  }

  #deleteDialog(): unknown {
    return html`<oye-confirm
      .open=${this._asking === "delete"}
      heading=${localize("access.delete_account")}
      action=${localize("access.delete")}
      subject=${this._user?.username ?? ""}
      @oye-close=${this.#close}
      @oye-confirm=${this.#delete}
      >${localize("access.delete_effect")}</oye-confirm
    >`;
  }

  #ask(asking: Asking, user: User | null): () => void {
    return () => {
      this._user = user;
      this._asking = asking;
    };
  }

  #carryOut = (event: CustomEvent<AccountWish>): void => {
    const wish = event.detail;
    const user = this._user;
    if (wish.task === "add") {
      const does = (): Promise<unknown> => this.client.call("POST /api/users", { body: wish.body });
      void this.#closeAfter(this.act("add", does, localize("access.account_added")));
    } else if (user !== null && wish.task === "edit") {
      void this.#closeAfter(this.#change(user, wish.body));
    } else if (user !== null && wish.task === "password") {
      void this.#closeAfter(this.#setPassword(user, wish.body));
    }
  };

  #change(user: User, body: UserChange): Promise<boolean> {
    const path = { username: user.username };
    const does = (): Promise<unknown> =>
      this.client.call("PATCH /api/users/{username}", { path, body });
    return this.act("change", does, localize("access.saved"));
  }

  #setPassword(user: User, body: PasswordOfUser): Promise<boolean> {
    const path = { username: user.username };
    const does = (): Promise<unknown> =>
      this.client.call("POST /api/users/{username}/password", { path, body });
    return this.act("password", does, localize("access.password_set"));
  }

  #delete = (): void => {
    const path = { username: this._user?.username ?? "" };
    this._asking = null;
    const does = (): Promise<unknown> => this.client.call("DELETE /api/users/{username}", { path });
    void this.act("delete", does, localize("access.account_deleted"));
  };

  async #closeAfter(done: Promise<boolean>): Promise<void> {
    if (await done) this.#close();
  }

  #close = (): void => {
    this._asking = null;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-accounts": OyeAccounts;
  }
}
