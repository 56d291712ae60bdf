import { provide } from "@lit/context";
import { html, nothing } from "lit";
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
import type { Session } from "./state/session.ts";
import { appStyles } from "./styles/app.ts";
import { base, plainButton } from "./styles/shared.ts";
import { localize, plural } from "./texts/localize.ts";
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
  @state() private _panel: "more" | "preferences" | null = null;
  @query("oye-toasts") private readonly _toasts!: OyeToasts;
  @query("main") private readonly _main!: HTMLElement | null;

  protected readonly observeLive = new Observe(this, () => this.live);
  protected readonly observeSession = new Observe(this, () => this.session);
  #stopHash: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopHash = followHash(this.#go);
    this.addEventListener("oye-toast", this.#toast);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopHash?.();
    this.removeEventListener("oye-toast", this.#toast);
  }

  protected override render(): unknown {
    return html`
      <header class="bar">${this.#brand()} ${this.#connection()}</header>
      <nav aria-label=${localize("shell.navigation")}>
        <button class="skip" type="button" @click=${this.#skip}>${localize("shell.skip")}</button>
        <div class="brand-side">${this.#brand()}</div>
        ${this.#granted().map((view) => this.#link(view, view.navigation === "tab" ? "tab" : "side"))}
        <button class="entry phone" type="button" @click=${this.#showMore}>
          <oye-icon name="more"></oye-icon>
          <span>${localize("shell.more")}</span>
        </button>
        <div class="foot">
          ${this.#issues()} ${this.#connection()}
          <button class="entry" type="button" @click=${this.#showPreferences}>
            <oye-icon name="preferences"></oye-icon>
            <span>${localize("shell.preferences")}</span>
          </button>
        </div>
      </nav>
      <main tabindex="-1" class=${this.#isDimmed() ? "dimmed" : ""}>${this.#view()}</main>
      ${this.#more()} ${this.#signInAgain()}
      <oye-preferences
        ?open=${this._panel === "preferences"}
        @oye-close=${this.#closePanel}
      ></oye-preferences>
      <oye-toasts></oye-toasts>
    `;
  }

  #brand(): unknown {
    return html`<a class="brand" href="#/chargers"
      ><strong>${localize("brand")}</strong>
      ${this.live.proxy === null ? nothing : html`<oye-id still room="24" .value=${this.live.proxy.name}></oye-id>`}</a
    >`;
  }

  #connection(): unknown {
    return html`<oye-connection
      .connection=${this.live.connection}
      .session=${this.session.state}
      .newVersion=${this.live.newVersion}
      @oye-retry=${this.#retry}
      @oye-reload=${this.#reload}
    ></oye-connection>`;
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
        <button class="entry" type="button" @click=${this.#showPreferences}>
          <oye-icon name="preferences"></oye-icon>
          <span>${localize("shell.preferences")}</span>
        </button>
      </div>
    </oye-dialog>`;
  }

  #view(): unknown {
    if (this.session.state === "unknown") return nothing;
    if (this.session.info === null && this.session.state === "signed-out") return this.#signIn();
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
    return html`<slot name="sign-in"
      ><oye-notice class="alone">${localize("error.not_authenticated")}</oye-notice></slot
    >`;
  }

  // A session that ended in mid-work: the view below keeps what was entered.
  #signInAgain(): unknown {
    if (this.session.state !== "signed-out" || this.session.info === null) return nothing;
    return html`<oye-dialog heading=${localize("view.login")} open>${this.#signIn()}</oye-dialog>`;
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
