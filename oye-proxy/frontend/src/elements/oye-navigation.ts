import { consume } from "@lit/context";
import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { belongsTo } from "../domain/navigation.ts";
import { hashOf, type Route } from "../router.ts";
import { liveContext, sessionContext } from "../state/contexts.ts";
import type { LiveStore } from "../state/live-store.ts";
import { Observe } from "../state/observe.ts";
import type { Session } from "../state/session.ts";
import { navigationStyles } from "../styles/navigation.ts";
import { base } from "../styles/shared.ts";
import { localize, plural } from "../texts/localize.ts";
import { VIEWS, type ViewDefinition } from "../views/index.ts";
import { brand, brandStyles } from "./brand.ts";
import "./oye-connection.ts";
import "./oye-dialog.ts";
import { emit, OyeElement } from "./oye-element.ts";
import "./oye-icon.ts";
import "./oye-id.ts";

/**
 * Where one can go: tabs and a sheet on phones, a list at the side from 900 px.
 *
 * Emits `oye-skip`, `oye-preferences` and `oye-sign-out`.
 */
@customElement("oye-navigation")
export class OyeNavigation extends OyeElement {
  static override styles = [base, brandStyles, navigationStyles];

  @consume({ context: liveContext }) readonly live!: LiveStore;
  @consume({ context: sessionContext }) readonly session!: Session;
  @property({ attribute: false }) route!: Route;
  /** The reader put off signing in again. */
  @property({ type: Boolean }) postponed = false;
  @state() private _more = false;
  protected readonly observeLive = new Observe(this, () => this.live);
  protected readonly observeSession = new Observe(this, () => this.session);

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("route")) this._more = false;
  }

  protected override render(): unknown {
    const granted = VIEWS.filter(
      (view) => view.navigation !== null && this.session.can(view.scope),
    );
    return html`<nav aria-label=${localize("shell.navigation")}>
        <button class="skip" type="button" @click=${this.#say("oye-skip")}>
          ${localize("shell.skip")}
        </button>
        <div class="brand-side">${brand(this.live.proxy?.name)}</div>
        ${granted.map((view) => this.#link(view, view.navigation === "tab" ? "tab" : "side"))}
        <button class="entry phone" type="button" @click=${this.#show(true)}>
          <oye-icon name="more"></oye-icon>
          <span>${localize("shell.more")}</span>
        </button>
        <div class="foot">
          ${this.#issues()}
          <oye-connection ?postponed=${this.postponed}></oye-connection>
          ${this.#own()}
        </div>
      </nav>
      <oye-dialog
        heading=${localize("shell.more")}
        .open=${this._more}
        @oye-close=${this.#show(false)}
      >
        <div class="sheet">
          ${this.#issues()}
          ${granted.map((view) => (view.navigation === "more" ? this.#link(view, "sheet") : nothing))}
          ${this.#own()}
        </div>
      </oye-dialog>`;
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
    const isHere = belongsTo(this.route.path, pattern);
    return html`<a
      class="entry ${place}"
      href=${hashOf(pattern.split("/"))}
      aria-current=${isHere ? "page" : nothing}
      @click=${this.#show(false)}
      ><oye-icon name=${view.icon}></oye-icon><span>${localize(view.title)}</span></a
    >`;
  }

  /** What is the reader's own: how they like it, and the way out. */
  #own(): unknown {
    const { state: now, info } = this.session;
    return html`<button class="entry" type="button" @click=${this.#say("oye-preferences")}>
        <oye-icon name="preferences"></oye-icon>
        <span>${localize("shell.preferences")}</span>
      </button>
      ${
        now === "signed-in" && info?.via === "session"
          ? html`<button class="entry" type="button" @click=${this.#say("oye-sign-out")}>
              <oye-icon name="logout"></oye-icon>
              <span
                >${localize("shell.sign_out")} <oye-id still room="20" .value=${info.name}></oye-id
              ></span>
            </button>`
          : nothing
      }`;
  }

  #say(name: string): () => void {
    return () => {
      this._more = false;
      emit(this, name);
    };
  }

  #show(more: boolean): () => void {
    return () => {
      this._more = more;
    };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-navigation": OyeNavigation;
  }
}
