import { css, html, nothing } from "lit";
import { localize } from "../texts/localize.ts";
import "./oye-id.ts";

export const brandStyles = css`
  .brand {
    display: inline-flex;
    align-items: baseline;
    gap: var(--oye-space-2);
    min-inline-size: 0;
    padding-block: var(--oye-space-2);
    color: var(--oye-text-quiet);
    font-size: var(--oye-size-2);
    text-decoration: none;
  }
  .brand strong {
    color: var(--oye-accent);
    font-size: var(--oye-size-4);
    font-weight: 700;
    letter-spacing: 0.08em;
  }
`;

/** Return the name of the product, with that of the proxy where it has one of its own; leads home. */
export function brand(name: string | undefined): unknown {
  return html`<a class="brand" href="#/chargers"
    ><strong>${localize("brand")}</strong>
    ${name === undefined || name === localize("brand") ? nothing : html`<oye-id still room="24" .value=${name}></oye-id>`}</a
  >`;
}
