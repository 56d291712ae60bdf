import { css } from "lit";

/** The look of a native field, for a rule of its own. */
export const box = css`
  min-block-size: var(--oye-target);
  padding-inline: var(--oye-space-2);
  border: 1px solid var(--oye-border-strong);
  border-radius: var(--oye-radius);
  background: var(--oye-surface);
  color: inherit;
  font: inherit;
`;

/** Native fields with their labels above them, as wide as what they hold. */
export const form = css`
  form,
  .form {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: var(--oye-space-2) var(--oye-space-3);
  }
  .field {
    display: grid;
    gap: 0.2rem;
    flex: 0 1 14rem;
    min-inline-size: 0;
  }
  /* The browser's own box around what a details holds breaks the inheritance. */
  details > * {
    box-sizing: border-box;
  }
  .field.wide {
    flex: 1 1 100%;
  }
  .field > span {
    font-size: var(--oye-size-2);
    color: var(--oye-text-quiet);
  }
  .field input,
  .field select,
  .field textarea {
    inline-size: 100%;
    ${box}
  }
  .field textarea {
    min-block-size: 4.5rem;
    padding-block: var(--oye-space-1);
    resize: vertical;
  }
  .field :disabled {
    color: var(--oye-text-quiet);
    background: var(--oye-sunken);
    opacity: 1;
  }
`;

/** What became of a command, in words, under what sent it. */
export const said = css`
  .said {
    display: flex;
    align-items: baseline;
    gap: var(--oye-space-2);
    margin-block-start: var(--oye-space-2);
    font-size: var(--oye-size-2);
    overflow-wrap: anywhere;
  }
  .said oye-icon {
    align-self: center;
  }
  .said.fault oye-icon {
    color: var(--oye-fault);
  }
  .said.good oye-icon {
    color: var(--oye-ok);
  }
  .said.waits {
    color: var(--oye-text-quiet);
  }
`;
