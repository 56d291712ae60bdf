import { css } from "lit";

/** Rows of exchanges: a table where there is room, two lines where there is none. */
export const frameListStyles = css`
  :host {
    position: relative;
    display: block;
    min-block-size: 8rem;
    contain: strict;
    background: var(--oye-surface);
  }
  .scroller {
    position: absolute;
    inset: 0;
    overflow: hidden auto;
    overflow-anchor: none;
  }
  .room {
    position: relative;
    inline-size: 100%;
  }
  article,
  .gap {
    position: absolute;
    inset-inline: 0;
    display: grid;
    grid-template-columns: var(--time) 9.5rem minmax(6rem, 14rem) minmax(0, 1fr) 4.5rem 4.5rem;
    align-items: center;
    gap: var(--oye-space-3);
    padding-inline: var(--oye-space-3);
    border-block-end: 1px solid var(--oye-border);
    font-size: var(--oye-size-2);
    white-space: nowrap;
    cursor: pointer;
  }
  .gap {
    display: flex;
    cursor: default;
    color: var(--oye-text-quiet);
    background: var(--oye-sunken);
  }
  article:hover {
    background: var(--oye-hover);
  }
  article[aria-current="true"] {
    background: var(--oye-selected);
    box-shadow: inset 3px 0 var(--oye-accent);
  }
  article.marked {
    background: var(--oye-waiting-soft);
  }
  article > * {
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .action {
    font-weight: 600;
  }
  .fault {
    color: var(--oye-fault);
    font-weight: 600;
  }
  .late {
    color: var(--oye-waiting);
    font-weight: 600;
  }
  .failure {
    position: absolute;
    inset-block-start: 0;
    inset-inline: 0;
    padding: var(--oye-space-2) var(--oye-space-3);
    color: var(--oye-fault);
    background: var(--oye-fault-soft);
    border-block-end: 1px solid var(--oye-fault);
  }
  .number {
    text-align: end;
  }
  .pill {
    position: absolute;
    inset-block-end: var(--oye-space-3);
    inset-inline-start: 50%;
    transform: translateX(-50%);
    display: inline-flex;
    align-items: center;
    gap: var(--oye-space-1);
    min-block-size: var(--oye-target);
    padding-inline: var(--oye-space-4);
    border: 1px solid var(--oye-accent);
    border-radius: 2rem;
    background: var(--oye-accent);
    color: var(--oye-on-accent);
    font-weight: 600;
    cursor: pointer;
  }
  .with-charger article {
    grid-template-columns:
      var(--time) 8.5rem minmax(4rem, 9rem) minmax(6rem, 12rem) minmax(0, 1fr)
      4rem 4rem;
  }
  .medium article {
    grid-template-columns: var(--time) minmax(6rem, 11rem) minmax(0, 1fr) 4rem;
  }
  .medium.with-charger article {
    grid-template-columns: var(--time) minmax(4rem, 7rem) minmax(6rem, 11rem) minmax(0, 1fr) 4rem;
  }
  .medium .size,
  .medium .way {
    display: none;
  }
  .charger {
    color: var(--oye-text-quiet);
  }
  .short {
    display: none;
    color: var(--oye-text-quiet);
  }
  .narrow .short,
  .medium .short {
    display: inline-block;
  }
  .narrow article,
  .narrow.with-charger article {
    grid-template-columns: minmax(0, 1fr) auto;
    grid-template-areas: "action time" "gist latency";
    gap: 0 var(--oye-space-2);
    align-content: center;
  }
  .narrow .time {
    grid-area: time;
  }
  .narrow .action {
    grid-area: action;
  }
  .narrow.with-charger article {
    grid-template-columns: minmax(0, auto) minmax(0, 1fr) auto;
    grid-template-areas: "action charger time" "gist gist latency";
  }
  .narrow .charger {
    grid-area: charger;
    font-size: var(--oye-size-1);
  }
  .narrow .gist {
    grid-area: gist;
  }
  .narrow .latency {
    grid-area: latency;
  }
  .narrow .size,
  .narrow .way {
    display: none;
  }
`;
