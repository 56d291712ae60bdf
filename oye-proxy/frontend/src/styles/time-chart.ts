import { css } from "lit";

/** How a chart over time looks. */
export const timeChartStyles = css`
  :host {
    display: block;
    min-inline-size: 0;
  }
  .chart {
    block-size: 13rem;
    overflow: hidden;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: var(--oye-space-1) var(--oye-space-4);
    font-size: var(--oye-size-2);
  }
  .legend li::before {
    content: "";
    display: inline-block;
    inline-size: 1rem;
    margin-inline-end: var(--oye-space-2);
    vertical-align: 0.25em;
    border-block-start: 3px solid var(--colour);
  }
  .legend .line-0 {
    --colour: var(--oye-series-1);
  }
  .legend .line-1 {
    --colour: var(--oye-series-2);
  }
  .legend .line-2 {
    --colour: var(--oye-series-3);
  }
  .legend .line-3 {
    --colour: var(--oye-series-4);
  }
  .reading {
    margin-inline-start: var(--oye-space-2);
    font-size: var(--oye-size-2);
    font-variant-numeric: tabular-nums;
  }
  /* Where it does not fit beside the words, it has its room before it speaks. */
  @media (max-width: 599px) {
    .reading {
      display: block;
      min-block-size: 1.5em;
      margin: 0;
    }
  }
  summary {
    min-block-size: var(--oye-target);
    align-content: center;
    cursor: pointer;
    color: var(--oye-accent);
  }
`;
