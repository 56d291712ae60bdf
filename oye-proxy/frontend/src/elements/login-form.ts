import { consume } from "@lit/context";
import { html, nothing } from "lit";
import { state } from "lit/decorators.js";
import { ApiError, type ApiClient } from "../api/client.ts";
import { clientContext } from "../state/contexts.ts";
import { Countdown } from "../state/countdown.ts";
import { errorText } from "../texts/errors.ts";
import { localize, type TextKey } from "../texts/localize.ts";
import { LightElement } from "./light-element.ts";
import "../styles/forms.css";

/** A form before one is signed in: it acts once at a time, and says what became of it. */
export abstract class LoginForm extends LightElement {
  @consume({ context: clientContext }) readonly client!: ApiClient;
  @state() protected busy = false;
  @state() protected failed = "";
  @state() protected said = "";
  /** The code of what failed. */
  @state() protected code = "";
  readonly #wait = new Countdown(this);

  /** How many seconds nothing can be sent. */
  protected get seconds(): number {
    return this.#wait.seconds;
  }

  /** Draw what became of it; the regions are there before they speak. */
  protected results(): unknown {
    return html`<div class="results">
      <div role="alert">
        ${this.failed === "" ? nothing : html`<p class="failed">${this.failed}</p>`}
      </div>
      <div role="status">
        ${this.said === "" ? nothing : html`<p class="said">${this.said}</p>`}
      </div>
    </div>`;
  }

  /** Draw the button that sends, which counts down while nothing can be sent. */
  protected submitButton(text: TextKey): unknown {
    const { seconds } = this;
    return html`<button class="go" type="submit" ?disabled=${seconds > 0 || this.busy}>
      ${seconds > 0 ? localize("sign_in.wait", { seconds }) : localize(text)}
    </button>`;
  }

  /** Draw the field for the name of an account. */
  protected nameField(label: TextKey, value = ""): unknown {
    return html`<label
      >${localize(label)}
      <input
        name="username"
        autocomplete="username"
        autocapitalize="off"
        spellcheck="false"
        maxlength="255"
        required
        .defaultValue=${value}
    /></label>`;
  }

  /** Do it; `notKnown` is what a 401 means here. */
  protected async act(act: () => Promise<void>, notKnown?: TextKey): Promise<void> {
    if (this.busy || this.seconds > 0) return;
    this.busy = true;
    this.code = "";
    this.failed = "";
    this.said = "";
    try {
      await act();
    } catch (error) {
      this.failed = this.#failure(error, notKnown);
    } finally {
      this.busy = false;
    }
  }

  #failure(error: unknown, notKnown?: TextKey): string {
    if (!(error instanceof ApiError)) return errorText(error);
    this.code = error.code;
    if (error.status === 401 && notKnown !== undefined) return localize(notKnown);
    const { retryAfter } = error.problem;
    if (error.status === 429 && retryAfter !== undefined) this.#wait.start(retryAfter);
    return errorText(error);
  }
}
