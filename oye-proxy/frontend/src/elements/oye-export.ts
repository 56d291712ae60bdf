import { consume } from "@lit/context";
import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { ApiClient } from "../api/client.ts";
import { fileName } from "../domain/csv.ts";
import { exchangesAsCsv, exchangesAsJson } from "../domain/exchange-export.ts";
import type { Row } from "../domain/exchanges.ts";
import { clientContext } from "../state/contexts.ts";
import { readMatching } from "../state/exchange-search.ts";
import { form } from "../styles/form.ts";
import { base, plainButton } from "../styles/shared.ts";
import { errorText } from "../texts/errors.ts";
import { localize, plural } from "../texts/localize.ts";
import { download } from "./download.ts";
import "./oye-dialog.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-icon.ts";
import { toast } from "./oye-toasts.ts";

/** How many stored exchanges one file holds at the most. */
const MOST = 20_000;
type Format = "csv" | "json";

/** Saves the rows that are shown, or all stored ones that match, as a file. */
@customElement("oye-export")
export class OyeExport extends OyeElement {
  static override styles = [
    base,
    plainButton,
    form,
    css`
      fieldset {
        display: grid;
        gap: var(--oye-space-2);
        margin: 0 0 var(--oye-space-4);
        padding: 0;
        border: 0;
      }
      legend {
        padding: 0;
        margin-block-end: var(--oye-space-1);
        font-weight: 600;
      }
      .choice {
        display: flex;
        align-items: center;
        gap: var(--oye-space-2);
        min-block-size: var(--oye-target);
      }
      .choice input {
        flex: none;
        inline-size: auto;
        min-block-size: 0;
        accent-color: var(--oye-accent);
      }
    `,
  ];

  @consume({ context: clientContext }) readonly client!: ApiClient;
  /** The rows that are shown. */
  @property({ attribute: false }) rows: readonly Row[] = [];
  /** What all that match must match. */
  @property() filter = "";
  @state() private _open = false;
  @state() private _all = false;
  @state() private _format: Format = "csv";
  @state() private _count: number | null = null;
  #abort: AbortController | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#abort?.abort();
  }

  protected override render(): unknown {
    return html`<button
        class="plain"
        type="button"
        ?disabled=${this.rows.length === 0}
        @click=${this.#show}
      >
        <oye-icon name="download"></oye-icon><span>${localize("export.title")}</span>
      </button>
      <oye-dialog
        heading=${localize("export.heading")}
        .open=${this._open}
        @oye-close=${this.#close}
        >${this._open ? this.#choices() : nothing}
        <wa-button slot="actions" appearance="outlined" @click=${this.#close}
          >${localize("dialog.cancel")}</wa-button
        >
        <wa-button
          slot="actions"
          variant="brand"
          ?disabled=${this._count !== null}
          @click=${this.#save}
          >${localize("export.save")}</wa-button
        >
      </oye-dialog>`;
  }

  #choices(): unknown {
    const shown = this.rows.filter(({ kind }) => kind === "exchange").length;
    return html`<fieldset ?disabled=${this._count !== null}>
        <legend>${localize("export.what")}</legend>
        ${this.#choice("what", plural("export.shown", shown), !this._all, () => (this._all = false))}
        ${this.#choice("what", plural("export.all", MOST), this._all, () => (this._all = true))}
      </fieldset>
      <fieldset ?disabled=${this._count !== null}>
        <legend>${localize("export.format")}</legend>
        ${(["csv", "json"] as const).map((format) =>
          this.#choice(
            "format",
            format.toUpperCase(),
            this._format === format,
            () => (this._format = format),
          ),
        )}
      </fieldset>
      <p role="status">${this._count === null ? nothing : plural("export.read", this._count)}</p>`;
  }

  #choice(name: string, label: string, checked: boolean, choose: () => void): unknown {
    return html`<label class="choice"
      ><input type="radio" name=${name} .checked=${checked} @change=${choose} />${label}</label
    >`;
  }

  async #saveAll(): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    this._count = 0;
    try {
      const { exchanges, isAll } = await readMatching(this.client, {
        filter: this.filter,
        most: MOST,
        signal: abort.signal,
        onProgress: (count) => (this._count = count),
      });
      this.#keep(exchanges);
      if (!isAll) toast(this, plural("export.more", exchanges.length));
    } catch (error) {
      if (!abort.signal.aborted) toast(this, errorText(error), "fault");
    } finally {
      if (this.#abort === abort) this.#end();
    }
  }

  #keep(rows: readonly Row[]): void {
    const name = fileName(`oye-live-${new Date().toISOString().slice(0, 19)}`, this._format);
    if (this._format === "csv") download(name, "text/csv", exchangesAsCsv(rows));
    else download(name, "application/json", exchangesAsJson(rows));
    this._open = false;
  }

  #end(): void {
    this.#abort = null;
    this._count = null;
  }

  #show = (): void => {
    this._open = true;
  };

  #close = (): void => {
    this.#abort?.abort();
    this.#end();
    this._open = false;
  };

  #save = (): void => {
    if (this._all) void this.#saveAll();
    else this.#keep(this.rows);
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-export": OyeExport;
  }
}
