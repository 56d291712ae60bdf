import { css } from "lit";

/** What every element of the console begins with. */
export const base = css`
  :host {
    box-sizing: border-box;
    font-variant-numeric: tabular-nums;
  }
  :host([hidden]) {
    display: none !important;
  }
  *,
  *::before,
  *::after {
    box-sizing: inherit;
  }
  :focus-visible {
    outline: 2px solid var(--oye-focus);
    outline-offset: 1px;
    border-radius: 2px;
  }
  h1,
  h2,
  h3,
  p,
  dl,
  dd,
  ul,
  ol,
  figure {
    margin: 0;
    padding: 0;
  }
  h1 {
    font-size: var(--oye-size-5);
    font-weight: 600;
    line-height: 1.25;
  }
  h2 {
    font-size: var(--oye-size-4);
    font-weight: 600;
    line-height: 1.3;
  }
  h3 {
    font-size: var(--oye-size-3);
    font-weight: 600;
  }
  ul,
  ol {
    list-style: none;
  }
  a {
    color: var(--oye-accent);
    text-underline-offset: 2px;
  }
  a:hover {
    color: var(--oye-accent-hover);
  }
  .mono {
    font-family: var(--oye-font-mono);
    font-size: 0.94em;
  }
  .quiet {
    color: var(--oye-text-quiet);
  }
  .hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

/** A surface with a hairline around it, and its head. */
export const panel = css`
  .panel {
    background: var(--oye-surface);
    border: 1px solid var(--oye-border);
    border-radius: var(--oye-radius);
    min-inline-size: 0;
  }
  .panel > header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--oye-space-1) var(--oye-space-3);
    padding: var(--oye-space-2) var(--oye-space-3);
    border-block-end: 1px solid var(--oye-border);
  }
  .panel > .body {
    padding: var(--oye-space-3);
  }
`;

/** The head of a view: title, facts, tools. */
export const page = css`
  :host {
    display: block;
    padding: var(--oye-space-4);
    max-inline-size: 100rem;
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--oye-space-2) var(--oye-space-4);
    margin-block-end: var(--oye-space-3);
  }
  .head .tools {
    display: flex;
    flex-wrap: wrap;
    gap: var(--oye-space-2);
    align-items: center;
    margin-inline-start: auto;
  }
  @media (max-width: 899px) {
    :host {
      padding: var(--oye-space-3);
    }
    .head .tools {
      flex: 1 1 100%;
      margin: 0;
    }
  }
`;

/** Names and values, in columns as wide as their names. */
export const facts = css`
  .facts {
    display: grid;
    grid-template-columns: max-content minmax(0, 1fr);
    gap: var(--oye-space-1) var(--oye-space-3);
  }
  .facts dt {
    color: var(--oye-text-quiet);
  }
  .facts dd {
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
`;

/** A dense table; on a phone its wrapper, not the page, scrolls. */
export const table = css`
  table {
    inline-size: 100%;
    border-collapse: collapse;
    font-size: var(--oye-size-3);
  }
  th {
    text-align: start;
    font-weight: 500;
    font-size: var(--oye-size-2);
    color: var(--oye-text-quiet);
    white-space: nowrap;
  }
  th,
  td {
    padding: var(--oye-space-1) var(--oye-space-3);
    block-size: var(--oye-row);
    border-block-end: 1px solid var(--oye-border);
  }
  td.number,
  th.number {
    text-align: end;
  }
  tbody tr:hover {
    background: var(--oye-hover);
  }
`;

/** A native button that looks like text or like an icon. */
export const plainButton = css`
  button {
    font: inherit;
    color: inherit;
  }
  .plain {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--oye-space-1);
    min-inline-size: var(--oye-target);
    min-block-size: var(--oye-target);
    padding: 0 var(--oye-space-2);
    border: 0;
    border-radius: var(--oye-radius);
    background: none;
    cursor: pointer;
  }
  .plain:hover {
    background: var(--oye-hover);
  }
  .link {
    padding: 0;
    border: 0;
    background: none;
    color: var(--oye-accent);
    text-decoration: underline;
    text-underline-offset: 2px;
    cursor: pointer;
    min-block-size: 1.5rem;
  }
`;
