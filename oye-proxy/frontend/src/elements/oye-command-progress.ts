import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ApiError } from "../api/client.ts";
import type { Sent } from "../api/types.gen.ts";
import { hasWaited, latencyOf, type Progress } from "../domain/command-progress.ts";
import { outcomeOf } from "../domain/outcomes.ts";
import { plainText, shortened } from "../domain/text.ts";
import { unitsOf } from "../domain/units.ts";
import { base } from "../styles/shared.ts";
import { errorText } from "../texts/errors.ts";
import { language, localize } from "../texts/localize.ts";
import { OyeElement } from "./oye-element.ts";

/** The way of a command in one line, from the queue to the charger's answer. */
@customElement("oye-command-progress")
export class OyeCommandProgress extends OyeElement {
  static override styles = [
    base,
    css`
      .good {
        color: var(--oye-ok);
        font-weight: 600;
      }
      .fault {
        color: var(--oye-fault);
        font-weight: 600;
      }
      .arrow {
        color: var(--oye-text-quiet);
      }
    `,
  ];

  @property({ attribute: false }) progress: Progress | null = null;
  @property({ attribute: false }) failure: ApiError | null = null;
  @property({ attribute: false }) sent: Sent | null = null;
  @property({ type: Boolean }) busy = false;

  protected override render(): unknown {
    const { progress, failure, sent, busy } = this;
    const words: unknown[] = [];
    if (progress !== null && hasWaited(progress)) words.push(localize("composer.step.queued"));
    if (progress?.steps.includes("sent") === true) words.push(localize("composer.step.sent"));
    if (busy && progress === null) words.push(localize("composer.step.asked"));
    if (failure !== null) words.push(html`<span class="fault">${errorText(failure)}</span>`);
    if (sent !== null) words.push(this.#outcome());
    return words.map(
      (word, index) =>
        html`${index === 0 ? nothing : html`<span class="arrow" aria-hidden="true"> → </span>`}<span
            >${word}</span
          >`,
    );
  }

  #outcome(): unknown {
    const { sent, progress } = this;
    if (sent === null) return nothing;
    const outcome = outcomeOf(sent);
    const status =
      outcome.status ??
      localize(`composer.step.${outcome.kind === "refused" ? "refused" : "answered"}`);
    const latency = progress === null ? null : latencyOf(progress);
    const text =
      latency === null
        ? plainText(shortened(status, 80))
        : localize("composer.in_time", {
            status: plainText(shortened(status, 80)),
            time: unitsOf(language()).latency(latency),
          });
    return html`<span class=${outcome.kind === "refused" ? "fault" : "good"}>${text}</span>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-command-progress": OyeCommandProgress;
  }
}
