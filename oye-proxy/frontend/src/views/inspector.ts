import { consume } from "@lit/context";
import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { ApiClient } from "../api/client.ts";
import { serverUrl, pathId } from "../api/paths.ts";
import type { ExchangeDetail } from "../api/types.gen.ts";
import { fileName } from "../domain/csv.ts";
import { framesOf, schemaOf } from "../domain/exchange-frames.ts";
import { isFault } from "../domain/exchanges.ts";
import { curlGet, curlInject } from "../domain/curl.ts";
import { hasTags, partsOf, withTags } from "../domain/frame-text.ts";
import { recordingOf } from "../domain/recording.ts";
import type { Field } from "../domain/schema-form.ts";
import { maskedTag } from "../domain/text.ts";
import { unitsOf } from "../domain/units.ts";
import { download } from "../elements/download.ts";
import { copyText } from "../elements/copy.ts";
import { emit, OyeElement } from "../elements/oye-element.ts";
import "../elements/oye-copy.ts";
import "../elements/oye-exchange-diff.ts";
import "../elements/oye-exchange-frames.ts";
import "../elements/oye-exchange-related.ts";
import "../elements/oye-exchange-timing.ts";
import "../elements/oye-icon.ts";
import "../elements/oye-id.ts";
import "../elements/oye-notice.ts";
import "../elements/oye-skeleton.ts";
import { toast } from "../elements/oye-toasts.ts";
import { hashOf } from "../router.ts";
import { clientContext, sessionContext } from "../state/contexts.ts";
import { rowOf } from "../state/exchange-search.ts";
import { Schemas } from "../state/schemas.ts";
import type { Session } from "../state/session.ts";
import { base, facts, plainButton, table } from "../styles/shared.ts";
import { inspectorStyles } from "../styles/inspector.ts";
import { errorText } from "../texts/errors.ts";
import { language, localize, plural } from "../texts/localize.ts";

const TABS = ["tree", "raw", "timing", "related", "diff"] as const;
type Tab = (typeof TABS)[number];

// A frame that just passed may not be stored yet.
const ATTEMPTS = 8;
const PAUSE = 400;

/**
 * One exchange taken apart: `at` is its key, or the row of one of its frames.
 *
 * Emits `oye-inspect` (another key) and `oye-inspector-close`.
 */
@customElement("oye-inspector")
export class OyeInspector extends OyeElement {
  static override styles = [base, plainButton, facts, table, inspectorStyles];

  @consume({ context: clientContext }) readonly client!: ApiClient;
  @consume({ context: sessionContext }) readonly session!: Session;
  @property() at = "";
  /** How far the exchange is, as the stream tells; it is read again when that changes. */
  @property() state = "";
  @property({ type: Boolean }) closable = false;
  @state() private _detail: ExchangeDetail | null = null;
  @state() private _failure: string | null = null;
  @state() private _tab: Tab = "tree";
  @state() private _showsTags = false;
  @state() private _forms: ReadonlyMap<string, Field | null> = new Map();
  #schemas: Schemas | null = null;
  #load = 0;

  /** Copy the text of the request. */
  async copy(): Promise<void> {
    const text = this._detail?.request.text;
    if (text === undefined) return;
    const copied = await copyText(this.#shown(text));
    toast(this, localize(copied ? "copy.copied" : "inspector.copy_by_button"));
  }

  /** Where its CALL can be composed anew; null when it is none to a charger. */
  get composeHash(): string | null {
    if (this._detail === null || !this.session.can("control")) return null;
    const { exchange } = this._detail;
    if (exchange.action === null || exchange.receiver !== "charger") return null;
    const from = String(this._detail.request.id);
    return hashOf(["compose", exchange.chargePointId, exchange.action], { from });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("at")) {
      this._detail = null;
      this._showsTags = false;
    }
    if (changed.has("at") || (changed.has("state") && this._detail !== null)) void this.#read();
  }

  protected override render(): unknown {
    if (this._failure !== null) {
      return html`${this.#closeRow()}<oye-notice kind="error" retry @oye-retry=${this.#retry}
          >${this._failure}</oye-notice
        >`;
    }
    if (this._detail === null)
      return html`${this.#closeRow()}<oye-skeleton shape="rows" count="8"></oye-skeleton>`;
    return this.#render(this._detail);
  }

  #render(detail: ExchangeDetail): unknown {
    return html`${this.#head(detail)} ${this.#findings(detail)}
      <div
        class="tabs"
        role="tablist"
        aria-label=${localize("inspector.parts")}
        @keydown=${this.#tabKey}
      >
        ${TABS.map((tab) => this.#tab(tab, detail))}
      </div>
      <div class="part" role="tabpanel" id="part" aria-labelledby="tab-${this._tab}" tabindex="0">
        ${this.#part(detail)}
      </div>`;
  }

  #closeRow(): unknown {
    if (!this.closable) return nothing;
    return html`<div class="close">${this.#closeButton()}</div>`;
  }

  #closeButton(): unknown {
    return html`<button
      class="plain"
      type="button"
      aria-label=${localize("shell.close")}
      @click=${this.#close}
    >
      <oye-icon name="close"></oye-icon>
    </button>`;
  }

  #head(detail: ExchangeDetail): unknown {
    const { exchange } = detail;
    const units = unitsOf(language());
    return html`<header>
      <div class="title">
        <h2>
          <oye-id room="60" .value=${exchange.action ?? localize("inspector.no_action")}></oye-id>
        </h2>
        ${this.closable ? this.#closeButton() : nothing}
      </div>
      <p class="summary">
        <a href=${hashOf(["chargers", exchange.chargePointId])}
          ><oye-id still room="40" .value=${exchange.chargePointId}></oye-id
        ></a>
        <span
          >${localize(`peer.${exchange.sender}`)} → ${localize(`peer.${exchange.receiver}`)}</span
        >
        <span title=${units.utc(exchange.time)}>${units.dateTime(exchange.time)}</span>
        <span class=${isFault(exchange) ? "fault" : "quiet"}
          >${localize(`inspector.state.${exchange.state}`)}</span
        >
        ${exchange.injection === null ? nothing : html`<span class="mark">${localize("frames.injected")}</span>`}
        ${exchange.late ? html`<span class="mark">${localize("frames.late")}</span>` : nothing}
      </p>
      <div class="actions">${this.#actions(detail)}</div>
    </header>`;
  }

  #actions(detail: ExchangeDetail): unknown {
    const { composeHash } = this;
    const holdsTags = texts(detail).some(hasTags);
    return html`${
        composeHash === null
          ? nothing
          : html`<a class="button" href=${composeHash}
              ><oye-icon name="compose"></oye-icon>${localize("inspector.compose")}</a
            >`
      }
      ${this.#action("download", localize("inspector.export"), this.#export)}
      ${this.#action("download", localize("inspector.recording"), this.#record)}
      <span class="copy"
        >curl
        <oye-copy label=${localize("inspector.copy_curl")} .value=${this.#curl(detail)}></oye-copy
      ></span>
      ${
        holdsTags
          ? this.#action(
              this._showsTags ? "eye-off" : "eye",
              localize(this._showsTags ? "inspector.hide_tags" : "inspector.show_tags"),
              this.#toggleTags,
            )
          : nothing
      }`;
  }

  #action(icon: "download" | "eye" | "eye-off", text: string, act: () => void): unknown {
    return html`<button class="button" type="button" @click=${act}>
      <oye-icon name=${icon}></oye-icon>${text}
    </button>`;
  }

  #findings(detail: ExchangeDetail): unknown {
    if (detail.findings.length === 0) return nothing;
    return html`<section class="findings">
      <h3>${plural("inspector.findings", detail.findings.length)}</h3>
      <ul>
        ${detail.findings.map((finding) => html`<li><oye-id room="300" .value=${finding}></oye-id></li>`)}
      </ul>
    </section>`;
  }

  #tab(tab: Tab, detail: ExchangeDetail): unknown {
    const select = (): void => {
      this._tab = tab;
    };
    const isHere = tab === this._tab;
    const count = tab === "related" ? ` ${detail.related.length}` : "";
    return html`<button
      role="tab"
      type="button"
      id="tab-${tab}"
      aria-controls="part"
      aria-selected=${isHere ? "true" : "false"}
      tabindex=${isHere ? 0 : -1}
      @click=${select}
    >
      ${localize(`inspector.tab.${tab}`)}<span class="quiet">${count}</span>
    </button>`;
  }

  #part(detail: ExchangeDetail): unknown {
    switch (this._tab) {
      case "tree":
      case "raw":
        return html`<oye-exchange-frames
          .detail=${detail}
          .forms=${this._forms}
          .shown=${this._showsTags ? whole : masked}
          ?raw=${this._tab === "raw"}
        ></oye-exchange-frames>`;
      case "timing":
        return html`<oye-exchange-timing .detail=${detail}></oye-exchange-timing>`;
      case "related":
        return html`<oye-exchange-related .detail=${detail}></oye-exchange-related>`;
      case "diff":
        return html`<oye-exchange-diff
          .detail=${detail}
          .shown=${this._showsTags ? whole : masked}
        ></oye-exchange-diff>`;
    }
  }

  #shown(text: string): string {
    return this._showsTags ? whole(text) : masked(text);
  }

  #curl(detail: ExchangeDetail): string {
    const { exchange, request } = detail;
    const parts = partsOf(request.text);
    const action = parts?.word ?? null;
    if (exchange.receiver !== "charger" || parts === null || action === null) {
      return curlGet(serverUrl(`api/exchanges/${request.id}`).href);
    }
    const url = serverUrl(`api/inject/${pathId(exchange.chargePointId)}`).href;
    return curlInject(url, action, this.#shown(parts.payload));
  }

  async #read(): Promise<void> {
    const load = (this.#load += 1);
    this._failure = null;
    try {
      const detail = await this.#find(() => load === this.#load);
      if (load !== this.#load) return;
      this._detail = detail;
      if (detail === null) this._failure = localize("inspector.not_stored");
      else await this.#readForms(detail);
    } catch (error) {
      if (load === this.#load) this._failure = errorText(error);
    }
  }

  async #find(isWanted: () => boolean): Promise<ExchangeDetail | null> {
    for (let attempt = 0; attempt < ATTEMPTS && isWanted(); attempt += 1) {
      if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, PAUSE));
      const row = await rowOf(this.client, this.at);
      if (row === null) continue;
      return this.client.call("GET /api/exchanges/{frame_row}", { path: { frame_row: row } });
    }
    return null;
  }

  async #readForms(detail: ExchangeDetail): Promise<void> {
    this.#schemas ??= new Schemas(this.client);
    if (detail.ocppVersion === null) return;
    const names = [...new Set(framesOf(detail).map((frame) => schemaOf(frame, detail)))];
    const forms = new Map<string, Field | null>();
    for (const name of names.filter((one) => one !== "")) {
      forms.set(name, await this.#schemas.form(detail.ocppVersion, name));
    }
    this._forms = forms;
  }

  #tabKey = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const index = (TABS.indexOf(this._tab) + step + TABS.length) % TABS.length;
    this._tab = TABS[index] ?? "tree";
    void this.updateComplete.then(() => {
      this.renderRoot.querySelector<HTMLElement>(`#tab-${this._tab}`)?.focus();
    });
  };

  #toggleTags = (): void => {
    this._showsTags = !this._showsTags;
  };

  #export = (): void => {
    const detail = this._detail;
    if (detail === null) return;
    const text = this.#shown(JSON.stringify(detail, null, 2));
    download(this.#fileName("exchange"), "application/json", text);
  };

  #record = (): void => {
    if (this._detail === null) return;
    download(this.#fileName("recording"), "application/json", recordingOf(this._detail));
  };

  #fileName(kind: string): string {
    return fileName(
      `oye-${kind}-${this._detail?.exchange.action ?? "frame"}-${this._detail?.request.id ?? ""}`,
      "json",
    );
  }

  #retry = (): void => {
    void this.#read();
  };

  #close = (): void => {
    emit(this, "oye-inspector-close");
  };
}

function whole(text: string): string {
  return text;
}

function masked(text: string): string {
  return withTags(text, maskedTag);
}

function texts(detail: ExchangeDetail): readonly string[] {
  return framesOf(detail).map(({ text }) => text);
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-inspector": OyeInspector;
  }
}
