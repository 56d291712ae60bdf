import { css, html, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { base } from "../styles/shared.ts";
import type { Editor } from "./code-mirror.ts";
import { emit, OyeElement } from "./oye-element.ts";

/** A JSON text to edit; a plain field until the editor is loaded. Emits `oye-change` with the text. */
@customElement("oye-json-editor")
export class OyeJsonEditor extends OyeElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        min-inline-size: 0;
      }
      .editor {
        border: 1px solid var(--oye-border-strong);
        border-radius: var(--oye-radius);
        overflow: hidden;
      }
      .editor:empty {
        display: none;
      }
      textarea {
        inline-size: 100%;
        min-block-size: 12rem;
        padding: var(--oye-space-2);
        border: 1px solid var(--oye-border-strong);
        border-radius: var(--oye-radius);
        background: var(--oye-surface);
        color: var(--oye-text);
        font-family: var(--oye-font-mono);
        font-size: var(--oye-size-2);
      }
    `,
  ];

  @property() value = "";
  @property() label = "";
  @state() private _loaded = false;
  @query(".editor") private readonly _place!: HTMLElement;
  #editor: Editor | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#editor?.destroy();
    this.#editor = null;
    this._loaded = false;
  }

  protected override firstUpdated(): void {
    void this.#load();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("value")) this.#editor?.setText(this.value);
  }

  protected override render(): unknown {
    return html`<div class="editor"></div>
      ${
        this._loaded
          ? ""
          : html`<textarea
              aria-label=${this.label}
              spellcheck="false"
              .value=${this.value}
              @input=${this.#type}
            ></textarea>`
      }`;
  }

  async #load(): Promise<void> {
    try {
      const { createEditor } = await import("./code-mirror.ts");
      if (!this.isConnected || this.#editor !== null || this.shadowRoot === null) return;
      this.#editor = createEditor({
        parent: this._place,
        root: this.shadowRoot,
        text: this.value,
        label: this.label,
        onChange: (text) => {
          this.value = text;
          emit(this, "oye-change", text);
        },
      });
      this._loaded = true;
    } catch {
      // The plain field stays.
      return;
    }
  }

  #type = (event: Event): void => {
    this.value = (event.target as HTMLTextAreaElement).value;
    emit(this, "oye-change", this.value);
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-json-editor": OyeJsonEditor;
  }
}
