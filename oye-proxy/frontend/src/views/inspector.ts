import { consume } from "@lit/context";
import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { ApiClient } from "../api/client.ts";
import type { ExchangeDetail } from "../api/types.gen.ts";
import { fileName } from "../domain/csv.ts";
import { withTags } from "../domain/frame-text.ts";
import { recordingOf } from "../domain/recording.ts";
import { maskedTag } from "../domain/text.ts";
import { closeButton } from "../elements/close-button.ts";
import { copyText } from "../elements/copy.ts";
import { download } from "../elements/download.ts";
import { emit, OyeElement } from "../elements/oye-element.ts";
import "../elements/oye-exchange-diff.ts";
import "../elements/oye-exchange-frames.ts";
import "../elements/oye-exchange-head.ts";
import "../elements/oye-exchange-related.ts";
import "../elements/oye-exchange-timing.ts";
import "../elements/oye-id.ts";
import "../elements/oye-notice.ts";
import "../elements/oye-skeleton.ts";
import { toast } from "../elements/oye-toasts.ts";
import { hashOf } from "../router.ts";
import { clientContext, sessionContext } from "../state/contexts.ts";
import { ExchangeReader } from "../state/exchange-reader.ts";
import { OnReturn } from "../state/on-return.ts";
import type { Session } from "../state/session.ts";
import { inspectorStyles } from "../styles/inspector.ts";
import { base, plainButton } from "../styles/shared.ts";
import { errorText } from "../texts/errors.ts";
import { localize, plural } from "../texts/localize.ts";

const TABS = ["tree", "raw", "timing", "related", "diff"] as const;
type Tab = (typeof TABS)[number];

/**
 * One exchange taken apart: `at` is its key, or the row of one of its frames.
 *
 * Emits `oye-inspect` (another key), `oye-named` (the action that is shown) and `oye-inspector-close`.
 */
@customElement("oye-inspector")
export class OyeInspector extends OyeElement {
  static override styles = [base, plainButton, inspectorStyles];

  @consume({ context: clientContext }) readonly client!: ApiClient;
  @consume({ context: sessionContext }) readonly session!: Session;
  @property() at = "";
  /** How far the exchange is, as the stream tells; it is read again when that changes. */
  @property() state = "";
  @property({ type: Boolean }) closable = false;
  @state() private _tab: Tab = "tree";
  @state() private _showsTags = false;
  #told = "";
  readonly #reader = new ExchangeReader(this, () => this.client);
  protected readonly onReturn = new OnReturn(this, () => {
    if (this.session.can("control") && this.#reader.reading !== "read") this.#retry();
  });

  /** Copy the text of the request. */
  async copy(): Promise<void> {
    const text = this.#reader.detail?.request.text;
    if (text === undefined) return;
    const copied = await copyText(this.#shown(text));
    toast(this, localize(copied ? "copy.copied" : "inspector.copy_by_button"));
  }

  /** Where its CALL can be composed anew; null when it is none to a charger. */
  get composeHash(): string | null {
    const { detail } = this.#reader;
    if (detail === null || !this.session.can("control")) return null;
    const { action, receiver, chargePointId } = detail.exchange;
    if (action === null || receiver !== "charger") return null;
    return hashOf(["compose", chargePointId, action], { from: String(detail.request.id) });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("at")) {
      this.#reader.forget();
      this._showsTags = false;
    }
    if (!this.session.can("control")) return;
    const isKnown = this.#reader.detail !== null;
    if (changed.has("at") || (changed.has("state") && isKnown)) void this.#reader.read(this.at);
  }

  protected override updated(): void {
    const action = this.#reader.detail?.exchange.action ?? "";
    if (action === this.#told) return;
    this.#told = action;
    emit(this, "oye-named", action);
  }

  protected override render(): unknown {
    const { reading, detail, failure } = this.#reader;
    if (!this.session.can("control")) {
      return html`${this.#closeRow()}<oye-notice
          >${localize("inspector.not_permitted")}</oye-notice
        >`;
    }
    if (reading === "failed") return this.#failure(errorText(failure));
    if (reading === "not_stored") return this.#failure(localize("inspector.not_stored"));
    if (detail !== null) return this.#whole(detail);
    return html`${this.#closeRow()}<oye-skeleton shape="rows" count="8"></oye-skeleton>`;
  }

  #failure(text: string): unknown {
    return html`${this.#closeRow()}<oye-notice kind="error" retry @oye-retry=${this.#retry}
        >${text}</oye-notice
      >`;
  }

  #closeRow(): unknown {
    if (!this.closable) return nothing;
    return html`<div class="close">${closeButton(this.#close)}</div>`;
  }

  #whole(detail: ExchangeDetail): unknown {
    return html`<oye-exchange-head
        .detail=${detail}
        .shown=${this.#shown}
        .composeHash=${this.composeHash}
        ?closable=${this.closable}
        ?tags=${this._showsTags}
        @oye-tags=${this.#showTags}
        @oye-save=${this.#save}
      ></oye-exchange-head>
      ${detail.findings.length === 0 ? nothing : this.#findings(detail.findings)}
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

  #findings(findings: readonly string[]): unknown {
    return html`<section class="findings">
      <h3>${plural("inspector.findings", findings.length)}</h3>
      <ul>
        ${findings.map((finding) => html`<li><oye-id room="300" .value=${finding}></oye-id></li>`)}
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
    const shown = this._showsTags ? whole : masked;
    switch (this._tab) {
      case "tree":
      case "raw":
        return html`<oye-exchange-frames
          .detail=${detail}
          .forms=${this.#reader.forms}
          .shown=${shown}
          ?raw=${this._tab === "raw"}
        ></oye-exchange-frames>`;
      case "timing":
        return html`<oye-exchange-timing .detail=${detail}></oye-exchange-timing>`;
      case "related":
        return html`<oye-exchange-related .detail=${detail}></oye-exchange-related>`;
      case "diff":
        return html`<oye-exchange-diff .detail=${detail} .shown=${shown}></oye-exchange-diff>`;
    }
  }

  #shown = (text: string): string => (this._showsTags ? whole(text) : masked(text));

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

  #showTags = (event: CustomEvent<boolean>): void => {
    this._showsTags = event.detail;
  };

  #save = (event: CustomEvent<"exchange" | "recording">): void => {
    const { detail } = this.#reader;
    if (detail === null) return;
    const kind = event.detail;
    const name = `oye-${kind}-${detail.exchange.action ?? "frame"}-${detail.request.id}`;
    const text =
      kind === "recording" ? recordingOf(detail) : this.#shown(JSON.stringify(detail, null, 2));
    download(fileName(name, "json"), "application/json", text);
  };

  #retry = (): void => {
    this.#reader.forget();
    void this.#reader.read(this.at);
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

declare global {
  interface HTMLElementTagNameMap {
    "oye-inspector": OyeInspector;
  }
}
