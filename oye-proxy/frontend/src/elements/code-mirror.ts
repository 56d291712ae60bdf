import { history, historyKeymap, standardKeymap } from "@codemirror/commands";
import { EditorState } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  EditorView,
  keymap,
  lineNumbers,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";

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

// A parser of JSON would be a quarter of the editor's size; for colours its words are enough.
const WORDS = new MatchDecorator({
  regexp: /"(?:[^"\\]|\\.)*"(?=(\s*:)?)|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\b(?:true|false|null)\b/g,
  decoration: ([word, colon]) => Decoration.mark({ class: kindOf(word, colon !== undefined) }),
});

const COLOURS = ViewPlugin.fromClass(
  class {
    shown: DecorationSet;
    constructor(view: EditorView) {
      this.shown = WORDS.createDeco(view);
    }
    update(update: ViewUpdate): void {
      this.shown = WORDS.updateDeco(update, this.shown);
    }
  },
  { decorations: ({ shown }) => shown },
);

const THEME = EditorView.theme({
  "&": {
    color: "var(--oye-text)",
    backgroundColor: "var(--oye-surface)",
    fontSize: "var(--oye-size-2)",
  },
  ".cm-content": {
    fontFamily: "var(--oye-font-mono)",
    caretColor: "var(--oye-text)",
  },
  ".cm-content, .cm-gutter": { minHeight: "12rem" },
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
  ".name": { color: "var(--oye-accent)" },
  ".number": { color: "var(--oye-series-2)" },
  ".literal": { color: "var(--oye-series-4)" },
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
        COLOURS,
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": options.label }),
        keymap.of([...standardKeymap, ...historyKeymap]),
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

function kindOf(word: string, isName: boolean): string {
  if (word.startsWith('"')) return isName ? "name" : "text";
  return /^[tfn]/.test(word) ? "literal" : "number";
}
