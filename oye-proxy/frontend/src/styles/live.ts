import { css } from "lit";

/** The stream with its tools above; from 900 px the inspector beside it. */
export const liveStyles = css`
  :host {
    display: block;
    block-size: 100%;
  }
  .layout {
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    block-size: 100%;
  }
  .layout.split {
    grid-template-columns: minmax(0, 1fr) clamp(24rem, 38%, 40rem);
  }
  .stream {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    min-inline-size: 0;
  }
  header {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    align-items: start;
    gap: var(--oye-space-2) var(--oye-space-4);
    padding: var(--oye-space-3) var(--oye-space-4) var(--oye-space-2);
    border-block-end: 1px solid var(--oye-border);
  }
  .split header {
    grid-template-columns: minmax(0, 1fr);
  }
  .split h1 {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  header.narrow {
    grid-template-columns: minmax(0, 1fr);
    gap: var(--oye-space-1);
    padding: var(--oye-space-2) var(--oye-space-3) 0;
  }
  h1 {
    line-height: var(--oye-target);
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--oye-space-1);
  }
  .narrow .tools {
    flex: 1;
    justify-content: space-between;
  }
  .highlight {
    inline-size: 9rem;
  }
  .narrow .highlight {
    flex: 1 1 100%;
  }
  .content {
    position: relative;
    min-block-size: 0;
  }
  oye-frame-list {
    position: absolute;
    inset: 0;
  }
  .content > oye-notice {
    margin: var(--oye-space-4);
  }
  .pane {
    min-inline-size: 0;
    min-block-size: 0;
    overflow: hidden auto;
    border-inline-start: 1px solid var(--oye-border-strong);
    background: var(--oye-surface);
  }
`;
