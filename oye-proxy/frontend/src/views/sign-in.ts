import { consume } from "@lit/context";
import { html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { ApiError } from "../api/client.ts";
import type { SignInInfo } from "../api/types.gen.ts";
import { fieldOf } from "../elements/light-element.ts";
import { LoginForm } from "../elements/login-form.ts";
import { followHash } from "../router.ts";
import { sessionContext } from "../state/contexts.ts";
import { Observe } from "../state/observe.ts";
import type { Session } from "../state/session.ts";
import { errorText } from "../texts/errors.ts";
import { localize } from "../texts/localize.ts";
import "./forgot-password.ts";
import "./reset-password.ts";

/** Signing in, and the ways to it: a forgotten password, a new one by the link of a mail. */
@customElement("oye-sign-in")
export class OyeSignIn extends LoginForm {
  @consume({ context: sessionContext }) readonly session!: Session;
  @state() private _info: SignInInfo | null = null;
  @state() private _ended = false;
  @state() private _forgot = false;
  /** The token of a link; it stays in the fragment and in memory. */
  @state() private _token: string | null = null;
  protected readonly observeSession = new Observe(this, () => this.session);
  #stopHash: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopHash = followHash(({ path }) => {
      this._token = path[0] === "reset" ? (path[1] ?? "") : null;
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopHash?.();
  }

  protected override firstUpdated(): void {
    void this.#ask();
  }

  protected override render(): unknown {
    if (this._ended) return this.#endedByHomeAssistant();
    if (this._token !== null)
      return html`<oye-reset-password
        .token=${this._token}
        ?asks=${this.session.info === null}
        @oye-back=${this.#leaveReset}
        @oye-forgot=${this.#askAgain}
      ></oye-reset-password>`;
    if (this._forgot)
      return html`<oye-forgot-password
        reset=${this._info?.passwordReset ?? "command_line"}
        ?alone=${this.session.info === null}
        @oye-back=${this.#remember}
      ></oye-forgot-password>`;
    return this.#signInForm();
  }

  #signInForm(): unknown {
    const isOver = this.session.info !== null;
    return html`<form class="oye-form ${isOver ? "" : "alone"}" @submit=${this.#signIn}>
      ${isOver ? html`<p>${localize("sign_in.ended")}</p>` : html`<h1>${localize("view.login")}</h1>`}
      ${this._info?.hasAccounts === false ? html`<p>${localize("sign_in.no_accounts")}</p>` : nothing}
      ${this.results()} ${this.nameField("sign_in.username", this.session.info?.name)}
      <label
        >${localize("sign_in.password")}
        <input
          name="password"
          type="password"
          autocomplete="current-password"
          maxlength="1024"
          required
      /></label>
      <div class="row">
        ${this.submitButton("sign_in.submit")}
        <button class="link" type="button" @click=${this.#forget}>
          ${localize("sign_in.forgot")}
        </button>
      </div>
    </form>`;
  }

  #endedByHomeAssistant(): unknown {
    return html`<div class="oye-form alone">
      <p role="alert">${localize("connection.ended")}</p>
      <button class="go" type="button" @click=${this.#reload}>
        ${localize("connection.reload")}
      </button>
    </div>`;
  }

  // Through Home Assistant a 401 is its own: the session there is over, and no login of ours helps.
  async #ask(): Promise<void> {
    try {
      this._info = await this.client.call("GET /api/sign-in", {});
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) this._ended = true;
      else this.failed = errorText(error);
    }
  }

  #signIn = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    void this.act(async () => {
      const before = this.session.info?.name;
      const body = { username: fieldOf(form, "username"), password: fieldOf(form, "password") };
      const info = await this.client.call("POST /api/session", { body });
      form.reset();
      // What the page below shows belongs to who was here before.
      if (before !== undefined && before !== info.name) this.#reload();
      else this.session.signedIn(info);
    }, "sign_in.wrong");
  };

  #forget = (): void => {
    this.failed = "";
    this.said = "";
    this._forgot = true;
  };

  #remember = (): void => {
    this._forgot = false;
  };

  #askAgain = (): void => {
    this.#forget();
    window.location.replace("#/chargers");
  };

  // The token leaves the history with its page.
  #leaveReset = (event: CustomEvent<boolean>): void => {
    this._forgot = false;
    this.failed = "";
    this.said = event.detail ? localize("sign_in.reset_done") : "";
    window.location.replace("#/chargers");
    // Whose sessions they were, all have ended.
    if (event.detail) void this.session.load();
  };

  #reload = (): void => {
    window.location.reload();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-sign-in": OyeSignIn;
  }
}
