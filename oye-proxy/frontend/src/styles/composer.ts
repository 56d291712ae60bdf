import { css } from "lit";
import { box } from "./form.ts";

/** What is sent to whom, the form, and what was sent before. */
export const composerStyles = css`
  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--oye-space-3);
  }
  @media (min-width: 900px) {
    .columns {
      grid-template-columns: minmax(0, 1fr) minmax(15rem, 20rem);
      align-items: start;
    }
  }
  .main,
  .side {
    display: grid;
    gap: var(--oye-space-3);
    min-inline-size: 0;
  }
  .target {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(14rem, 100%), 1fr));
    gap: var(--oye-space-3);
  }
  .choice {
    display: grid;
    gap: 2px;
    min-inline-size: 0;
  }
  .choice > span {
    font-weight: 500;
  }
  .choice select,
  .choice input,
  .save input {
    inline-size: 100%;
    min-inline-size: 0;
    ${box}
  }
  .switch {
    display: inline-flex;
    margin-inline-start: auto;
    border: 1px solid var(--oye-border-strong);
    border-radius: var(--oye-radius);
    overflow: hidden;
  }
  .switch button {
    min-block-size: var(--oye-target);
    padding: 0 var(--oye-space-3);
    border: 0;
    background: none;
    cursor: pointer;
  }
  .switch button[aria-pressed="true"] {
    background: var(--oye-accent-soft);
    color: var(--oye-accent);
    font-weight: 600;
  }
  .note {
    display: flex;
    gap: var(--oye-space-2);
    margin-block-end: var(--oye-space-3);
    padding: var(--oye-space-2);
    border-inline-start: 3px solid var(--oye-waiting);
    background: var(--oye-waiting-soft);
  }
  .note.fault {
    border-color: var(--oye-fault);
    background: var(--oye-fault-soft);
  }
  .note ul {
    list-style: disc;
    padding-inline-start: var(--oye-space-4);
  }
  .shelf li {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: center;
    border-block-end: 1px solid var(--oye-border);
  }
  .shelf .load {
    display: grid;
    min-inline-size: 0;
    min-block-size: 2.75rem;
    align-content: center;
    padding: 0;
    border: 0;
    background: none;
    text-align: start;
    cursor: pointer;
  }
  .shelf .load:hover {
    background: var(--oye-hover);
  }
  .shelf .load > * {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .save {
    margin-block-start: var(--oye-space-2);
    display: flex;
    flex-wrap: wrap;
    gap: var(--oye-space-2);
  }
  .save input {
    flex: 1 1 8rem;
  }
  .common {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--oye-space-3);
    margin-block-start: var(--oye-space-2);
  }
  .common a {
    min-block-size: var(--oye-target);
    align-content: center;
  }
  .small {
    font-size: var(--oye-size-2);
  }
`;
