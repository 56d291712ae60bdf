import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import {
  blankOf,
  inputOfValue,
  problemsOf,
  valueAt,
  valueOfInput,
  withValueAt,
  type Field,
  type FieldProblem,
  type Json,
  type Path,
} from "../domain/schema-form.ts";
import { localMoment, momentOfLocal } from "../domain/moments.ts";
import { meaningOf } from "../domain/schema-notes.ts";
import { payloadForm } from "../styles/payload-form.ts";
import { base, plainButton } from "../styles/shared.ts";
import { localize, plural } from "../texts/localize.ts";
import { emit, OyeElement } from "./oye-element.ts";
import "./oye-icon.ts";

/** A form of a schema; emits `oye-value` with the changed payload. */
@customElement("oye-payload-form")
export class OyePayloadForm extends OyeElement {
  static override styles = [base, plainButton, payloadForm];

  @property({ attribute: false }) field!: Field;
  @property({ attribute: false }) value: Json | undefined;
  /** Point at what is missing as well: set when the reader has tried to send. */
  @property({ type: Boolean }) strict = false;
  #problems = new Map<string, FieldProblem["code"]>();

  protected override willUpdate(): void {
    const problems = problemsOf(this.field, this.value);
    this.#problems = new Map(problems.map(({ path, code }) => [JSON.stringify(path), code]));
  }

  // A select that the reader has used goes by the property alone.
  protected override updated(): void {
    for (const option of this.renderRoot.querySelectorAll<HTMLOptionElement>("option[selected]"))
      option.selected = true;
  }

  protected override render(): unknown {
    if (this.field.fields.length === 0)
      return html`<p class="none">${localize("composer.no_fields")}</p>`;
    return html`<div class="fields">${this.#members(this.field, [])}</div>`;
  }

  #members(field: Field, path: Path): unknown {
    const required = field.fields.filter((one) => one.required);
    const has = (one: Field): boolean => valueAt(this.value, [...path, one.name]) !== undefined;
    // Every object of 2.x may have `customData`; who wants some adds it as JSON.
    const optional = field.fields.filter(
      (one) => !one.required && (one.name !== "customData" || has(one)),
    );
    const isSet = optional.some(has);
    return html`${required.map((one) => this.#field(one, [...path, one.name]))}
    ${
      optional.length === 0
        ? nothing
        : html`<details ?open=${isSet || required.length === 0 || optional.length <= 3}>
            <summary>${plural("composer.optional", optional.length)}</summary>
            <div class="fields">
              ${optional.map((one) => this.#field(one, [...path, one.name]))}
            </div>
          </details>`
    }`;
  }

  #field(field: Field, path: Path): unknown {
    const value = valueAt(this.value, path);
    if (field.kind === "object") return this.#object(field, path, value);
    if (field.kind === "list") return this.#list(field, path, value);
    const id = `field-${path.join("-")}`;
    const problem = this.#problem(path);
    const hint = meaningOf(field);
    return html`<div class="field">
      ${this.#label(field, path, id)}
      <div class="entry">
        ${this.#control(field, path, id, value, problem !== null)}
        ${field.unit === null ? nothing : html`<span class="hint">${field.unit}</span>`}
      </div>
      ${problem === null ? nothing : html`<span class="problem" id="${id}-problem">${problem}</span>`}
      ${hint === "" ? nothing : html`<span class="hint" id="${id}-hint">${hint}</span>`}
    </div>`;
  }

  #label(field: Field, path: Path, id: string): unknown {
    const name = nameOf(path);
    return html`<label for=${id}
      >${name}${
        field.required
          ? html`<span class="required" title=${localize("composer.required")}> *</span>`
          : nothing
      }</label
    >`;
  }

  #control(
    field: Field,
    path: Path,
    id: string,
    value: Json | undefined,
    isWrong: boolean,
  ): unknown {
    const input = inputOfValue(field, value);
    const change = (event: Event): void => {
      const { value: typed } = event.target as HTMLInputElement;
      this.#set(path, valueOfInput(field, typed));
    };
    const describedBy = isWrong ? `${id}-problem` : nothing;
    switch (field.kind) {
      case "choice":
        return this.#select(id, field.choices, input, isWrong, describedBy, change);
      case "boolean":
        return this.#select(id, ["true", "false"], input, isWrong, describedBy, change);
      case "date-time":
        return this.#moment(id, path, input, isWrong, describedBy);
      case "any":
        return html`<textarea
          id=${id}
          rows="2"
          spellcheck="false"
          aria-invalid=${isWrong ? "true" : "false"}
          aria-describedby=${describedBy}
          .value=${input}
          @change=${change}
        ></textarea>`;
      case "integer":
      case "number":
      case "text":
      case "object":
      case "list":
        return html`<input
          id=${id}
          autocomplete="off"
          spellcheck="false"
          inputmode=${field.kind === "text" ? "text" : field.kind === "integer" ? "numeric" : "decimal"}
          aria-required=${field.required ? "true" : "false"}
          aria-invalid=${isWrong ? "true" : "false"}
          aria-describedby=${describedBy}
          .value=${input}
          @input=${change}
        />`;
    }
  }

  #select(
    id: string,
    choices: readonly string[],
    input: string,
    isWrong: boolean,
    describedBy: unknown,
    change: (event: Event) => void,
  ): unknown {
    const isOther = input !== "" && !choices.includes(input);
    return html`<select
      id=${id}
      aria-invalid=${isWrong ? "true" : "false"}
      aria-describedby=${describedBy}
      @change=${change}
    >
      <option value="" ?selected=${input === ""}>${localize("composer.not_set")}</option>
      ${isOther ? html`<option value=${input} selected>${input.slice(0, 60)}</option>` : nothing}
      ${choices.map((choice) => html`<option value=${choice} ?selected=${choice === input}>${choice}</option>`)}
    </select>`;
  }

  #moment(id: string, path: Path, input: string, isWrong: boolean, describedBy: unknown): unknown {
    const change = (event: Event): void => {
      this.#set(path, momentOfLocal((event.target as HTMLInputElement).value) ?? undefined);
    };
    const now = (): void => {
      this.#set(path, new Date().toISOString());
    };
    return html`<input
        id=${id}
        type="datetime-local"
        step="1"
        aria-invalid=${isWrong ? "true" : "false"}
        aria-describedby=${describedBy}
        .value=${localMoment(input)}
        @change=${change}
      />
      <button class="link" type="button" @click=${now}>${localize("composer.now")}</button>`;
  }

  #object(field: Field, path: Path, value: Json | undefined): unknown {
    if (value === undefined) return this.#absent(field, path);
    return html`<fieldset class="group">
      <legend>${nameOf(path)} ${field.required ? nothing : this.#remove(path)}</legend>
      <div class="fields">${this.#members(field, path)}</div>
    </fieldset>`;
  }

  #list(field: Field, path: Path, value: Json | undefined): unknown {
    const items = Array.isArray(value) ? (value as readonly Json[]) : [];
    const problem = this.#problem(path);
    const { item } = field;
    const add = (): void => {
      const blank = item === null ? "" : (blankOf(item) ?? "");
      this.#set(path, [...items, blank]);
    };
    const isFull = field.maxItems !== null && items.length >= field.maxItems;
    return html`<fieldset class="group">
      <legend>
        ${nameOf(path)}${field.required ? html`<span class="required"> *</span>` : nothing}
      </legend>
      ${items.map(
        (_, index) =>
          html`<div class="item">
            ${item === null ? nothing : this.#field(item, [...path, index])}
            ${this.#remove([...path, index])}
          </div>`,
      )}
      ${problem === null ? nothing : html`<p class="problem">${problem}</p>`}
      <button class="link" type="button" ?disabled=${isFull} @click=${add}>
        ${localize("composer.add", { name: nameOf(path) })}
      </button>
    </fieldset>`;
  }

  #absent(field: Field, path: Path): unknown {
    const add = (): void => {
      this.#set(path, blankOf(field) ?? {});
    };
    return html`<div class="absent">
      <button class="link" type="button" @click=${add}>
        ${localize("composer.add", { name: nameOf(path) })}
      </button>
      <span class="hint">${meaningOf(field)}</span>
    </div>`;
  }

  #remove(path: Path): unknown {
    const remove = (): void => {
      this.#set(path, undefined);
    };
    return html`<button
      class="plain"
      type="button"
      aria-label=${localize("composer.remove", { name: nameOf(path) })}
      @click=${remove}
    >
      <oye-icon name="close"></oye-icon>
    </button>`;
  }

  #problem(path: Path): string | null {
    const code = this.#problems.get(JSON.stringify(path));
    if (code === undefined || (code === "missing" && !this.strict)) return null;
    return localize(`composer.problem.${code}`);
  }

  #set(path: Path, value: Json | undefined): void {
    emit(this, "oye-value", withValueAt(this.value, path, value) ?? {});
  }
}

function nameOf(path: Path): string {
  const step = path.at(-1);
  return typeof step === "number" ? `${step + 1}` : (step ?? "");
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-payload-form": OyePayloadForm;
  }
}
