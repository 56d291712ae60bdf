import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { NewUser, PasswordOfUser, User, UserChange } from "../api/types.gen.ts";
import { passwordFault } from "../domain/passwords.ts";
import { form } from "../styles/form.ts";
import { base } from "../styles/shared.ts";
import { bestLanguage, language, LANGUAGES, localize, type TextKey } from "../texts/localize.ts";
import { fieldOf } from "./light-element.ts";
import "./oye-dialog.ts";
import { emit, OyeElement } from "./oye-element.ts";
import "./oye-id.ts";

export type AccountTask = "add" | "edit" | "password";

/** What was entered. */
export type AccountWish =
  | { readonly task: "add"; readonly body: NewUser }
  | { readonly task: "edit"; readonly body: UserChange }
  | { readonly task: "password"; readonly body: PasswordOfUser };

const HEADINGS: Readonly<Record<AccountTask, TextKey>> = {
  add: "access.add_account",
  edit: "access.edit_account",
  password: "access.set_password",
};
const BUTTONS: Readonly<Record<AccountTask, TextKey>> = {
  add: "access.add",
  edit: "access.save",
  password: "password.set",
};

/** The forms of an account; emits `oye-account` with an `AccountWish`, and `oye-close`. */
@customElement("oye-account-dialog")
export class OyeAccountDialog extends OyeElement {
  static override styles = [
    base,
    form,
    css`
      .stack {
        display: grid;
        gap: var(--oye-space-3);
        grid-template-columns: minmax(0, 1fr);
        justify-items: start;
      }
      wa-button {
        justify-self: end;
      }
      .stack .field {
        inline-size: 100%;
      }
      [role="alert"] {
        color: var(--oye-fault);
      }
    `,
  ];

  /** What is asked; null while the dialog is closed. */
  @property({ attribute: false }) task: AccountTask | null = null;
  @property({ attribute: false }) user: User | null = null;
  @property({ type: Boolean }) busy = false;
  @state() private _fault = "";

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("task")) this._fault = "";
  }

  // A form of its own each time: what was typed before is gone.
  protected override render(): unknown {
    const { task } = this;
    return html`<oye-dialog
      heading=${task === null ? "" : localize(HEADINGS[task])}
      .open=${task !== null}
      >${task === null ? nothing : this.#form(task)}</oye-dialog
    >`;
  }

  #form(task: AccountTask): unknown {
    return html`<form class="stack" autocomplete="off" @submit=${this.#submit}>
      ${task === "add" ? this.#name() : html`<strong><oye-id .value=${this.user?.username ?? ""}></oye-id></strong>`}
      ${task === "password" ? html`<p>${localize("access.password_effect")}</p>` : nothing}
      ${task === "edit" ? nothing : this.#passwords()}
      ${task === "password" ? nothing : this.#mail(task)}
      <div role="alert">${this._fault}</div>
      <wa-button type="submit" variant="brand" ?loading=${this.busy}
        >${localize(BUTTONS[task])}</wa-button
      >
    </form>`;
  }

  #name(): unknown {
    return html`<label class="field wide"
      ><span>${localize("access.name")}</span>
      <input name="username" autocapitalize="off" maxlength="255" required
    /></label>`;
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

  #mail(task: AccountTask): unknown {
    // Who is new most likely reads what the console is read in.
    const known = task === "add" ? bestLanguage(language(), []) : (this.user?.language ?? "");
    return html`<label class="field wide"
        ><span>${localize("access.email_optional")}</span>
        <input name="email" type="email" maxlength="254" .value=${this.user?.email ?? ""}
      /></label>
      <label class="field wide"
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

  #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    if (this.task === null || (this.task !== "edit" && !this.#arePasswordsGood(form))) return;
    emit(
      this,
      "oye-account",
      wish(this.task, (name) => fieldOf(form, name)),
    );
  };

  #arePasswordsGood(form: HTMLFormElement): boolean {
    const fault = passwordFault(fieldOf(form, "password"), fieldOf(form, "repeated"));
    this._fault = fault === null ? "" : localize(`password.${fault}`);
    return fault === null;
  }
}

function wish(task: AccountTask, field: (name: string) => string): AccountWish {
  const mail = { email: field("email") || null, language: field("language") || null };
  const password = field("password");
  switch (task) {
    case "add":
      return { task, body: { username: field("username"), password, ...mail } };
    case "edit":
      return { task, body: mail };
    case "password":
      return { task, body: { newPassword: password } };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-account-dialog": OyeAccountDialog;
  }
}
