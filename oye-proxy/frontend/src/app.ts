import { provide } from "@lit/context";
import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { ApiClient } from "./api/client.ts";
import { signInPlace } from "./domain/sign-in.ts";
import { OyeElement } from "./elements/oye-element.ts";
import { brand, brandStyles } from "./elements/brand.ts";
import "./elements/oye-connection.ts";
import "./elements/oye-dialog.ts";
import "./elements/oye-navigation.ts";
import "./elements/oye-notice.ts";
import "./elements/oye-preferences.ts";
import "./elements/oye-shell-notes.ts";
import "./elements/oye-toasts.ts";
import type { OyeToasts, Toast } from "./elements/oye-toasts.ts";
import { followHash, parseHash, type Route } from "./router.ts";
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
import { SlottedForms } from "./state/slotted-forms.ts";
import { ViewLoader } from "./state/view-loader.ts";
import { appStyles } from "./styles/app.ts";
import { base } from "./styles/shared.ts";
import { errorText } from "./texts/errors.ts";
import { localize } from "./texts/localize.ts";
import { viewAt } from "./views/index.ts";

/** The shell: navigation, the connection in words, and the view that the hash names. */
@customElement("oye-app")
export class OyeApp extends OyeElement {
  static override styles = [base, brandStyles, appStyles];

  @provide({ context: clientContext }) @property({ attribute: false }) client!: ApiClient;
  @provide({ context: liveContext }) @property({ attribute: false }) live!: LiveStore;
  @provide({ context: sessionContext }) @property({ attribute: false }) session!: Session;
  @provide({ context: preferencesContext })
  @property({ attribute: false })
  preferences!: Preferences;

  @state() private _route: Route = parseHash("");
  @state() private _panel: "preferences" | "password" | null = null;
  /** The dialog to sign in again was closed: what lies below can still be read and copied. */
  @state() private _postponed = false;
  @query("oye-toasts") private readonly _toasts!: OyeToasts;
  @query("main") private readonly _main!: HTMLElement | null;

  protected readonly observeLive = new Observe(this, () => this.live);
  protected readonly observeSession = new Observe(this, () => this.session);
  readonly #views = new ViewLoader(this);
  readonly #forms = new SlottedForms(this, () => {
    this.#tell(localize("shell.view_failed"));
  });
  #stops: readonly (() => void)[] = [];
  #sessionBefore: SessionState = "unknown";
  #spokeOfLoss = false;

  constructor() {
    super();
    const heard: Readonly<Record<string, (event: Event) => void>> = {
      "oye-change-password": this.#changePassword,
      "oye-preferences": this.#showPreferences,
      "oye-reload": this.#reload,
      "oye-sign-in": this.#signInNow,
      "oye-sign-out": () => void this.#signOut(),
      "oye-toast": this.#toast,
    };
    for (const [name, act] of Object.entries(heard)) this.addEventListener(name, act);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stops = [followHash(this.#go), this.live.onReturn(this.#load)];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stops) stop();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (this.session.state !== this.#sessionBefore) this.#sessionChanged();
  }

  protected override updated(): void {
    this.#speakOfConnection();
    if (this.#signInPlace !== null) this.#forms.need("sign-in", () => import("./views/sign-in.ts"));
    if (this._panel === "password") {
      this.#forms.need("change-password", () => import("./views/change-password.ts"));
    }
  }

  protected override render(): unknown {
    const postponed = this._postponed && this.#signInPlace === "dialog";
    return html`
      <header class="bar">
        ${brand(this.live.proxy?.name)} <oye-connection ?postponed=${postponed}></oye-connection>
      </header>
      <oye-shell-notes .session=${this.session.state} .info=${this.session.info}></oye-shell-notes>
      <oye-navigation
        .route=${this._route}
        ?postponed=${postponed}
        @oye-skip=${this.#skip}
      ></oye-navigation>
      <main tabindex="-1" class=${this.live.lostAt === null ? "" : "dimmed"}>${this.#view()}</main>
      ${this.#signInAgain()} ${this.#passwordDialog()}
      <oye-preferences
        ?open=${this._panel === "preferences"}
        @oye-close=${this.#closePanel}
      ></oye-preferences>
      <oye-toasts></oye-toasts>
    `;
  }

  #view(): unknown {
    if (this.session.state === "unknown") return nothing;
    if (this.#signInPlace === "page") return this.#signIn();
    const view = viewAt(this._route.path);
    if (view === undefined) {
      return html`<oye-notice class="alone"
        >${localize("shell.not_found")}
        <a slot="action" href="#/chargers">${localize("shell.to_chargers")}</a></oye-notice
      >`;
    }
    const state = this.#views.stateOf(view);
    if (state === "failed") {
      return html`<h1 class="hidden">${localize(view.title)}</h1>
        <oye-notice class="alone" kind="error" retry @oye-retry=${this.#retry}
          >${localize("shell.view_failed")}</oye-notice
        >`;
    }
    return state === "loaded" ? view.render(this._route) : nothing;
  }

  // The form lies in light DOM, where password managers find it: a child of this element.
  #signIn(): unknown {
    return html`<slot name="sign-in"></slot>`;
  }

  // A session that ended in mid-work: the view below keeps what was entered.
  #signInAgain(): unknown {
    if (this.#signInPlace !== "dialog") return nothing;
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

  get #signInPlace(): "page" | "dialog" | null {
    return signInPlace(this.session.state, this.session.info, this._route.path);
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

  async #signOut(): Promise<void> {
    this._panel = null;
    try {
      await this.session.leave(() => this.client.call("DELETE /api/session", {}));
    } catch (error) {
      this.#tell(errorText(error));
    }
  }

  #tell(fault: string): void {
    this._toasts.show({ text: fault, tone: "fault" });
  }

  #go = (route: Route): void => {
    const before = this._route.path.join("/");
    this._route = route;
    this._panel = null;
    if (route.path.join("/") !== before) this._main?.scrollTo(0, 0);
    this.#load();
  };

  #load = (): void => {
    const view = viewAt(this._route.path);
    if (view !== undefined) void this.#views.want(view);
  };

  // What a server that is there cannot give is of another build, or is kept as failed by the browser.
  #retry = async (): Promise<void> => {
    const view = viewAt(this._route.path);
    if (view === undefined || (await this.#views.want(view))) return;
    if (this.live.lostAt === null) this.#reload();
  };

  #skip = (): void => {
    this._main?.focus();
  };

  #toast = (event: Event): void => {
    this._toasts.show((event as CustomEvent<Toast>).detail);
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

  #reload = (): void => {
    window.location.reload();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-app": OyeApp;
  }
}
