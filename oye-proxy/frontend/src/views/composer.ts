import { consume } from "@lit/context";
import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { ApiError, type ApiClient } from "../api/client.ts";
import type { ActionSchemas, ChargerState } from "../api/types.gen.ts";
import { hasWaited, latencyOf } from "../domain/command-progress.ts";
import { chargersToCommand, choicesOf, versionOf } from "../domain/commands.ts";
import { partsOf } from "../domain/frame-text.ts";
import { obstacleOf, outcomeOf } from "../domain/outcomes.ts";
import { blankOf, problemsOf, type Field, type Json } from "../domain/schema-form.ts";
import { plainText, shortened } from "../domain/text.ts";
import { unitsOf } from "../domain/units.ts";
import "../elements/oye-confirm.ts";
import { OyeElement } from "../elements/oye-element.ts";
import "../elements/oye-icon.ts";
import "../elements/oye-id.ts";
import "../elements/oye-json-editor.ts";
import "../elements/oye-json-tree.ts";
import "../elements/oye-notice.ts";
import "../elements/oye-payload-form.ts";
import "../elements/oye-payload-shelf.ts";
import "../elements/oye-skeleton.ts";
import { toast } from "../elements/oye-toasts.ts";
import { hashOf, navigate, type Route } from "../router.ts";
import { clientContext, liveContext, sessionContext } from "../state/contexts.ts";
import { Injector } from "../state/injector.ts";
import type { LiveStore } from "../state/live-store.ts";
import { Observe } from "../state/observe.ts";
import { PayloadShelf, type ShelvedPayload } from "../state/payload-shelf.ts";
import { browserStorage } from "../state/preferences.ts";
import { Schemas } from "../state/schemas.ts";
import type { Session } from "../state/session.ts";
import { base, page, panel, plainButton } from "../styles/shared.ts";
import { composerStyles } from "../styles/composer.ts";
import { errorText } from "../texts/errors.ts";
import { language, localize, localizeCode } from "../texts/localize.ts";

const CUSTOM = "~custom";

interface Question {
  readonly lockout: boolean;
  /** The server wants to hear that it was asked. */
  readonly guarded: boolean;
  readonly effect: string;
}

/** Build a CALL, check it, send it to a charger, and follow it until it is answered. */
@customElement("oye-view-composer")
export class OyeViewComposer extends OyeElement {
  static override styles = [base, page, panel, plainButton, composerStyles];

  @consume({ context: clientContext }) readonly client!: ApiClient;
  @consume({ context: liveContext }) readonly live!: LiveStore;
  @consume({ context: sessionContext }) readonly session!: Session;
  @property({ attribute: false }) route!: Route;
  @state() private _actions: readonly ActionSchemas[] | null = null;
  @state() private _field: Field | null | "loading" = null;
  @state() private _text = "{}";
  @state() private _face: "form" | "json" = "form";
  @state() private _tried = false;
  @state() private _custom = false;
  @state() private _question: Question | null = null;
  @state() private _failure: string | null = null;
  @state() private _name = "";
  #schemas: Schemas | null = null;
  #version = "";
  #shown = "";
  #from = "";
  readonly #shelf = new PayloadShelf(browserStorage());
  readonly #injector = new Injector(
    this,
    () => this.client,
    () => this.live,
  );
  protected readonly observeLive = new Observe(this, () => this.live);

  protected override willUpdate(_changed: PropertyValues<this>): void {
    this.#schemas ??= new Schemas(this.client);
    const version = versionOf(this.#charger);
    if (this.live.loaded && version !== this.#version) {
      this.#version = version;
      this.#shown = "";
      void this.#readActions();
    }
    const shown = `${version} ${this.#action}`;
    if (this._actions !== null && shown !== this.#shown) {
      this.#shown = shown;
      void this.#readForm();
    }
    const from = this.route.query.get("from") ?? "";
    if (from !== this.#from) {
      this.#from = from;
      if (from !== "") void this.#readFrom(from);
    }
  }

  protected override render(): unknown {
    return html`<div class="head"><h1>${localize("view.compose")}</h1></div>
      ${this.#content()}`;
  }

  #content(): unknown {
    if (!this.live.loaded) return html`<oye-skeleton shape="rows" count="6"></oye-skeleton>`;
    if (this._failure !== null) {
      return html`<oye-notice kind="error" retry @oye-retry=${this.#retry}
        >${this._failure}</oye-notice
      >`;
    }
    return html`<div class="columns">
        <div class="main">${this.#target()} ${this.#payload()} ${this.#answer()}</div>
        <div class="side">${this.#shelves()}</div>
      </div>
      ${this.#confirm()}`;
  }

  #target(): unknown {
    return html`<section class="panel">
      <div class="body target">
        <label class="choice">
          <span>${localize("composer.charger")}</span>
          <select @change=${this.#chooseCharger}>
            ${this.#chargerOptions()}
          </select>
        </label>
        <label class="choice">
          <span>${localize("composer.action")}</span>
          <select @change=${this.#chooseAction}>
            ${this.#actionOptions()}
          </select>
        </label>
        ${
          this.#isCustom
            ? html`<label class="choice">
                <span>${localize("composer.custom_name")}</span>
                <input
                  autocomplete="off"
                  spellcheck="false"
                  maxlength="100"
                  .value=${this.#action}
                  @change=${this.#nameAction}
                />
              </label>`
            : nothing
        }
      </div>
    </section>`;
  }

  #chargerOptions(): unknown {
    const chargers = chargersToCommand(this.live.chargers.values());
    const id = this.#id;
    const isKnown = this.live.chargers.has(id);
    return html`${
      isKnown
        ? nothing
        : html`<option value="" selected>
            ${id === "" ? localize("composer.choose_charger") : plainText(shortened(id, 40))}
          </option>`
    }
    ${chargers.map(
      (one, index) =>
        html`<option value=${index} ?selected=${one.chargePointId === id}>
          ${plainText(shortened(one.chargePointId, 40))} ·
          ${one.ocppVersion ?? ""}${one.connected ? "" : ` · ${localize("state.offline")}`}
        </option>`,
    )}`;
  }

  #actionOptions(): unknown {
    const { common, others } = choicesOf(this.#version, this._actions ?? []);
    const option = ({ action }: ActionSchemas): unknown =>
      html`<option value=${action} ?selected=${action === this.#action && !this._custom}>
        ${action}
      </option>`;
    return html`${
        this.#action === "" && !this._custom
          ? html`<option value="" selected>${localize("composer.choose_action")}</option>`
          : nothing
      }
      <optgroup label=${localize("composer.common")}>${common.map(option)}</optgroup>
      <optgroup label=${localize("composer.others")}>${others.map(option)}</optgroup>
      <option value=${CUSTOM} ?selected=${this.#isCustom}>${localize("composer.custom")}</option>`;
  }

  #payload(): unknown {
    if (this.#action === "" && !this._custom) {
      return html`<oye-notice
        >${localize("composer.begin")}
        ${
          this.#charger === undefined
            ? nothing
            : html`<a slot="action" href=${hashOf(["chargers", this.#id])}
                >${localize("composer.to_charger")}</a
              >`
        }</oye-notice
      >`;
    }
    const hasForm = this.#form !== null;
    const face = hasForm ? this._face : "json";
    return html`<section class="panel">
      <header>
        <h2><oye-id room="60" .value=${this.#action || localize("composer.custom")}></oye-id></h2>
        ${hasForm ? this.#faces() : nothing}
      </header>
      <div class="body">
        ${this.#notes()}
        ${this._field === "loading" ? html`<oye-skeleton shape="rows" count="4"></oye-skeleton>` : this.#face(face)}
      </div>
      ${this.#sendBar()}
    </section>`;
  }

  #faces(): unknown {
    const button = (face: "form" | "json"): unknown => {
      const show = (): void => {
        this._face = face;
      };
      return html`<button
        type="button"
        aria-pressed=${this._face === face ? "true" : "false"}
        @click=${show}
      >
        ${localize(`composer.${face}`)}
      </button>`;
    };
    return html`<div class="switch" role="group" aria-label=${localize("composer.faces")}>
      ${button("form")} ${button("json")}
    </div>`;
  }

  #face(face: "form" | "json"): unknown {
    const form = this.#form;
    if (face === "json" || form === null) {
      return html`<oye-json-editor
        label=${localize("composer.json_label")}
        .value=${this._text}
        @oye-change=${this.#typeJson}
      ></oye-json-editor>`;
    }
    const value = readObject(this._text);
    if (value === null) {
      return html`<oye-notice kind="error"
        >${localize("composer.bad_json")}
        <button class="link" slot="action" type="button" @click=${this.#showJson}>
          ${localize("composer.to_json")}
        </button></oye-notice
      >`;
    }
    return html`<oye-payload-form
      .field=${form}
      .value=${value}
      ?strict=${this._tried}
      @oye-value=${this.#edit}
    ></oye-payload-form>`;
  }

  #notes(): unknown {
    if (this._field === "loading") return nothing;
    if (this.#form === null) return this.#note(localize("composer.no_schema"));
    const value = readObject(this._text);
    const problems = value === null ? [] : problemsOf(this.#form, value);
    if (!this._tried || problems.length === 0) return nothing;
    return this.#note(
      html`${localize("composer.breaks_schema")}
        <ul>
          ${problems
            .slice(0, 8)
            .map(
              ({ path, code }) =>
                html`<li>
                  <oye-id .value=${path.join(".") || "$"}></oye-id>:
                  ${localize(`composer.problem.${code}`)}
                </li>`,
            )}
        </ul>`,
    );
  }

  #note(text: unknown): unknown {
    return html`<div class="note">
      <oye-icon name="info"></oye-icon>
      <div>${text}</div>
    </div>`;
  }

  #sendBar(): unknown {
    const obstacle = this.#obstacle();
    const isUnready = this.#action === "" || readObject(this._text) === null;
    return html`<div class="send">
      <wa-button
        variant="brand"
        ?loading=${this.#injector.busy}
        ?disabled=${obstacle !== null || isUnready || this.#injector.busy}
        @click=${this.#send}
        >${localize(this._tried && this.#breaksSchema ? "composer.send_anyway" : "composer.send")}</wa-button
      >
      <div class="progress" role="status">
        ${obstacle === null || this.#injector.busy ? this.#progress() : obstacle}
      </div>
    </div>`;
  }

  /** Why nothing can be sent now, in words. */
  #obstacle(): string | null {
    if (!this.session.can("control")) return localize("error.not_permitted");
    const charger = this.#charger;
    if (charger === undefined) {
      const isAny = [...this.live.chargers.values()].some((one) => one.connected);
      return localize(isAny ? "composer.choose_first" : "composer.none_online");
    }
    const obstacle = obstacleOf(charger, this.live.live);
    return obstacle === null ? null : localize(`composer.obstacle.${obstacle}`);
  }

  #progress(): unknown {
    const { progress, wanted, failure, sent, busy } = this.#injector;
    if (wanted?.action !== this.#action) return nothing;
    const words: unknown[] = [];
    if (progress !== null && hasWaited(progress)) words.push(localize("composer.step.queued"));
    if (progress?.steps.includes("sent") === true) words.push(localize("composer.step.sent"));
    if (busy && progress === null) words.push(localize("composer.step.asked"));
    if (failure !== null) words.push(html`<span class="fault">${errorText(failure)}</span>`);
    if (sent !== null) words.push(this.#outcome());
    return words.map(
      (word, index) =>
        html`${index === 0 ? nothing : html`<span class="arrow" aria-hidden="true"> → </span>`}<span
            >${word}</span
          >`,
    );
  }

  #outcome(): unknown {
    const { sent, progress } = this.#injector;
    if (sent === null) return nothing;
    const outcome = outcomeOf(sent);
    const status =
      outcome.status ??
      localize(`composer.step.${outcome.kind === "refused" ? "refused" : "answered"}`);
    const latency = progress === null ? null : latencyOf(progress);
    const text =
      latency === null
        ? plainText(shortened(status, 80))
        : localize("composer.in_time", {
            status: plainText(shortened(status, 80)),
            time: unitsOf(language()).latency(latency),
          });
    return html`<span class=${outcome.kind === "refused" ? "fault" : "good"}>${text}</span>`;
  }

  #answer(): unknown {
    const { sent, failure, wanted } = this.#injector;
    if (wanted?.action !== this.#action) return nothing;
    const answer = sent?.response ?? failure?.problem.details;
    const warnings = sent?.warnings ?? [];
    const messageId = sent?.messageId ?? failure?.problem.messageId;
    if (answer === undefined && warnings.length === 0 && messageId === undefined) return nothing;
    const filter = `charger:${quoted(wanted.chargePointId)} ${quoted(messageId ?? "")}`;
    return html`<section class="panel">
      <header>
        <h2>${localize("composer.answer")}</h2>
        ${
          messageId === undefined
            ? nothing
            : html`<a href=${hashOf(["live"], { q: filter })}
                >${localize("composer.show_in_live")}</a
              >`
        }
      </header>
      <div class="body">
        ${failure?.problem.description === undefined ? nothing : html`<p><oye-id room="300" .value=${failure.problem.description}></oye-id></p>`}
        ${warnings.map((warning) => this.#note(warning))}
        ${answer === undefined ? nothing : html`<oye-json-tree depth="6" .text=${JSON.stringify(answer)}></oye-json-tree>`}
      </div>
    </section>`;
  }

  #shelves(): unknown {
    return html`<oye-payload-shelf
        heading=${localize("composer.templates")}
        empty=${localize("composer.no_templates")}
        .payloads=${this.#shelf.templates}
        @oye-load=${this.#load}
        @oye-remove=${this.#removeTemplate}
      >
        ${
          this.#action === ""
            ? nothing
            : html`<form class="save" @submit=${this.#saveTemplate}>
                <input
                  aria-label=${localize("composer.template_name")}
                  placeholder=${localize("composer.template_name")}
                  maxlength="60"
                  .value=${this._name}
                  @input=${this.#typeName}
                />
                <wa-button
                  size="s"
                  type="submit"
                  appearance="outlined"
                  ?disabled=${this._name.trim() === ""}
                  >${localize("composer.save")}</wa-button
                >
              </form>`
        }
      </oye-payload-shelf>
      <oye-payload-shelf
        heading=${localize("composer.history")}
        empty=${localize("composer.no_history")}
        .payloads=${this.#shelf.history}
        @oye-load=${this.#load}
      ></oye-payload-shelf>`;
  }

  #confirm(): unknown {
    const question = this._question;
    return html`<oye-confirm
      ?open=${question !== null}
      heading=${localize("composer.confirm", { action: plainText(shortened(this.#action, 60)) })}
      action=${localize("composer.send")}
      .subject=${this.#id}
      .typed=${question?.lockout === true ? this.#id : ""}
      @oye-confirm=${this.#confirmed}
      @oye-close=${this.#declined}
      ><p>${question?.effect ?? ""}</p></oye-confirm
    >`;
  }

  get #id(): string {
    return this.route.path[1] ?? "";
  }

  get #action(): string {
    return this.route.path[2] ?? "";
  }

  get #charger(): ChargerState | undefined {
    return this.live.chargers.get(this.#id);
  }

  get #known(): ActionSchemas | undefined {
    return this._actions?.find((one) => one.action === this.#action);
  }

  get #isCustom(): boolean {
    return (
      this._custom || (this.#action !== "" && this._actions !== null && this.#known === undefined)
    );
  }

  get #form(): Field | null {
    return this._field === "loading" ? null : this._field;
  }

  get #breaksSchema(): boolean {
    const value = readObject(this._text);
    return this.#form !== null && value !== null && problemsOf(this.#form, value).length > 0;
  }

  async #readActions(): Promise<void> {
    this._failure = null;
    try {
      this._actions = (await this.#schemas?.actions(this.#version)) ?? [];
    } catch (error) {
      this._failure = errorText(error);
    }
  }

  async #readForm(): Promise<void> {
    const shown = this.#shown;
    const known = this.#known;
    this._tried = false;
    this.#injector.clear();
    if (known === undefined) {
      this._field = null;
      return;
    }
    this._custom = false;
    this._field = "loading";
    const field = (await this.#schemas?.form(this.#version, known.request)) ?? null;
    if (shown !== this.#shown) return;
    this._field = field;
    if (field !== null && this._text.trim() === "{}") this.#put(blankOf(field) ?? {});
  }

  async #readFrom(row: string): Promise<void> {
    try {
      const detail = await this.client.call("GET /api/exchanges/{frame_row}", {
        path: { frame_row: Number(row) },
      });
      const payload = partsOf(detail.request.text)?.payload;
      if (row === this.#from && payload !== undefined) this.#show(payload);
    } catch (error) {
      toast(this, errorText(error), "fault");
    }
  }

  #show(text: string): void {
    try {
      this._text = JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      this._text = text;
    }
  }

  #put(value: Json): void {
    this._text = JSON.stringify(value, null, 2);
  }

  #go(id: string, action: string): void {
    navigate(action === "" ? ["compose", id] : ["compose", id, action]);
  }

  #ask(error: ApiError): void {
    this._question = {
      lockout: error.problem.guard === "lockout",
      guarded: true,
      effect: error.message,
    };
  }

  async #inject(confirm: boolean): Promise<void> {
    const payload = readObject(this._text);
    if (payload === null) return;
    const action = this.#action;
    this.#shelf.remember(action, this._text, Date.now());
    try {
      await this.#injector.send({
        chargePointId: this.#id,
        action,
        payload,
        confirm,
      });
    } catch (error) {
      if (error instanceof ApiError) this.#ask(error);
    }
  }

  #send = (): void => {
    // What breaks its schema is pointed at first; a second press sends it.
    const isFirst = !this._tried;
    this._tried = true;
    if (isFirst && this.#breaksSchema) return;
    const known = this.#known;
    if (known?.lockout === true || known?.destructive === true) {
      const effect =
        localizeCode("composer.effect", known.action) ??
        localize(known.lockout ? "composer.effect.lockout" : "composer.effect.other");
      this._question = { lockout: known.lockout, guarded: known.lockout, effect };
      return;
    }
    void this.#inject(false);
  };

  #confirmed = (): void => {
    const isGuarded = this._question?.guarded === true;
    this._question = null;
    void this.#inject(isGuarded);
  };

  #declined = (): void => {
    this._question = null;
  };

  #chooseCharger = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    const chosen = chargersToCommand(this.live.chargers.values())[Number(value)];
    if (value !== "" && chosen !== undefined) this.#go(chosen.chargePointId, this.#action);
  };

  #chooseAction = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    this._custom = value === CUSTOM;
    this._text = "{}";
    this.#go(this.#id, value === CUSTOM ? "" : value);
  };

  #nameAction = (event: Event): void => {
    this.#go(this.#id, (event.target as HTMLInputElement).value.trim());
  };

  #typeJson = (event: CustomEvent<string>): void => {
    this._text = event.detail;
  };

  #edit = (event: CustomEvent<Json>): void => {
    this.#put(event.detail);
  };

  #showJson = (): void => {
    this._face = "json";
  };

  #typeName = (event: Event): void => {
    this._name = (event.target as HTMLInputElement).value;
  };

  #saveTemplate = (event: Event): void => {
    event.preventDefault();
    const isKept = this.#shelf.save(this._name.trim(), this.#action, this._text, Date.now());
    if (isKept) this._name = "";
    else toast(this, localize("composer.not_kept"), "fault");
    this.requestUpdate();
  };

  #removeTemplate = (event: CustomEvent<string>): void => {
    this.#shelf.remove(event.detail);
    this.requestUpdate();
  };

  #load = (event: CustomEvent<ShelvedPayload>): void => {
    this.#show(event.detail.text);
    this.#go(this.#id, event.detail.action);
  };

  #retry = (): void => {
    void this.#readActions();
  };
}

function readObject(text: string): Readonly<Record<string, Json>> | null {
  try {
    const value = JSON.parse(text) as Json;
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Readonly<Record<string, Json>>) : null;
  } catch {
    return null;
  }
}

function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-view-composer": OyeViewComposer;
  }
}
