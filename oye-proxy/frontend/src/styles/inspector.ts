import { css } from "lit";

/** One exchange, in parts. */
export const inspectorStyles = css`
  :host {
    display: block;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  header,
  .findings,
  .part {
    padding: var(--oye-space-3) var(--oye-space-4);
  }
  header {
    display: grid;
    gap: var(--oye-space-2);
    padding-block-end: var(--oye-space-2);
  }
  .title {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: var(--oye-space-2);
  }
  .close {
    display: flex;
    justify-content: end;
  }
  .summary {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--oye-space-3);
    font-size: var(--oye-size-2);
  }
  .fault {
    color: var(--oye-fault);
    font-weight: 600;
  }
  .mark {
    padding-inline: var(--oye-space-1);
    border: 1px solid var(--oye-waiting);
    border-radius: 2px;
    color: var(--oye-waiting);
    font-size: var(--oye-size-1);
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--oye-space-1);
    margin-inline-start: calc(-1 * var(--oye-space-2));
  }
  .button,
  .copy {
    display: inline-flex;
    align-items: center;
    gap: var(--oye-space-1);
    min-block-size: var(--oye-target);
    padding: 0 var(--oye-space-2);
    border: 0;
    border-radius: var(--oye-radius);
    background: none;
    color: var(--oye-accent);
    font-size: var(--oye-size-2);
    font-weight: 500;
    text-decoration: none;
    cursor: pointer;
  }
  .copy {
    cursor: default;
    padding-inline-end: 0;
  }
  .button:hover {
    background: var(--oye-hover);
  }
  .findings {
    border-block: 1px solid var(--oye-fault);
    background: var(--oye-fault-soft);
  }
  .findings ul {
    padding-inline-start: var(--oye-space-4);
    list-style: disc;
  }
  .tabs {
    position: sticky;
    inset-block-start: 0;
    z-index: 1;
    display: flex;
    flex-wrap: wrap;
    padding-inline: var(--oye-space-2);
    border-block-end: 1px solid var(--oye-border);
    background: var(--oye-surface);
  }
  [role="tab"] {
    min-block-size: max(2.25rem, var(--oye-target));
    padding: 0 var(--oye-space-2);
    border: 0;
    border-block-end: 2px solid transparent;
    background: none;
    cursor: pointer;
  }
  [role="tab"][aria-selected="true"] {
    border-color: var(--oye-accent);
    color: var(--oye-accent);
    font-weight: 600;
  }
  .frame + .frame {
    margin-block-start: var(--oye-space-4);
    padding-block-start: var(--oye-space-3);
    border-block-start: 1px solid var(--oye-border);
  }
  .frame-head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 var(--oye-space-3);
    font-size: var(--oye-size-2);
  }
  .related button {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 0 var(--oye-space-3);
    padding-block: var(--oye-space-1);
    inline-size: 100%;
    min-block-size: var(--oye-target);
    align-items: center;
    padding-inline: 0;
    border: 0;
    border-block-end: 1px solid var(--oye-border);
    background: none;
    font-size: var(--oye-size-2);
    text-align: start;
    cursor: pointer;
  }
  .related button > :last-child {
    grid-column: 1 / -1;
  }
  .related button:hover {
    background: var(--oye-hover);
  }
  .diff {
    display: grid;
    gap: var(--oye-space-2);
    margin-block-start: var(--oye-space-2);
  }
  .diff li {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--oye-space-3);
    font-family: var(--oye-font-mono);
    font-size: var(--oye-size-2);
  }
  .diff .mono {
    flex: 1 1 100%;
  }
  del,
  ins {
    padding-inline: var(--oye-space-1);
    border-radius: 2px;
    text-decoration: none;
  }
  del {
    background: var(--oye-fault-soft);
    text-decoration: line-through;
  }
  ins {
    background: var(--oye-accent-soft);
  }
  @media (max-width: 899px) {
    header,
    .findings,
    .part {
      padding-inline: 0;
    }
    .tabs {
      inset-block-start: 0;
      padding-inline: 0;
      background: var(--oye-raised);
    }
  }
`;
