import { css } from "lit";

/** Small round buttons and lists that narrow what is shown. */
export const chips = css`
  .chips {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--oye-space-1);
  }
  .chip,
  select {
    display: inline-flex;
    align-items: center;
    gap: var(--oye-space-1);
    max-inline-size: 100%;
    min-block-size: max(1.625rem, calc(var(--oye-target) - 0.375rem));
    padding: 0 var(--oye-space-2);
    border: 1px solid var(--oye-border);
    border-radius: 1rem;
    background: var(--oye-surface);
    color: var(--oye-text);
    font: inherit;
    font-size: var(--oye-size-2);
    cursor: pointer;
  }
  select {
    max-inline-size: 11rem;
  }
  .chip:hover,
  select:hover {
    background: var(--oye-hover);
  }
  .chip[aria-pressed="true"],
  .chip.word {
    border-color: var(--oye-accent);
    background: var(--oye-accent-soft);
    color: var(--oye-accent);
    font-weight: 600;
  }
  .chip.problem {
    border-color: var(--oye-fault);
    background: var(--oye-fault-soft);
    color: var(--oye-fault);
  }
`;
