import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { User, UserChange } from "../api/types.gen.ts";
import { passwordFault } from "../domain/passwords.ts";
import { unitsOf } from "../domain/units.ts";
import { LANGUAGES, language, localize } from "../texts/localize.ts";
import { fieldOf } from "./light-element.ts";
import "./oye-confirm.ts";
import "./oye-dialog.ts";
import "./oye-id.ts";
import "./oye-state.ts";
import { PanelElement } from "./panel-element.ts";

type Asking = "add" | "edit" | "password" | "delete";

/** The accounts of the public ports: add, change, disable, delete, set another password. */
@customElement("oye-accounts")
export class OyeAccounts extends PanelElement<readonly User[]> {
  protected override readonly heading = "access.accounts";
  /** The account of the reader, whose own password is changed elsewhere. */
  @property() own = "";
  @state() private _asking: Asking | null = null;
  @state() private _user: User | null = null;
  @state() private _fault = "";

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
    ${this.#accountDialog()} ${this.#passwordDialog()} ${this.#deleteDialog()}`;
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

  #accountDialog(): unknown {
    const isNew = this._asking === "add";
    return html`<oye-dialog
      heading=${localize(isNew ? "access.add_account" : "access.edit_account")}
      .open=${isNew || this._asking === "edit"}
      @oye-close=${this.#close}
    >
      ${isNew || this._asking === "edit" ? this.#accountForm(isNew) : nothing}
    </oye-dialog>`;
  }

  // A form of its own each time: what was typed before is gone.
  #accountForm(isNew: boolean): unknown {
    return html`<form class="stack" autocomplete="off" @submit=${isNew ? this.#add : this.#edit}>
      ${
        isNew
          ? html`<label class="field wide"
                ><span>${localize("access.name")}</span>
                <input name="username" autocapitalize="off" maxlength="255" required
              /></label>
              ${this.#passwords()}`
          : html`<strong><oye-id .value=${this._user?.username ?? ""}></oye-id></strong>`
      }
      <label class="field wide"
        ><span>${localize("access.email_optional")}</span>
        <input name="email" type="email" maxlength="254" .value=${this._user?.email ?? ""}
      /></label>
      ${isNew ? nothing : this.#languageField()} ${this.#faultLine()}
      <wa-button type="submit" variant="brand" ?loading=${this.busy !== null}
        >${localize(isNew ? "access.add" : "access.save")}</wa-button
      >
    </form>`;
  }

  #languageField(): unknown {
    const known = this._user?.language ?? "";
    return html`<label class="field wide"
      ><span>${localize("access.mail_language")}</span>
      <select name="language">
        <option value="">${localize("access.language_unset")}</option>
        ${[...LANGUAGES].map(
          ([code, name]) =>
            html`<option value=${code} lang=${code} ?selected=${code === known}>${name}</option>`,
        )}
      </select></label
    >`;
  }

  #passwordDialog(): unknown {
    return html`<oye-dialog
      heading=${localize("access.set_password")}
      .open=${this._asking === "password"}
      @oye-close=${this.#close}
    >
      ${this._asking === "password" ? this.#passwordForm() : nothing}
    </oye-dialog>`;
  }

  #passwordForm(): unknown {
    return html`<form class="stack" autocomplete="off" @submit=${this.#setPassword}>
      <strong><oye-id .value=${this._user?.username ?? ""}></oye-id></strong>
      <p>${localize("access.password_effect")}</p>
      ${this.#passwords()} ${this.#faultLine()}
      <wa-button type="submit" variant="brand" ?loading=${this.busy !== null}
        >${localize("password.set")}</wa-button
      >
    </form>`;
  }

  #passwords(): unknown {
    const field = (name: string, label: string): unknown =>
      html`<label class="field wide"
        ><span>${label}</span>
        <input name=${name} type="password" autocomplete="new-password" maxlength="1024" required
      /></label>`;
    return html`${field("password", localize("password.new"))}
    ${field("repeated", localize("password.repeat"))}`;
  }

  #faultLine(): unknown {
    return html`<div role="alert" class="result fault">${this._fault}</div>`;
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
      this._fault = "";
      this._user = user;
      this._asking = asking;
    };
  }

  async #change(user: User, body: UserChange): Promise<boolean> {
    const path = { username: user.username };
    const does = (): Promise<unknown> =>
      this.client.call("PATCH /api/users/{username}", { path, body });
    return this.act("change", does, localize("access.saved"));
  }

  #add = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const password = this.#newPassword(form);
    if (password === null) return;
    const email = fieldOf(form, "email");
    const body = { username: fieldOf(form, "username"), password, ...(email ? { email } : {}) };
    void this.#closeAfter(() =>
      this.act(
        "add",
        () => this.client.call("POST /api/users", { body }),
        localize("access.account_added"),
      ),
    );
  };

  #edit = (event: SubmitEvent): void => {
    event.preventDefault();
    const user = this._user;
    const form = event.target as HTMLFormElement;
    const body = {
      email: fieldOf(form, "email") || null,
      language: fieldOf(form, "language") || null,
    };
    if (user !== null) void this.#closeAfter(() => this.#change(user, body));
  };

  #setPassword = (event: SubmitEvent): void => {
    event.preventDefault();
    const newPassword = this.#newPassword(event.target as HTMLFormElement);
    const path = { username: this._user?.username ?? "" };
    if (newPassword === null) return;
    const call = "POST /api/users/{username}/password";
    void this.#closeAfter(() =>
      this.act(
        "password",
        () => this.client.call(call, { path, body: { newPassword } }),
        localize("access.password_set"),
      ),
    );
  };

  #delete = (): void => {
    const path = { username: this._user?.username ?? "" };
    this._asking = null;
    const does = (): Promise<unknown> => this.client.call("DELETE /api/users/{username}", { path });
    void this.act("delete", does, localize("access.account_deleted"));
  };

  #newPassword(form: HTMLFormElement): string | null {
    const password = fieldOf(form, "password");
    const fault = passwordFault(password, fieldOf(form, "repeated"));
    this._fault = fault === null ? "" : localize(`password.${fault}`);
    return fault === null ? password : null;
  }

  async #closeAfter(act: () => Promise<boolean>): Promise<void> {
    if (await act()) this.#close();
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
