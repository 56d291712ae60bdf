import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json, jsonParseLinter } from "@codemirror/lang-json";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { linter, lintKeymap } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

export interface Editor {
  setText(text: string): void;
  destroy(): void;
}

export interface EditorOptions {
  readonly parent: HTMLElement;
  readonly root: ShadowRoot;
  readonly text: string;
  readonly label: string;
  readonly onChange: (text: string) => void;
}

const COLOURS = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--oye-accent)" },
  { tag: tags.number, color: "var(--oye-series-2)" },
  { tag: [tags.bool, tags.null], color: "var(--oye-series-4)" },
  { tag: tags.string, color: "var(--oye-text)" },
]);

const THEME = EditorView.theme({
  "&": {
    color: "var(--oye-text)",
    backgroundColor: "var(--oye-surface)",
    fontSize: "var(--oye-size-2)",
  },
  ".cm-content": {
    fontFamily: "var(--oye-font-mono)",
    caretColor: "var(--oye-text)",
    minHeight: "12rem",
  },
  ".cm-scroller": { fontFamily: "var(--oye-font-mono)" },
  ".cm-gutters": {
    color: "var(--oye-text-quiet)",
    backgroundColor: "var(--oye-sunken)",
    borderInlineEnd: "1px solid var(--oye-border)",
  },
  "&.cm-focused": { outline: "2px solid var(--oye-focus)", outlineOffset: "1px" },
  ".cm-cursor": { borderInlineStartColor: "var(--oye-text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    {
      background: "var(--oye-selected)",
    },
  ".cm-tooltip": {
    color: "var(--oye-text)",
    backgroundColor: "var(--oye-raised)",
    border: "1px solid var(--oye-border-strong)",
  },
});

/** Make an editor for JSON; Tab leaves it, as it leaves other fields. */
export function createEditor(options: EditorOptions): Editor {
  let quiet = false;
  const view = new EditorView({
    parent: options.parent,
    root: options.root,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        lineNumbers(),
        history(),
        bracketMatching(),
        json(),
        linter(jsonParseLinter()),
        syntaxHighlighting(COLOURS),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": options.label }),
        keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !quiet) options.onChange(update.state.doc.toString());
        }),
        THEME,
      ],
    }),
  });
  return {
    setText(text) {
      if (view.state.doc.toString() === text) return;
      quiet = true;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
      quiet = false;
    },
    destroy() {
      view.destroy();
    },
  };
}
