import { consume } from "@lit/context";
import { css, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { ApiClient } from "../api/client.ts";
import { clientContext, liveContext, sessionContext } from "../state/contexts.ts";
import type { LiveStore } from "../state/live-store.ts";
import type { Session } from "../state/session.ts";
import { base, panel } from "../styles/shared.ts";
import { errorText } from "../texts/errors.ts";
import { localize } from "../texts/localize.ts";
import "./oye-copy.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-icon.ts";
import { toast } from "./oye-toasts.ts";

/** How the first charger comes: the address to type into it, or a simulated one. */
@customElement("oye-first-charger")
export class OyeFirstCharger extends OyeElement {
  static override styles = [
    base,
    panel,
    css`
      :host {
        display: block;
        max-inline-size: 44rem;
      }
      .body {
        display: grid;
        gap: var(--oye-space-3);
        justify-items: start;
      }
      .address {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--oye-space-2);
        max-inline-size: 100%;
        padding-inline-start: var(--oye-space-3);
        border: 1px solid var(--oye-border-strong);
        border-radius: var(--oye-radius);
        background: var(--oye-sunken);
        overflow-wrap: anywhere;
      }
    `,
  ];

  @consume({ context: clientContext }) readonly client!: ApiClient;
  @consume({ context: liveContext }) readonly live!: LiveStore;
  @consume({ context: sessionContext }) readonly session!: Session;
  @state() private _addresses: readonly string[] = [];
  @state() private _starting = false;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#askForAddresses();
  }

  protected override render(): unknown {
    return html`<section class="panel" aria-labelledby="title">
      <header><h2 id="title">${localize("chargers.waiting_title")}</h2></header>
      <div class="body">
        <p>${localize("chargers.waiting_text")}</p>
        ${this._addresses.map(
          (address) =>
            html`<div class="address mono">
              <span>${address}</span><oye-copy .value=${address}></oye-copy>
            </div>`,
        )}
        ${this.session.can("admin") ? this.#simulator() : nothing}
      </div>
    </section>`;
  }

  #simulator(): unknown {
    return html`<p>${localize("chargers.simulator_text")}</p>
      <wa-button
        variant="brand"
        size="s"
        ?disabled=${this._starting || !this.live.live}
        @click=${this.#start}
        ><oye-icon slot="start" name="play"></oye-icon>${localize("chargers.simulator")}</wa-button
      >`;
  }

  // Through Home Assistant only the server knows where chargers reach it.
  async #askForAddresses(): Promise<void> {
    try {
      const { chargerUrls } = await this.client.call("GET /api/health", {});
      this._addresses = chargerUrls.length > 0 ? chargerUrls : this.#ownAddress();
    } catch {
      this._addresses = this.#ownAddress();
    }
  }

  #ownAddress(): readonly string[] {
    if (this.session.info?.via === "ingress") return [];
    const address = new URL("ocpp/", document.baseURI);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    return [address.href];
  }

  #start = (): void => {
    void this.#startSimulator();
  };

  async #startSimulator(): Promise<void> {
    this._starting = true;
    try {
      await this.client.call("POST /api/simulator", { body: { plugIn: true } });
      toast(this, localize("chargers.simulator_started"));
    } catch (error) {
      toast(this, errorText(error), "fault");
    } finally {
      this._starting = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-first-charger": OyeFirstCharger;
  }
}
