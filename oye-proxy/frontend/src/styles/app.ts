import { css } from "lit";

/** The shell: a bar and tabs on phones, a navigation at the side from 900 px. */
export const appStyles = css`
  :host {
    --oye-tab-bar: calc(3.5rem + env(safe-area-inset-bottom));
    display: grid;
    grid-template: "bar" auto "notes" auto "main" 1fr "nav" auto / minmax(0, 1fr);
    block-size: 100dvh;
    background: var(--oye-page);
  }
  .skip {
    position: absolute;
    inset-block-start: -10rem;
    z-index: 30;
    padding: var(--oye-space-2) var(--oye-space-3);
    background: var(--oye-raised);
  }
  .skip:focus {
    inset-block-start: var(--oye-space-2);
    inset-inline-start: var(--oye-space-2);
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
  .brand {
    display: inline-flex;
    align-items: baseline;
    gap: var(--oye-space-2);
    min-inline-size: 0;
    padding-block: var(--oye-space-2);
    color: var(--oye-text-quiet);
    font-size: var(--oye-size-2);
    text-decoration: none;
  }
  .brand strong {
    color: var(--oye-accent);
    font-size: var(--oye-size-4);
    font-weight: 700;
    letter-spacing: 0.08em;
  }
  nav {
    grid-area: nav;
    display: flex;
    padding-block-end: env(safe-area-inset-bottom);
    background: var(--oye-surface);
    border-block-start: 1px solid var(--oye-border);
  }
  .brand-side,
  .foot,
  nav .side {
    display: none;
  }
  .entry {
    display: flex;
    align-items: center;
    gap: var(--oye-space-3);
    min-block-size: var(--oye-target);
    padding-inline: var(--oye-space-3);
    border: 0;
    border-radius: var(--oye-radius);
    background: none;
    color: var(--oye-text);
    font: inherit;
    text-align: start;
    text-decoration: none;
    cursor: pointer;
  }
  .entry:hover {
    background: var(--oye-hover);
    color: var(--oye-text);
  }
  nav > .entry {
    position: relative;
    flex: 1 1 auto;
    flex-direction: column;
    justify-content: center;
    gap: 2px;
    min-inline-size: var(--oye-target);
    block-size: 3.5rem;
    padding: 0;
    border-radius: 0;
    color: var(--oye-text-quiet);
    font-size: 0.6875rem;
  }
  nav > .entry span {
    max-inline-size: 100%;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  nav > .entry oye-icon {
    inline-size: 1.375rem;
    block-size: 1.375rem;
  }
  .entry[aria-current] {
    color: var(--oye-accent);
    font-weight: 600;
  }
  nav > .entry[aria-current]::before {
    content: "";
    position: absolute;
    inset-block-start: -1px;
    inset-inline: 20%;
    block-size: 2px;
    background: var(--oye-accent);
  }
  .notes {
    grid-area: notes;
    min-inline-size: 0;
  }
  .notes oye-notice {
    padding-block: var(--oye-space-1);
    border-width: 0 0 1px;
    border-radius: 0;
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
    opacity: 0.86;
  }
  .alone {
    margin: var(--oye-space-4);
  }
  .issues {
    display: flex;
    align-items: center;
    gap: var(--oye-space-2);
    min-block-size: var(--oye-target);
    padding-inline: var(--oye-space-3);
    color: var(--oye-fault);
    font-weight: 500;
  }
  div.sheet {
    display: grid;
  }
  @media (min-width: 900px) {
    :host {
      --oye-tab-bar: 0px;
      grid-template: "nav notes" auto "nav main" 1fr / 13.5rem minmax(0, 1fr);
    }
    .bar,
    nav .phone {
      display: none;
    }
    nav {
      flex-direction: column;
      gap: 2px;
      padding: var(--oye-space-3) var(--oye-space-2);
      border-block-start: 0;
      border-inline-end: 1px solid var(--oye-border);
      overflow: hidden auto;
    }
    .brand-side {
      display: block;
      padding: 0 var(--oye-space-3) var(--oye-space-3);
    }
    nav .side {
      display: flex;
    }
    nav > .entry {
      flex: none;
      flex-direction: row;
      justify-content: flex-start;
      gap: var(--oye-space-3);
      block-size: auto;
      min-block-size: 2.25rem;
      padding-inline: var(--oye-space-3);
      border-radius: var(--oye-radius);
      color: var(--oye-text);
      font-size: var(--oye-size-3);
    }
    nav > .entry oye-icon {
      inline-size: 1.2rem;
      block-size: 1.2rem;
    }
    nav > .entry[aria-current] {
      color: var(--oye-accent);
      background: var(--oye-selected);
    }
    nav > .entry[aria-current]::before {
      inset-block: 0.4rem;
      inset-inline: 0 auto;
      block-size: auto;
      inline-size: 3px;
    }
    .foot {
      display: grid;
      gap: var(--oye-space-1);
      margin-block-start: auto;
      font-size: var(--oye-size-2);
    }
    .foot oye-connection {
      padding-inline: var(--oye-space-3);
    }
  }
`;
