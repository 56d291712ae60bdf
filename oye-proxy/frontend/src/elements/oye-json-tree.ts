import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { readJson, type JsonNode } from "../domain/json.ts";
import { base, plainButton } from "../styles/shared.ts";
import { localize, plural } from "../texts/localize.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-icon.ts";
import "./oye-id.ts";
import "./oye-raw-text.ts";

/** What a view adds to a member: its meaning, its unit, or what is wrong with it. */
export interface Annotation {
  readonly text: string;
  readonly fault?: boolean;
}

const AT_ONCE = 200;

/**
 * A JSON text as a tree; what is no JSON, or nested too deep, is shown as it is.
 *
 * `annotate` is asked with the path of each member, names and indices from the root.
 */
@customElement("oye-json-tree")
export class OyeJsonTree extends OyeElement {
  static override styles = [
    base,
    plainButton,
    css`
      :host {
        display: block;
        font-family: var(--oye-font-mono);
        font-size: var(--oye-size-2);
        line-height: 1.5;
      }
      ul {
        padding-inline-start: 1.1rem;
        border-inline-start: 1px solid var(--oye-border);
        margin-inline-start: 0.55rem;
      }
      li {
        overflow-wrap: anywhere;
      }
      .toggle {
        display: inline-flex;
        align-items: center;
        gap: 2px;
        margin-inline-start: -0.2rem;
        padding: 0;
        min-block-size: 1.5rem;
        border: 0;
        background: none;
        text-align: start;
        cursor: pointer;
      }
      .name {
        color: var(--oye-accent);
      }
      .number {
        color: var(--oye-series-2);
      }
      .literal {
        color: var(--oye-series-4);
      }
      .note {
        font-family: var(--oye-font);
        color: var(--oye-text-quiet);
      }
      .note.fault {
        color: var(--oye-fault);
        font-weight: 500;
      }
    `,
  ];

  @property() text = "";
  /** How deep it is open at first. */
  @property({ type: Number }) depth = 3;
  @property({ attribute: false }) annotate: (path: readonly string[]) => Annotation | null = () =>
    null;
  @state() private _toggled: ReadonlySet<string> = new Set();
  @state() private _shown: ReadonlyMap<string, number> = new Map();
  #node: JsonNode | null = null;

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has("text")) return;
    this.#node = readJson(this.text);
    this._toggled = new Set();
    this._shown = new Map();
  }

  protected override render(): unknown {
    if (this.#node === null) {
      return html`<p class="note">${localize("json.unreadable")}</p>
        <oye-raw-text .text=${this.text}></oye-raw-text>`;
    }
    return html`<div role="group">${this.#render(this.#node, [])}</div>`;
  }

  #render(node: JsonNode, path: readonly string[], name?: string): unknown {
    const label =
      name === undefined
        ? nothing
        : html`<span class="name"><oye-id still .value=${name}></oye-id></span>: `;
    const note = this.#note(path);
    switch (node.kind) {
      case "string":
        return html`${label}<oye-id room="120" .value=${node.text}></oye-id>${note}`;
      case "number":
      case "literal":
        return html`${label}<span class=${node.kind}>${node.text}</span>${note}`;
      case "object":
      case "array":
        return this.#branch(node, path, label, note);
    }
  }

  #branch(
    node: Extract<JsonNode, { kind: "object" | "array" }>,
    path: readonly string[],
    label: unknown,
    note: unknown,
  ): unknown {
    const key = JSON.stringify(path);
    const children = childrenOf(node);
    const isOpen = path.length < this.depth !== this._toggled.has(key);
    const toggle = (): void => {
      const toggled = new Set(this._toggled);
      if (!toggled.delete(key)) toggled.add(key);
      this._toggled = toggled;
    };
    return html`<button
        class="toggle"
        type="button"
        aria-expanded=${isOpen ? "true" : "false"}
        @click=${toggle}
      >
        <oye-icon name=${isOpen ? "chevron-down" : "chevron-right"}></oye-icon>
        <span
          >${label}<span class="note">${plural("json.items", children.length)}</span></span
        ></button
      >${note} ${isOpen ? this.#children(children, path, key) : nothing}`;
  }

  #children(
    children: readonly (readonly [string, JsonNode])[],
    path: readonly string[],
    key: string,
  ): unknown {
    const room = this._shown.get(key) ?? AT_ONCE;
    const more = children.length - room;
    const showMore = (): void => {
      this._shown = new Map(this._shown).set(key, room + AT_ONCE);
    };
    return html`<ul>
      ${children
        .slice(0, room)
        .map(([name, child]) => html`<li>${this.#render(child, [...path, name], name)}</li>`)}
      ${
        more > 0
          ? html`<li>
              <button class="link" type="button" @click=${showMore}>
                ${plural("json.more", more)}
              </button>
            </li>`
          : nothing
      }
    </ul>`;
  }

  #note(path: readonly string[]): unknown {
    const note = this.annotate(path);
    if (note === null) return nothing;
    return html` <span class="note ${note.fault === true ? "fault" : ""}">${note.text}</span>`;
  }
}

function childrenOf(
  node: Extract<JsonNode, { kind: "object" | "array" }>,
): readonly (readonly [string, JsonNode])[] {
  if (node.kind === "object") return node.members;
  return node.items.map((item, index) => [String(index), item] as const);
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-json-tree": OyeJsonTree;
  }
}
