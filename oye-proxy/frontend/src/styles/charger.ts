import { css } from "lit";

/** What the pages about one charger have in common. */
export const onePage = css`
  .back {
    flex: 1 1 100%;
    font-size: var(--oye-size-2);
  }
  h1 {
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .columns,
  .stack {
    display: grid;
    gap: var(--oye-space-3);
    grid-template-columns: minmax(0, 1fr);
    align-items: start;
  }
  .obstacle {
    display: flex;
    gap: var(--oye-space-2);
    padding: var(--oye-space-2) var(--oye-space-3);
    border: 1px solid var(--oye-border);
    border-radius: var(--oye-radius);
    background: var(--oye-sunken);
  }
`;
