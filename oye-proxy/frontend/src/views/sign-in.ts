import { consume } from "@lit/context";
import { html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { ApiError, type ApiClient } from "../api/client.ts";
import type { PasswordReset, SignInInfo } from "../api/types.gen.ts";
import { passwordFault } from "../domain/passwords.ts";
import { fieldOf, LightElement } from "../elements/light-element.ts";
import { followHash } from "../router.ts";
import { clientContext, sessionContext } from "../state/contexts.ts";
import { Countdown } from "../state/countdown.ts";
import { Observe } from "../state/observe.ts";
import type { Session } from "../state/session.ts";
import { errorText } from "../texts/errors.ts";
import { localize, type TextKey } from "../texts/localize.ts";
import "../styles/forms.css";

const COMMAND = "oye-proxy users passwd";
const INSTEAD: Readonly<Record<Exclude<PasswordReset, "mail">, TextKey>> = {
  command_line: "sign_in.forgot_command",
  home_assistant: "sign_in.forgot_home_assistant",
};

/** Signing in, a forgotten password, and a new one by the link of a mail. */
@customElement("oye-sign-in")
export class OyeSignIn extends LightElement {
  @consume({ context: clientContext }) readonly client!: ApiClient;
  @consume({ context: sessionContext }) readonly session!: Session;
  @state() private _info: SignInInfo | null = null;
  @state() private _ended = false;
  @state() private _forgot = false;
  /** The token of a link; it stays in the fragment and in memory. */
  @state() private _token: string | null = null;
  @state() private _busy = false;
  @state() private _failed = "";
  @state() private _said = "";
  readonly #wait = new Countdown(this);
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
    if (this._token !== null) return this.#resetForm();
    return this._forgot ? this.#forgotten() : this.#signInForm();
  }

  #signInForm(): unknown {
    const isOver = this.session.info !== null;
    const seconds = this.#wait.seconds;
    return html`<form class="oye-form ${isOver ? "" : "alone"}" @submit=${this.#signIn}>
      ${isOver ? html`<p>${localize("sign_in.ended")}</p>` : html`<h1>${localize("view.login")}</h1>`}
      ${this._info?.hasAccounts === false ? html`<p>${localize("sign_in.no_accounts")}</p>` : nothing}
      ${this.#result()}
      <label
        >${localize("sign_in.username")}
        <input
          name="username"
          autocomplete="username"
          autocapitalize="off"
          spellcheck="false"
          maxlength="255"
          required
          .defaultValue=${this.session.info?.name ?? ""}
      /></label>
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
        <button class="go" type="submit" ?disabled=${seconds > 0 || this._busy}>
          ${seconds > 0 ? localize("sign_in.wait", { seconds }) : localize("sign_in.submit")}
        </button>
        <button class="link" type="button" @click=${this.#forget}>
          ${localize("sign_in.forgot")}
        </button>
      </div>
    </form>`;
  }

  #forgotten(): unknown {
    const reset = this._info?.passwordReset ?? "command_line";
    const isOver = this.session.info !== null;
    return html`<form class="oye-form ${isOver ? "" : "alone"}" @submit=${this.#sendLink}>
      <h1>${localize("sign_in.forgot_title")}</h1>
      ${this.#result()} ${reset === "mail" ? this.#askForName() : this.#otherWay(reset)}
      <div class="row">
        ${
          reset === "mail"
            ? html`<button class="go" type="submit" ?disabled=${this._busy}>
                ${localize("sign_in.forgot_submit")}
              </button>`
            : nothing
        }
        <button class="link" type="button" @click=${this.#remember}>
          ${localize("sign_in.back")}
        </button>
      </div>
    </form>`;
  }

  #askForName(): unknown {
    return html`<p>${localize("sign_in.forgot_text")}</p>
      <label
        >${localize("sign_in.forgot_name")}
        <input
          name="username"
          autocomplete="username"
          autocapitalize="off"
          spellcheck="false"
          maxlength="255"
          required
      /></label>`;
  }

  #otherWay(reset: Exclude<PasswordReset, "mail">): unknown {
    const name = localize("sign_in.your_name");
    return html`<p>${localize(INSTEAD[reset])}</p>
      ${reset === "command_line" ? html`<code>${COMMAND} ${name}</code>` : nothing}`;
  }

  #resetForm(): unknown {
    return html`<form class="oye-form alone" @submit=${this.#reset}>
      <h1>${localize("sign_in.reset_title")}</h1>
      ${this.#result()}
      <label
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
      /></label>
      <div class="row">
        <button class="go" type="submit" ?disabled=${this._busy}>
          ${localize("password.set")}
        </button>
        <button class="link" type="button" @click=${this.#leaveReset}>
          ${localize("sign_in.back")}
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

  #result(): unknown {
    return html`<div class="results">
      <div role="alert">
        ${this._failed === "" ? nothing : html`<p class="failed">${this._failed}</p>`}
      </div>
      <div role="status">
        ${this._said === "" ? nothing : html`<p class="said">${this._said}</p>`}
      </div>
    </div>`;
  }

  // Through Home Assistant a 401 is its own: the session there is over, and no login of ours helps.
  async #ask(): Promise<void> {
    try {
      this._info = await this.client.call("GET /api/sign-in", {});
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) this._ended = true;
      else this._failed = errorText(error);
    }
  }

  #signIn = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    void this.#act(async () => {
      const before = this.session.info?.name;
      const body = { username: fieldOf(form, "username"), password: fieldOf(form, "password") };
      const info = await this.client.call("POST /api/session", { body });
      form.reset();
      // What the page below shows belongs to who was here before.
      if (before !== undefined && before !== info.name) this.#reload();
      else this.session.signedIn(info);
    }, "sign_in.wrong");
  };

  #sendLink = (event: SubmitEvent): void => {
    event.preventDefault();
    const username = fieldOf(event.target as HTMLFormElement, "username");
    void this.#act(async () => {
      await this.client.call("POST /api/password/forgot", { body: { username } });
      this._said = localize("sign_in.forgot_sent");
    });
  };

  #reset = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const newPassword = fieldOf(form, "new-password");
    const fault = passwordFault(newPassword, fieldOf(form, "repeated"));
    if (fault !== null) {
      this._failed = localize(`password.${fault}`);
      return;
    }
    void this.#act(async () => {
      const body = { token: this._token ?? "", newPassword };
      await this.client.call("POST /api/password/reset", { body });
      form.reset();
      this.#leaveReset();
      this._said = localize("sign_in.reset_done");
      await this.session.load();
    });
  };

  async #act(act: () => Promise<void>, notKnown?: TextKey): Promise<void> {
    if (this._busy || this.#wait.seconds > 0) return;
    this._busy = true;
    this.#say();
    try {
      await act();
    } catch (error) {
      this._failed = this.#failure(error, notKnown);
    } finally {
      this._busy = false;
    }
  }

  #failure(error: unknown, notKnown?: TextKey): string {
    if (!(error instanceof ApiError)) return errorText(error);
    if (error.status === 401 && notKnown !== undefined) return localize(notKnown);
    const { retryAfter } = error.problem;
    if (error.status === 429 && retryAfter !== undefined) this.#wait.start(retryAfter);
    return errorText(error);
  }

  #say(): void {
    this._failed = "";
    this._said = "";
  }

  #forget = (): void => {
    this.#say();
    this._forgot = true;
  };

  #remember = (): void => {
    this.#say();
    this._forgot = false;
  };

  // The token leaves the history with its page.
  #leaveReset = (): void => {
    this.#say();
    this._forgot = false;
    window.location.replace("#/chargers");
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
