import { css } from "lit";

/** Tabs on phones, a list at the side from 900 px. */
export const navigationStyles = css`
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
  nav {
    display: flex;
    block-size: 100%;
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
