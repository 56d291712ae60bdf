import { provide } from "@lit/context";
import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { ApiClient } from "./api/client.ts";
import { belongsTo } from "./domain/navigation.ts";
import { OyeElement } from "./elements/oye-element.ts";
import "./elements/oye-connection.ts";
import "./elements/oye-dialog.ts";
import "./elements/oye-icon.ts";
import "./elements/oye-id.ts";
import "./elements/oye-notice.ts";
import "./elements/oye-preferences.ts";
import "./elements/oye-toasts.ts";
import type { OyeToasts, Toast } from "./elements/oye-toasts.ts";
import { fits, followHash, hashOf, parseHash, type Route } from "./router.ts";
import {
  clientContext,
  liveContext,
  preferencesContext,
  sessionContext,
} from "./state/contexts.ts";
import type { LiveStore } from "./state/live-store.ts";
import { Observe } from "./state/observe.ts";
import type { Preferences } from "./state/preferences.ts";
import type { Session, SessionState } from "./state/session.ts";
import { appStyles } from "./styles/app.ts";
import { base, plainButton } from "./styles/shared.ts";
import { errorText } from "./texts/errors.ts";
import { localize, plural, type TextKey } from "./texts/localize.ts";
import { VIEWS, type ViewDefinition } from "./views/index.ts";

/** The shell: navigation, the connection in words, and the view that the hash names. */
@customElement("oye-app")
export class OyeApp extends OyeElement {
  static override styles = [base, plainButton, appStyles];

  @provide({ context: clientContext }) @property({ attribute: false }) client!: ApiClient;
  @provide({ context: liveContext }) @property({ attribute: false }) live!: LiveStore;
  @provide({ context: sessionContext }) @property({ attribute: false }) session!: Session;
  @provide({ context: preferencesContext })
  @property({ attribute: false })
  preferences!: Preferences;

  @state() private _route: Route = parseHash("");
  @state() private _loaded: ReadonlySet<ViewDefinition> = new Set();
  @state() private _failed: ViewDefinition | null = null;
  @state() private _panel: "more" | "preferences" | "password" | null = null;
  /** The dialog to sign in again was closed: what lies below can still be read and copied. */
  @state() private _postponed = false;
  @query("oye-toasts") private readonly _toasts!: OyeToasts;
  @query("main") private readonly _main!: HTMLElement | null;

  protected readonly observeLive = new Observe(this, () => this.live);
  protected readonly observeSession = new Observe(this, () => this.session);
  #stopHash: (() => void) | null = null;
  readonly #children = new Map<string, HTMLElement>();
  #sessionBefore: SessionState = "unknown";
  #spokeOfLoss = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopHash = followHash(this.#go);
    this.addEventListener("oye-toast", this.#toast);
    this.addEventListener("oye-change-password", this.#changePassword);
    this.addEventListener("oye-preferences", this.#showPreferences);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopHash?.();
    this.removeEventListener("oye-toast", this.#toast);
    this.removeEventListener("oye-change-password", this.#changePassword);
    this.removeEventListener("oye-preferences", this.#showPreferences);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (this.session.state !== this.#sessionBefore) this.#sessionChanged();
  }

  protected override updated(): void {
    this.#speakOfConnection();
    if (this.#showsSignIn()) this.#need("sign-in", () => import("./views/sign-in.ts"));
    if (this._panel === "password") {
      this.#need("change-password", () => import("./views/change-password.ts"));
    }
  }

  protected override render(): unknown {
    return html`
      <header class="bar">${this.#brand()} ${this.#connection()}</header>
      ${this.#notes()}
      <nav aria-label=${localize("shell.navigation")}>
        <button class="skip" type="button" @click=${this.#skip}>${localize("shell.skip")}</button>
        <div class="brand-side">${this.#brand()}</div>
        ${this.#granted().map((view) => this.#link(view, view.navigation === "tab" ? "tab" : "side"))}
        <button class="entry phone" type="button" @click=${this.#showMore}>
          <oye-icon name="more"></oye-icon>
          <span>${localize("shell.more")}</span>
        </button>
        <div class="foot">
          ${this.#issues()} ${this.#connection()} ${this.#preferencesEntry()} ${this.#account()}
        </div>
      </nav>
      <main tabindex="-1" class=${this.#isDimmed() ? "dimmed" : ""}>${this.#view()}</main>
      ${this.#more()} ${this.#signInAgain()} ${this.#passwordDialog()}
      <oye-preferences
        ?open=${this._panel === "preferences"}
        @oye-close=${this.#closePanel}
      ></oye-preferences>
      <oye-toasts></oye-toasts>
    `;
  }

  #brand(): unknown {
    const name = this.live.proxy?.name;
    return html`<a class="brand" href="#/chargers"
      ><strong>${localize("brand")}</strong>
      ${name === undefined || name === localize("brand") ? nothing : html`<oye-id still room="24" .value=${name}></oye-id>`}</a
    >`;
  }

  #connection(): unknown {
    return html`<oye-connection
      .connection=${this.live.connection}
      .session=${this.session.state}
      .newVersion=${this.live.newVersion}
      .postponed=${this._postponed && this.#mustSignInAgain()}
      @oye-retry=${this.#retry}
      @oye-reload=${this.#reload}
      @oye-sign-in=${this.#signInNow}
    ></oye-connection>`;
  }

  // What must be done before all else, above whichever view.
  #notes(): unknown {
    const { state, info } = this.session;
    if (state === "ended") {
      return this.#note("connection.ended", "connection.reload", this.#reload);
    }
    if (state !== "signed-in" || info?.generatedPassword !== true) return nothing;
    return this.#note("password.urge", "password.choose", this.#changePassword);
  }

  #note(text: TextKey, label: TextKey, act: () => void): unknown {
    return html`<section class="notes" aria-label=${localize("shell.note")}>
      <oye-notice
        >${localize(text)}
        <button slot="action" class="link" type="button" @click=${act}>
          ${localize(label)}
        </button></oye-notice
      >
    </section>`;
  }

  #preferencesEntry(): unknown {
    return html`<button class="entry" type="button" @click=${this.#showPreferences}>
      <oye-icon name="preferences"></oye-icon>
      <span>${localize("shell.preferences")}</span>
    </button>`;
  }

  #account(): unknown {
    const { state, info } = this.session;
    if (state !== "signed-in" || info?.via !== "session") return nothing;
    return html`<button class="entry" type="button" @click=${this.#signOut}>
      <oye-icon name="logout"></oye-icon>
      <span
        >${localize("shell.sign_out")} <oye-id still room="20" .value=${info.name}></oye-id
      ></span>
    </button>`;
  }

  #issues(): unknown {
    const count = this.live.issues.length;
    if (count === 0) return nothing;
    return html`<a class="issues" href="#/system"
      ><oye-icon name="alert"></oye-icon> ${plural("shell.issues", count)}</a
    >`;
  }

  #link(view: ViewDefinition, place: "tab" | "side" | "sheet"): unknown {
    const pattern = view.patterns[0] ?? "";
    const isHere = belongsTo(this._route.path, pattern);
    return html`<a
      class="entry ${place}"
      href=${hashOf(pattern.split("/"))}
      aria-current=${isHere ? "page" : nothing}
      @click=${this.#closePanel}
      ><oye-icon name=${view.icon}></oye-icon><span>${localize(view.title)}</span></a
    >`;
  }

  #more(): unknown {
    const others = this.#granted().filter((view) => view.navigation === "more");
    return html`<oye-dialog
      heading=${localize("shell.more")}
      .open=${this._panel === "more"}
      @oye-close=${this.#closePanel}
    >
      <div class="sheet">
        ${this.#issues()} ${others.map((view) => this.#link(view, "sheet"))}
        ${this.#preferencesEntry()} ${this.#account()}
      </div>
    </oye-dialog>`;
  }

  #view(): unknown {
    if (this.session.state === "unknown") return nothing;
    if (this.#isReset() || this.#isColdVisit()) return this.#signIn();
    const view = this.#current();
    if (view === undefined) {
      return html`<oye-notice class="alone"
        >${localize("shell.not_found")}
        <a slot="action" href="#/chargers">${localize("shell.to_chargers")}</a></oye-notice
      >`;
    }
    if (this._failed === view) {
      return html`<oye-notice class="alone" kind="error" retry @oye-retry=${this.#reload}
        >${localize("shell.view_failed")}</oye-notice
      >`;
    }
    return this._loaded.has(view) ? view.render(this._route) : nothing;
  }

  // The form lies in light DOM, where password managers find it: a child of this element.
  #signIn(): unknown {
    return html`<slot name="sign-in"></slot>`;
  }

  // A session that ended in mid-work: the view below keeps what was entered.
  #signInAgain(): unknown {
    if (!this.#mustSignInAgain() || this.#isReset()) return nothing;
    return html`<oye-dialog
      heading=${localize("view.login")}
      .open=${!this._postponed}
      @oye-close=${this.#postpone}
      >${this.#signIn()}</oye-dialog
    >`;
  }

  #passwordDialog(): unknown {
    return html`<oye-dialog
      heading=${localize("password.title")}
      .open=${this._panel === "password"}
      @oye-close=${this.#closePanel}
      ><slot name="change-password"></slot
    ></oye-dialog>`;
  }

  #isColdVisit(): boolean {
    return this.session.info === null && this.session.state === "signed-out";
  }

  #mustSignInAgain(): boolean {
    return this.session.info !== null && this.session.state === "signed-out";
  }

  #isReset(): boolean {
    return this._route.path[0] === "reset" && this.session.info?.via !== "ingress";
  }

  #showsSignIn(): boolean {
    return this.#isColdVisit() || this.#mustSignInAgain() || this.#isReset();
  }

  // One child for each slot, loaded when it is first shown.
  #need(slot: "sign-in" | "change-password", load: () => Promise<unknown>): void {
    if (this.#children.has(slot)) return;
    const child = document.createElement(`oye-${slot}`);
    child.slot = slot;
    this.#children.set(slot, child);
    load().then(
      () => {
        this.append(child);
      },
      () => {
        this.#children.delete(slot);
        this._toasts.show({ text: localize("shell.view_failed"), tone: "fault" });
      },
    );
  }

  #sessionChanged(): void {
    const { state, info } = this.session;
    const isNew = state === "signed-in" && this.#sessionBefore === "signed-out";
    if (isNew && info?.generatedPassword === true) this._panel = "password";
    if (state === "signed-out") this._postponed = false;
    this.#sessionBefore = state;
  }

  #speakOfConnection(): void {
    const isLost = this.live.lostAt !== null;
    if (isLost === this.#spokeOfLoss) return;
    this.#spokeOfLoss = isLost;
    this._toasts.say(localize(isLost ? "connection.lost" : "connection.back"));
  }

  #granted(): readonly ViewDefinition[] {
    return VIEWS.filter((view) => view.navigation !== null && this.session.can(view.scope));
  }

  #current(): ViewDefinition | undefined {
    const { path } = this._route;
    return VIEWS.find((view) => view.patterns.some((pattern) => fits(pattern, path)));
  }

  #isDimmed(): boolean {
    return this.live.lostAt !== null;
  }

  #go = (route: Route): void => {
    const before = this._route.path.join("/");
    this._route = route;
    this._panel = null;
    if (route.path.join("/") !== before) this._main?.scrollTo(0, 0);
    const view = this.#current();
    if (view === undefined || this._loaded.has(view)) return;
    view.load().then(
      () => {
        this._loaded = new Set([...this._loaded, view]);
      },
      () => {
        this._failed = view;
      },
    );
  };

  #skip = (): void => {
    this._main?.focus();
  };

  #toast = (event: Event): void => {
    this._toasts.show((event as CustomEvent<Toast>).detail);
  };

  #showMore = (): void => {
    this._panel = "more";
  };

  #showPreferences = (): void => {
    this._panel = "preferences";
  };

  #closePanel = (): void => {
    this._panel = null;
  };

  #changePassword = (): void => {
    this._panel = "password";
  };

  #postpone = (): void => {
    this._postponed = true;
  };

  #signInNow = (): void => {
    this._postponed = false;
  };

  #signOut = async (): Promise<void> => {
    this._panel = null;
    try {
      await this.session.leave(() => this.client.call("DELETE /api/session", {}));
    } catch (error) {
      this._toasts.show({ text: errorText(error), tone: "fault" });
    }
  };

  #retry = (): void => {
    this.live.retry();
  };

  #reload = (): void => {
    window.location.reload();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-app": OyeApp;
  }
}
