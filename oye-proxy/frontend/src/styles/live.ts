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
  .content {
    position: relative;
    min-block-size: 0;
  }
  oye-frame-list {
    position: absolute;
    inset: 0;
  }
  .pane {
    min-inline-size: 0;
    min-block-size: 0;
    overflow: hidden auto;
    border-inline-start: 1px solid var(--oye-border-strong);
    background: var(--oye-surface);
  }
`;
