import { consume } from "@lit/context";
import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { preferencesContext } from "../state/contexts.ts";
import { Observe } from "../state/observe.ts";
import type { Preferences, Theme } from "../state/preferences.ts";
import { base } from "../styles/shared.ts";
import { LANGUAGES, localize, type TextKey } from "../texts/localize.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-dialog.ts";

const THEMES: readonly (readonly [Theme, TextKey])[] = [
  ["system", "shell.theme_system"],
  ["light", "shell.theme_light"],
  ["dark", "shell.theme_dark"],
];

/** The dialog for theme, language and keyboard shortcuts. */
@customElement("oye-preferences")
export class OyePreferences extends OyeElement {
  static override styles = [
    base,
    css`
      .rows {
        display: grid;
        gap: var(--oye-space-4);
      }
      fieldset {
        margin: 0;
        padding: 0;
        border: 0;
      }
      legend,
      .name {
        padding: 0;
        margin-block-end: var(--oye-space-1);
        font-weight: 500;
      }
      .choices {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--oye-space-4);
      }
      .choice {
        display: inline-flex;
        align-items: center;
        gap: var(--oye-space-2);
        min-block-size: var(--oye-target);
      }
      input {
        inline-size: 1.1rem;
        block-size: 1.1rem;
        accent-color: var(--oye-accent);
      }
      select {
        display: block;
        inline-size: 100%;
        min-block-size: var(--oye-target);
        font: inherit;
        color: inherit;
        background: var(--oye-surface);
        border: 1px solid var(--oye-border-strong);
        border-radius: var(--oye-radius);
        padding-inline: var(--oye-space-2);
      }
    `,
  ];

  @consume({ context: preferencesContext }) readonly preferences!: Preferences;
  @property({ type: Boolean, reflect: true }) open = false;
  protected readonly observePreferences = new Observe(this, () => this.preferences);

  protected override render(): unknown {
    const { theme, language, shortcuts } = this.preferences.values;
    return html`<oye-dialog .open=${this.open} heading=${localize("shell.preferences")}>
      <div class="rows">
        <fieldset>
          <legend>${localize("shell.theme")}</legend>
          <div class="choices">${THEMES.map(([value, key]) => this.#theme(value, key, theme))}</div>
        </fieldset>
        <label>
          <span class="name">${localize("shell.language")}</span>
          <select @change=${this.#setLanguage}>
            <option value="auto" ?selected=${language === "auto"}>
              ${localize("shell.language_auto")}
            </option>
            ${[...LANGUAGES].map(
              ([code, name]) =>
                html`<option value=${code} lang=${code} ?selected=${code === language}>
                  ${name}
                </option>`,
            )}
          </select>
        </label>
        <label class="choice">
          <input type="checkbox" .checked=${shortcuts} @change=${this.#setShortcuts} />
          ${localize("shell.shortcuts")}
        </label>
      </div>
    </oye-dialog>`;
  }

  #theme(value: Theme, key: TextKey, chosen: Theme): unknown {
    const choose = (): void => {
      this.preferences.set({ theme: value });
    };
    return html`<label class="choice">
      <input type="radio" name="theme" .checked=${value === chosen} @change=${choose} />
      ${localize(key)}
    </label>`;
  }

  #setLanguage = (event: Event): void => {
    this.preferences.set({ language: (event.target as HTMLSelectElement).value });
  };

  #setShortcuts = (event: Event): void => {
    this.preferences.set({ shortcuts: (event.target as HTMLInputElement).checked });
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-preferences": OyePreferences;
  }
}
