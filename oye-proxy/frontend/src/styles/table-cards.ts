import { css } from "lit";

/** A table whose rows become cards of two lines on phones, so that nothing scrolls sideways. */
export const cards = css`
  @media (max-width: 899px) {
    table.cards,
    .cards tbody,
    .cards tr,
    .cards td {
      display: block;
    }
    .cards thead {
      position: absolute;
      inline-size: 1px;
      block-size: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    .cards tr {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--oye-space-1) var(--oye-space-3);
      padding: var(--oye-space-2) var(--oye-space-3);
      border-block-end: 1px solid var(--oye-border);
    }
    .cards td {
      block-size: auto;
      padding: 0;
      border: 0;
      min-inline-size: 0;
      overflow-wrap: anywhere;
    }
    .cards td.main {
      flex: 1 1 60%;
      font-weight: 500;
    }
    .cards td.wide {
      flex: 1 1 100%;
    }
    .cards td.end {
      margin-inline-start: auto;
    }
  }
  @media (min-width: 900px) {
    .cards .word {
      display: none;
    }
  }
  .cards td.actions {
    text-align: end;
    white-space: nowrap;
  }
`;
