import { consume } from "@lit/context";
import { css, html, nothing } from "lit";
import { property, state } from "lit/decorators.js";
import { ApiError, type ApiClient } from "../api/client.ts";
import { clientContext } from "../state/contexts.ts";
import { OnReturn } from "../state/on-return.ts";
import { form } from "../styles/form.ts";
import { base, facts, panel, plainButton, table } from "../styles/shared.ts";
import { cards } from "../styles/table-cards.ts";
import { errorText } from "../texts/errors.ts";
import { localize, type TextKey } from "../texts/localize.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-notice.ts";
import "./oye-skeleton.ts";
import { toast } from "./oye-toasts.ts";

// Of these the server's own sentence says more than a translation of the code.
const SPECIFIC: readonly string[] = ["conflict", "invalid_request"];

/** A panel about something of the server's: read when it appears, and again after each change. */
export abstract class PanelElement<Data> extends OyeElement {
  static override styles = [
    base,
    panel,
    form,
    facts,
    table,
    cards,
    plainButton,
    css`
      :host {
        display: block;
        min-inline-size: 0;
      }
      .panel > header h2 {
        margin-inline-end: auto;
      }
      .body,
      .stack {
        display: grid;
        gap: var(--oye-space-3);
        grid-template-columns: minmax(0, 1fr);
        justify-items: start;
      }
      .body > *,
      .stack > * {
        max-inline-size: 100%;
      }
      .body > form,
      .body > dl,
      .body > table,
      .body > oye-notice,
      .stack > form,
      .stack > oye-notice {
        inline-size: 100%;
      }
      oye-dialog,
      oye-confirm {
        position: absolute;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--oye-space-2) var(--oye-space-3);
      }
      .actions .link {
        margin-inline-start: var(--oye-space-3);
        min-block-size: var(--oye-target);
      }
      .result {
        overflow-wrap: anywhere;
      }
      .result.fault {
        color: var(--oye-fault);
      }
      @media (max-width: 899px) {
        .actions {
          flex: 1 1 100%;
          display: flex !important;
          flex-wrap: wrap;
          gap: 0 var(--oye-space-4);
        }
        .actions .link {
          margin: 0;
        }
      }
    `,
  ];

  @consume({ context: clientContext }) readonly client!: ApiClient;
  /** The connection is there: what was confirmed can be changed. */
  @property({ type: Boolean }) live = true;
  @state() protected data: Data | null = null;
  @state() protected failed: string | null = null;
  /** What is being done; null when nothing is. */
  @state() protected busy: string | null = null;

  protected readonly onReturn = new OnReturn(this, () => void this.reload());

  protected abstract readonly heading: TextKey;

  /** Ask the server. */
  protected abstract read(): Promise<Data>;

  /** Draw what it answered. */
  protected abstract content(data: Data): unknown;

  /** Draw what stands beside the heading. */
  protected tools(): unknown {
    return nothing;
  }

  protected override firstUpdated(): void {
    void this.reload();
  }

  protected override render(): unknown {
    return html`<section class="panel" aria-labelledby="heading">
      <header>
        <h2 id="heading">${localize(this.heading)}</h2>
        ${this.tools()}
      </header>
      <div class="body">
        ${
          this.failed === null
            ? nothing
            : html`<oye-notice kind="error" retry @oye-retry=${this.reload}
                >${this.failed}</oye-notice
              >`
        }
        ${this.data === null ? this.#waiting() : this.content(this.data)}
      </div>
    </section>`;
  }

  /** Read anew; what was read before stays when that fails. */
  protected reload = async (): Promise<void> => {
    try {
      this.data = await this.read();
      this.failed = null;
    } catch (error) {
      this.failed = reasonOf(error);
    }
  };

  /** Do something, say what became of it, and read anew; `what` is its name while it lasts. */
  protected async act(
    what: string,
    does: () => Promise<unknown>,
    said: string | null,
  ): Promise<boolean> {
    if (this.busy !== null) return false;
    this.busy = what;
    try {
      await does();
      if (said !== null) toast(this, said);
      return true;
    } catch (error) {
      toast(this, reasonOf(error), "fault");
      return false;
    } finally {
      this.busy = null;
      await this.reload();
    }
  }

  #waiting(): unknown {
    return this.failed === null
      ? html`<oye-skeleton shape="rows" count="2"></oye-skeleton>`
      : nothing;
  }
}

/** Return why a call failed: the server's sentence where it knows more than the code says. */
export function reasonOf(error: unknown): string {
  const knowsMore = error instanceof ApiError && SPECIFIC.includes(error.code);
  return knowsMore ? error.message : errorText(error);
}
