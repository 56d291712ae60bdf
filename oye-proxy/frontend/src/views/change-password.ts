import { consume } from "@lit/context";
import { html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { ApiError, type ApiClient } from "../api/client.ts";
import { passwordFault } from "../domain/passwords.ts";
import { fieldOf, LightElement } from "../elements/light-element.ts";
import { emit } from "../elements/oye-element.ts";
import { toast } from "../elements/oye-toasts.ts";
import { clientContext, sessionContext } from "../state/contexts.ts";
import { Observe } from "../state/observe.ts";
import type { Session } from "../state/session.ts";
import { errorText } from "../texts/errors.ts";
import { localize } from "../texts/localize.ts";
import "../styles/forms.css";

/** The form for another password of one's own; emits `oye-close` when it is done. */
@customElement("oye-change-password")
export class OyeChangePassword extends LightElement {
  @consume({ context: clientContext }) readonly client!: ApiClient;
  @consume({ context: sessionContext }) readonly session!: Session;
  @state() private _busy = false;
  @state() private _failed = "";
  protected readonly observeSession = new Observe(this, () => this.session);

  protected override render(): unknown {
    return html`<form class="oye-form" @submit=${this.#change}>
      <p>${localize(this.session.info?.generatedPassword ? "password.urge" : "password.effect")}</p>
      <div class="results" role="alert">
        ${this._failed === "" ? nothing : html`<p class="failed">${this._failed}</p>`}
      </div>
      <input
        name="username"
        autocomplete="username"
        .defaultValue=${this.session.info?.name ?? ""}
        hidden
        readonly
      />
      ${this.#field("current-password", localize("password.present"), "current-password")}
      ${this.#field("new-password", localize("password.new"), "new-password")}
      <span class="hint">${localize("password.hint")}</span>
      ${this.#field("repeated", localize("password.repeat"), "new-password")}
      <div class="row">
        <button class="go" type="submit" ?disabled=${this._busy}>
          ${localize("password.set")}
        </button>
      </div>
    </form>`;
  }

  #field(name: string, label: string, autocomplete: "current-password" | "new-password"): unknown {
    return html`<label
      >${label}
      <input name=${name} type="password" autocomplete=${autocomplete} maxlength="1024" required
    /></label>`;
  }

  #change = (event: SubmitEvent): void => {
    event.preventDefault();
    void this.#send(event.target as HTMLFormElement);
  };

  async #send(form: HTMLFormElement): Promise<void> {
    const newPassword = fieldOf(form, "new-password");
    const fault = passwordFault(newPassword, fieldOf(form, "repeated"));
    this._failed = fault === null ? "" : localize(`password.${fault}`);
    if (fault !== null || this._busy) return;
    this._busy = true;
    try {
      const body = { currentPassword: fieldOf(form, "current-password"), newPassword };
      await this.client.call("POST /api/change-password", { body });
      form.reset();
      await this.session.load();
      toast(this, localize("password.changed"));
      emit(this, "oye-close");
    } catch (error) {
      const isWrong = error instanceof ApiError && error.status === 400;
      this._failed = isWrong ? localize("password.wrong") : errorText(error);
    } finally {
      this._busy = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-change-password": OyeChangePassword;
  }
}
