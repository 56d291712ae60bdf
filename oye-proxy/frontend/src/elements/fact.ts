import { html } from "lit";
import { maskedTag } from "../domain/text.ts";
import { localize } from "../texts/localize.ts";
import "./oye-id.ts";

/** Return one entry of a list of facts. */
export function fact(name: string, value: unknown): unknown {
  return html`<dt>${name}</dt>
    <dd>${value}</dd>`;
}

/** Return an id tag, masked, with the name that it has. */
export function tagFact(idTag: string | null, name: string | null): unknown {
  if (idTag === null) return html`<span class="quiet">${localize("transactions.no_tag")}</span>`;
  return html`<span class="mono">${maskedTag(idTag)}</span>
    ${name === null ? "" : html`<oye-id room="24" .value=${name}></oye-id>`}`;
}
