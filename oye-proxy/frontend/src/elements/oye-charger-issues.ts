import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Issue } from "../api/types.gen.ts";
import { unitsOf } from "../domain/units.ts";
import { base } from "../styles/shared.ts";
import { language, localize, localizeCode } from "../texts/localize.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-icon.ts";
import "./oye-id.ts";

/** The open issues of one charger, in words. */
@customElement("oye-charger-issues")
export class OyeChargerIssues extends OyeElement {
  static override styles = [
    base,
    css`
      li {
        display: flex;
        gap: var(--oye-space-2);
        align-items: baseline;
        padding: var(--oye-space-2) var(--oye-space-3);
        border: 1px solid var(--oye-waiting);
        border-radius: var(--oye-radius);
        background: var(--oye-waiting-soft);
      }
      li + li {
        margin-block-start: var(--oye-space-2);
      }
      li.fault {
        border-color: var(--oye-fault);
        background: var(--oye-fault-soft);
      }
      oye-icon {
        align-self: start;
      }
      .text {
        min-inline-size: 0;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) issues: readonly Issue[] = [];

  protected override render(): unknown {
    if (this.issues.length === 0) return nothing;
    return html`<ul aria-label=${localize("charger.issues")}>
      ${this.issues.map((issue) => this.#issue(issue))}
    </ul>`;
  }

  #issue(issue: Issue): unknown {
    const units = unitsOf(language());
    const isFault = issue.severity !== "warning";
    return html`<li class=${isFault ? "fault" : ""}>
      <oye-icon name=${isFault ? "warning" : "alert"}></oye-icon>
      <span class="text"
        >${localizeCode("issue", issue.key) ?? html`<oye-id .value=${issue.key}></oye-id>`}
        <span class="quiet" title=${units.utc(issue.since)}
          >${localize("charger.since", { time: units.dateTime(issue.since) })}</span
        ></span
      >
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-charger-issues": OyeChargerIssues;
  }
}
