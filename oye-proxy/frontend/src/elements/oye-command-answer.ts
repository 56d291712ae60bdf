import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ApiError } from "../api/client.ts";
import type { Sent } from "../api/types.gen.ts";
import { hashOf } from "../router.ts";
import type { Wanted } from "../state/injector.ts";
import { composerStyles } from "../styles/composer.ts";
import { base, panel } from "../styles/shared.ts";
import { localize } from "../texts/localize.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-icon.ts";
import "./oye-id.ts";
import "./oye-json-tree.ts";

/** What a charger answered to a command, with the way to its exchange. */
@customElement("oye-command-answer")
export class OyeCommandAnswer extends OyeElement {
  static override styles = [base, panel, composerStyles];

  @property({ attribute: false }) wanted: Wanted | null = null;
  @property({ attribute: false }) sent: Sent | null = null;
  @property({ attribute: false }) failure: ApiError | null = null;

  protected override render(): unknown {
    const { sent, failure, wanted } = this;
    if (wanted === null) return nothing;
    const answer = sent?.response ?? failure?.problem.details;
    const warnings = sent?.warnings ?? [];
    const messageId = sent?.messageId ?? failure?.problem.messageId;
    if (answer === undefined && warnings.length === 0 && messageId === undefined) return nothing;
    const filter = `charger:${quoted(wanted.chargePointId)} ${quoted(messageId ?? "")}`;
    return html`<section class="panel">
      <header>
        <h2>${localize("composer.answer")}</h2>
        ${
          messageId === undefined
            ? nothing
            : html`<a href=${hashOf(["live"], { q: filter })}
                >${localize("composer.show_in_live")}</a
              >`
        }
      </header>
      <div class="body">
        ${failure?.problem.description === undefined ? nothing : html`<p><oye-id room="300" .value=${failure.problem.description}></oye-id></p>`}
        ${warnings.map(
          (warning) =>
            html`<div class="note">
              <oye-icon name="info"></oye-icon>
              <div>${warning}</div>
            </div>`,
        )}
        ${answer === undefined ? nothing : html`<oye-json-tree depth="6" .text=${JSON.stringify(answer)}></oye-json-tree>`}
      </div>
    </section>`;
  }
}

function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-command-answer": OyeCommandAnswer;
  }
}
