import { css } from "lit";

/** The shell: a bar above on phones, the navigation below it or, from 900 px, at the side. */
export const appStyles = css`
  :host {
    --oye-tab-bar: calc(3.5rem + env(safe-area-inset-bottom));
    display: grid;
    grid-template: "bar" auto "notes" auto "main" 1fr "nav" auto / minmax(0, 1fr);
    block-size: 100dvh;
    background: var(--oye-page);
  }
  .bar {
    grid-area: bar;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0 var(--oye-space-3);
    min-block-size: 2.75rem;
    padding-block-start: env(safe-area-inset-top);
    padding-inline: calc(var(--oye-space-3) + env(safe-area-inset-left))
      calc(var(--oye-space-3) + env(safe-area-inset-right));
    background: var(--oye-surface);
    border-block-end: 1px solid var(--oye-border);
  }
  oye-navigation {
    grid-area: nav;
    min-block-size: 0;
  }
  oye-shell-notes {
    grid-area: notes;
    min-inline-size: 0;
  }
  /* What is hidden in it scrolls with it, and makes the page no longer than the window. */
  main {
    position: relative;
    grid-area: main;
    min-block-size: 0;
    min-inline-size: 0;
    overflow: hidden auto;
    outline: none;
  }
  main.dimmed {
    filter: grayscale(0.8);
    opacity: 0.86;
  }
  .alone {
    margin: var(--oye-space-4);
  }
  @media (min-width: 900px) {
    :host {
      --oye-tab-bar: 0px;
      grid-template: "nav notes" auto "nav main" 1fr / 13.5rem minmax(0, 1fr);
    }
    .bar {
      display: none;
    }
  }
`;
