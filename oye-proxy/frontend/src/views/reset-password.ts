import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { passwordFault } from "../domain/passwords.ts";
import { fieldOf } from "../elements/light-element.ts";
import { LoginForm } from "../elements/login-form.ts";
import { emit } from "../elements/oye-element.ts";
import { localize } from "../texts/localize.ts";

const NO_MAIL = "mail_not_configured";
// With these no password is set by this link any more.
const DEAD: readonly string[] = ["link_expired", NO_MAIL];

/** A new password by the link of a mail; emits `oye-back`, with true when it is set, or `oye-forgot`. */
@customElement("oye-reset-password")
export class OyeResetPassword extends LoginForm {
  /** The token of the link. */
  @property({ attribute: false }) token = "";
  /** Whether another link can be asked for here. */
  @property({ type: Boolean }) asks = false;

  protected override render(): unknown {
    const isDead = this.asks && DEAD.includes(this.code);
    return html`<form class="oye-form alone" @submit=${this.#send}>
      <h1>${localize("sign_in.reset_title")}</h1>
      ${this.results()} ${isDead ? nothing : this.#fields()}
      <div class="row">
        ${isDead ? this.#another() : this.submitButton("password.set")}
        <button class="link" type="button" @click=${this.#back}>${localize("sign_in.back")}</button>
      </div>
    </form>`;
  }

  #fields(): unknown {
    return html`<label
        >${localize("password.new")}
        <input
          name="new-password"
          type="password"
          autocomplete="new-password"
          maxlength="1024"
          aria-describedby="reset-hint"
          required
      /></label>
      <span class="hint" id="reset-hint">${localize("password.hint")}</span>
      <label
        >${localize("password.repeat")}
        <input
          name="repeated"
          type="password"
          autocomplete="new-password"
          maxlength="1024"
          required
      /></label>`;
  }

  #another(): unknown {
    return html`<button class="go" type="button" @click=${this.#forget}>
      ${localize("sign_in.forgot")}
    </button>`;
  }

  #send = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const newPassword = fieldOf(form, "new-password");
    const fault = passwordFault(newPassword, fieldOf(form, "repeated"));
    if (fault !== null) {
      this.failed = localize(`password.${fault}`);
      return;
    }
    void this.act(async () => {
      const body = { token: this.token, newPassword };
      await this.client.call("POST /api/password/reset", { body });
      form.reset();
      emit(this, "oye-back", true);
    }).then(() => {
      if (this.code === NO_MAIL) this.failed = localize("sign_in.no_link");
    });
  };

  #forget = (): void => {
    emit(this, "oye-forgot");
  };

  #back = (): void => {
    emit(this, "oye-back", false);
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-reset-password": OyeResetPassword;
  }
}
