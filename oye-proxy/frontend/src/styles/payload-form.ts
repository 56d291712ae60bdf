import { css } from "lit";
import { box } from "./form.ts";

/** The form of a payload: labels above, meanings and problems below, groups in a frame. */
export const payloadForm = css`
  :host {
    display: block;
    min-inline-size: 0;
  }
  .fields {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(16rem, 100%), 1fr));
    align-items: start;
    gap: var(--oye-space-3);
  }
  .group {
    grid-column: 1 / -1;
    min-inline-size: 0;
    margin: 0;
    padding: var(--oye-space-2) var(--oye-space-3) var(--oye-space-3);
    border: 1px solid var(--oye-border);
    border-radius: var(--oye-radius);
  }
  legend,
  summary {
    padding-inline: var(--oye-space-1);
    font-weight: 600;
  }
  summary {
    grid-column: 1 / -1;
    min-block-size: var(--oye-target);
    align-content: center;
    cursor: pointer;
  }
  details {
    grid-column: 1 / -1;
  }
  /* The browser's own box around what a details holds breaks the inheritance. */
  details > * {
    box-sizing: border-box;
  }
  .field {
    display: grid;
    gap: 2px;
    min-inline-size: 0;
  }
  .absent {
    grid-column: 1 / -1;
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 var(--oye-space-3);
  }
  label {
    font-weight: 500;
  }
  .required {
    color: var(--oye-fault);
  }
  .hint {
    color: var(--oye-text-quiet);
    font-size: var(--oye-size-1);
    overflow-wrap: anywhere;
  }
  .problem {
    color: var(--oye-fault);
    font-size: var(--oye-size-2);
    font-weight: 500;
  }
  .entry {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 var(--oye-space-2);
  }
  input,
  select,
  textarea {
    flex: 1 1 9rem;
    min-inline-size: 0;
    max-inline-size: 100%;
    ${box}
  }
  [aria-invalid="true"] {
    border-color: var(--oye-fault);
    box-shadow: 0 0 0 1px var(--oye-fault);
  }
  .item {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: start;
    gap: var(--oye-space-2);
    margin-block-end: var(--oye-space-2);
  }
  .none {
    color: var(--oye-text-quiet);
  }
`;
