import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { PasswordReset } from "../api/types.gen.ts";
import { fieldOf } from "../elements/light-element.ts";
import { LoginForm } from "../elements/login-form.ts";
import { emit } from "../elements/oye-element.ts";
import { localize, type TextKey } from "../texts/localize.ts";

const COMMAND = "oye-proxy users passwd";
const INSTEAD: Readonly<Record<Exclude<PasswordReset, "mail">, TextKey>> = {
  command_line: "sign_in.forgot_command",
  home_assistant: "sign_in.forgot_home_assistant",
};

/** Asking for a link by mail, or how else a password is set; emits `oye-back`. */
@customElement("oye-forgot-password")
export class OyeForgotPassword extends LoginForm {
  @property() reset: PasswordReset = "command_line";
  /** Whether it fills a page of its own. */
  @property({ type: Boolean }) alone = false;

  protected override render(): unknown {
    const { reset } = this;
    return html`<form class="oye-form ${this.alone ? "alone" : ""}" @submit=${this.#send}>
      <h1>${localize("sign_in.forgot_title")}</h1>
      ${this.results()} ${reset === "mail" ? this.#askForName() : this.#otherWay(reset)}
      <div class="row">
        ${reset === "mail" ? this.submitButton("sign_in.forgot_submit") : nothing}
        <button class="link" type="button" @click=${this.#back}>${localize("sign_in.back")}</button>
      </div>
    </form>`;
  }

  #askForName(): unknown {
    return html`<p>${localize("sign_in.forgot_text")}</p>
      ${this.nameField("sign_in.forgot_name")}`;
  }

  #otherWay(reset: Exclude<PasswordReset, "mail">): unknown {
    const name = localize("sign_in.your_name");
    return html`<p>${localize(INSTEAD[reset])}</p>
      ${reset === "command_line" ? html`<code>${COMMAND} ${name}</code>` : nothing}`;
  }

  #send = (event: SubmitEvent): void => {
    event.preventDefault();
    const username = fieldOf(event.target as HTMLFormElement, "username");
    void this.act(async () => {
      await this.client.call("POST /api/password/forgot", { body: { username } });
      this.said = localize("sign_in.forgot_sent");
    });
  };

  #back = (): void => {
    emit(this, "oye-back");
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-forgot-password": OyeForgotPassword;
  }
}
