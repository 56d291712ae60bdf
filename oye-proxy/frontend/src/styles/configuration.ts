import { css } from "lit";

/** The settings inside a charger as rows, which become cards on phones. */
export const configuration = css`
  .panel > header {
    justify-content: space-between;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--oye-space-2) var(--oye-space-3);
    padding: var(--oye-space-2) var(--oye-space-3);
  }
  .tools oye-search {
    flex: 1 1 14rem;
  }
  .body > .said,
  .tools .said {
    margin: 0;
  }
  li {
    display: grid;
    grid-template-columns: minmax(0, 6fr) minmax(0, 5fr) 6.5rem;
    align-items: center;
    gap: var(--oye-space-1) var(--oye-space-3);
    min-block-size: 2.5rem;
    padding: var(--oye-space-1) var(--oye-space-3);
    border-block-start: 1px solid var(--oye-border);
  }
  li:hover {
    background: var(--oye-hover);
  }
  li .said {
    grid-column: 1 / -1;
    margin: 0;
  }
  .key {
    font-weight: 500;
    overflow-wrap: anywhere;
  }
  .marks {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--oye-space-2);
    font-size: var(--oye-size-1);
    color: var(--oye-text-quiet);
  }
  .marks .reboot {
    color: var(--oye-waiting);
  }
  .value {
    font-family: var(--oye-font-mono);
    font-size: 0.94em;
    overflow-wrap: anywhere;
  }
  li form {
    grid-column: 2 / -1;
    flex-wrap: nowrap;
  }
  li .field {
    flex: 1 1 auto;
  }
  @media (max-width: 599px) {
    li {
      grid-template-columns: minmax(0, 1fr) 6.5rem;
    }
    li .key,
    li form {
      grid-column: 1 / -1;
    }
    li form {
      flex-wrap: wrap;
    }
    li .field {
      flex: 1 1 100%;
    }
  }
`;
