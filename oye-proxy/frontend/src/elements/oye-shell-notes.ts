import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { SessionInfo } from "../api/types.gen.ts";
import type { SessionState } from "../state/session.ts";
import { base, plainButton } from "../styles/shared.ts";
import { localize, type TextKey } from "../texts/localize.ts";
import { emit, OyeElement } from "./oye-element.ts";
import "./oye-notice.ts";

/** What must be done before all else, above whichever view; emits `oye-reload` and `oye-change-password`. */
@customElement("oye-shell-notes")
export class OyeShellNotes extends OyeElement {
  static override styles = [
    base,
    plainButton,
    css`
      oye-notice {
        padding-block: var(--oye-space-1);
        border-width: 0 0 1px;
        border-radius: 0;
      }
    `,
  ];

  @property() session: SessionState = "unknown";
  @property({ attribute: false }) info: SessionInfo | null = null;

  protected override render(): unknown {
    if (this.session === "ended") {
      return this.#note("connection.ended", "connection.reload", "oye-reload");
    }
    if (this.session !== "signed-in" || this.info?.generatedPassword !== true) return nothing;
    return this.#note("password.urge", "password.choose", "oye-change-password");
  }

  #note(text: TextKey, label: TextKey, name: string): unknown {
    const act = (): void => {
      emit(this, name);
    };
    return html`<section aria-label=${localize("shell.note")}>
      <oye-notice
        >${localize(text)}
        <button slot="action" class="link" type="button" @click=${act}>
          ${localize(label)}
        </button></oye-notice
      >
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-shell-notes": OyeShellNotes;
  }
}
