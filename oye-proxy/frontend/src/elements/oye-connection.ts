import { consume } from "@lit/context";
import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { unitsOf } from "../domain/units.ts";
import type { Tone } from "../domain/states.ts";
import { liveContext, sessionContext } from "../state/contexts.ts";
import type { LiveStore } from "../state/live-store.ts";
import { Observe } from "../state/observe.ts";
import type { Session } from "../state/session.ts";
import { base, plainButton } from "../styles/shared.ts";
import { language, localize, type TextKey } from "../texts/localize.ts";
import { emit, OyeElement } from "./oye-element.ts";
import "./oye-state.ts";

const ACTIONS = {
  retry: "connection.retry",
  reload: "connection.reload",
  "sign-in": "connection.sign_in",
} as const satisfies Readonly<Record<string, TextKey>>;
type Action = keyof typeof ACTIONS;

/** The connection in words; emits `oye-reload` and `oye-sign-in`. */
@customElement("oye-connection")
export class OyeConnection extends OyeElement {
  static override styles = [
    base,
    plainButton,
    css`
      :host {
        display: inline-flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 var(--oye-space-2);
        min-block-size: 1.5rem;
        font-size: var(--oye-size-2);
      }
      .stamp {
        flex: 1 1 100%;
        color: var(--oye-text-quiet);
      }
    `,
  ];

  @consume({ context: liveContext }) readonly live!: LiveStore;
  @consume({ context: sessionContext }) readonly session!: Session;
  /** The reader closed the dialog to sign in again. */
  @property({ type: Boolean }) postponed = false;
  protected readonly observeLive = new Observe(this, () => this.live);
  protected readonly observeSession = new Observe(this, () => this.session);
  #ticking: ReturnType<typeof setInterval> | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#tick(false);
  }

  protected override updated(): void {
    this.#tick(this.live.connection.phase === "reconnecting");
  }

  protected override render(): unknown {
    const { connection, newVersion } = this.live;
    if (this.session.state === "ended")
      return this.#line("fault", localize("connection.ended"), "reload");
    if (newVersion) return this.#line("waiting", localize("connection.new_version"), "reload");
    switch (connection.phase) {
      case "live":
        return this.#line("ok", localize("connection.live"));
      case "loading":
        return this.#line("waiting", localize("connection.loading"));
      case "connecting":
        return this.#line("waiting", localize("connection.connecting"));
      case "stopped":
        return this.#line(
          "off",
          localize("connection.signed_out"),
          this.postponed ? "sign-in" : null,
        );
      case "offline": {
        const time = unitsOf(language()).time(connection.since);
        return this.#line("off", localize("connection.offline", { time }));
      }
      case "reconnecting": {
        const seconds = Math.max(0, Math.ceil((connection.retryAt - Date.now()) / 1000));
        return this.#line("waiting", localize("connection.reconnecting", { seconds }), "retry");
      }
    }
  }

  #line(tone: Tone, words: string, action: Action | null = null): unknown {
    const act = (): void => {
      if (action === "retry") this.live.retry();
      else emit(this, `oye-${action ?? ""}`);
    };
    return html`<oye-state tone=${tone}>${words}</oye-state> ${
        action === null
          ? ""
          : html`<button class="link" type="button" @click=${act}>
              ${localize(ACTIONS[action])}
            </button>`
      }
      ${this.#stamp()}`;
  }

  #stamp(): unknown {
    const { lostAt, connection } = this.live;
    if (lostAt === null || connection.phase === "offline") return "";
    const time = unitsOf(language()).time(lostAt);
    return html`<span class="stamp">${localize("connection.as_of", { time })}</span>`;
  }

  #tick(wanted: boolean): void {
    if (wanted === (this.#ticking !== null)) return;
    if (this.#ticking !== null) clearInterval(this.#ticking);
    this.#ticking = wanted
      ? setInterval(() => {
          this.requestUpdate();
        }, 1000)
      : null;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-connection": OyeConnection;
  }
}
