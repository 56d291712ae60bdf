import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Issue } from "../api/types.gen.ts";
import { unitsOf } from "../domain/units.ts";
import { hashOf } from "../router.ts";
import { base, panel } from "../styles/shared.ts";
import { language, localize, localizeCode } from "../texts/localize.ts";
import "./oye-id.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-state.ts";

/** All open issues: what it is, since when, where, and what to do. */
@customElement("oye-issue-list")
export class OyeIssueList extends OyeElement {
  static override styles = [
    base,
    panel,
    css`
      li {
        padding: var(--oye-space-2) var(--oye-space-3);
        border-block-end: 1px solid var(--oye-border);
      }
      li:last-child {
        border: 0;
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--oye-space-3);
      }
      .quiet {
        margin-inline-start: auto;
      }
    `,
  ];

  @property({ attribute: false }) issues: readonly Issue[] = [];

  protected override render(): unknown {
    return html`<section class="panel" aria-labelledby="heading">
      <header><h2 id="heading">${localize("system.issues")}</h2></header>
      ${
        this.issues.length === 0
          ? html`<div class="body">${localize("system.no_issues")}</div>`
          : html`<ul>
              ${this.issues.map((issue) => this.#issue(issue))}
            </ul>`
      }
    </section>`;
  }

  #issue({ key, severity, chargePointId, since }: Issue): unknown {
    const units = unitsOf(language());
    const words = localizeCode("issue", key) ?? html`<oye-id .value=${key}></oye-id>`;
    return html`<li>
      <div class="line">
        <oye-state tone=${severity === "warning" ? "waiting" : "fault"}>${words}</oye-state>
        ${
          chargePointId === null
            ? nothing
            : html`<a href=${hashOf(["chargers", chargePointId])}
                ><oye-id still .value=${chargePointId}></oye-id
              ></a>`
        }
        <span class="quiet" title=${units.utc(since)}
          >${localize("system.since", { time: units.dateTime(since) })}</span
        >
      </div>
      <p>${localizeCode("system.issue_help", key) ?? nothing}</p>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-issue-list": OyeIssueList;
  }
}
