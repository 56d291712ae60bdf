import { consume } from "@lit/context";
import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { ApiError, type ApiClient } from "../api/client.ts";
import type { ActionSchemas, ChargerState } from "../api/types.gen.ts";
import { versionOf } from "../domain/commands.ts";
import { partsOf } from "../domain/frame-text.ts";
import { readObject } from "../domain/payload.ts";
import { obstacleOf } from "../domain/outcomes.ts";
import { blankOf, problemsOf, type Field, type Json } from "../domain/schema-form.ts";
import { plainText, shortened } from "../domain/text.ts";
import "../elements/oye-command-answer.ts";
import "../elements/oye-command-progress.ts";
import "../elements/oye-composer-target.ts";
import "../elements/oye-confirm.ts";
import { OyeElement } from "../elements/oye-element.ts";
import "../elements/oye-icon.ts";
import "../elements/oye-id.ts";
import "../elements/oye-notice.ts";
import "../elements/oye-payload-editor.ts";
import "../elements/oye-payload-shelves.ts";
import "../elements/oye-quick-actions.ts";
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
import { localize, localizeCode } from "../texts/localize.ts";

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
  @state() private _tried = false;
  @state() private _custom = false;
  @state() private _question: Question | null = null;
  @state() private _failure: string | null = null;
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
    const { wanted, sent, failure } = this.#injector;
    const answered = wanted?.action === this.#action;
    return html`<div class="columns">
        <div class="main">
          <oye-composer-target
            .chargers=${this.live.chargers}
            .chargePointId=${this.#id}
            .actions=${this._actions ?? []}
            .version=${this.#version}
            .action=${this.#action}
            .custom=${this.#isCustom}
            @oye-charger=${this.#chooseCharger}
            @oye-action=${this.#chooseAction}
            @oye-action-name=${this.#nameAction}
          ></oye-composer-target>
          ${this.#quickActions()} ${this.#payload()}
          <oye-command-answer
            .wanted=${answered ? wanted : null}
            .sent=${sent}
            .failure=${failure}
          ></oye-command-answer>
        </div>
        <div>
          <oye-payload-shelves
            class="side"
            .shelf=${this.#shelf}
            .action=${this.#action}
            .text=${this._text}
            .sent=${wanted}
            @oye-load=${this.#load}
          ></oye-payload-shelves>
        </div>
      </div>
      ${this.#confirm()}`;
  }

  /** What needs no message of one's own. */
  #quickActions(): unknown {
    const charger = this.#charger;
    if (!charger?.connected || !this.session.can("control")) return nothing;
    return html`<oye-quick-actions
      .charger=${charger}
      ?off=${obstacleOf(charger, this.live.live) !== null}
    ></oye-quick-actions>`;
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
    return html`<oye-payload-editor
      .action=${this.#action}
      .field=${this.#form}
      .loading=${this._field === "loading"}
      .text=${this._text}
      .strict=${this._tried}
      @oye-text=${this.#edit}
      >${this.#sendBar()}</oye-payload-editor
    >`;
  }

  #sendBar(): unknown {
    const obstacle = this.#obstacle();
    const { busy } = this.#injector;
    const isUnready = this.#action === "" || readObject(this._text) === null;
    return html`<div class="send">
      <wa-button
        variant="brand"
        ?loading=${busy}
        ?disabled=${obstacle !== null || isUnready || busy}
        @click=${this.#send}
        >${localize(this._tried && this.#breaksSchema ? "composer.send_anyway" : "composer.send")}</wa-button
      >
      <div class="progress" role="status">
        ${obstacle === null || busy ? this.#progress() : obstacle}
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
    return html`<oye-command-progress
      .progress=${progress}
      .failure=${failure}
      .sent=${sent}
      .busy=${busy}
    ></oye-command-progress>`;
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

  #chooseCharger = (event: CustomEvent<string>): void => {
    this.#go(event.detail, this.#action);
  };

  #chooseAction = (event: CustomEvent<string | null>): void => {
    this._custom = event.detail === null;
    this._text = "{}";
    this.#go(this.#id, event.detail ?? "");
  };

  #nameAction = (event: CustomEvent<string>): void => {
    this.#go(this.#id, event.detail);
  };

  #edit = (event: CustomEvent<string>): void => {
    this._text = event.detail;
  };

  #load = (event: CustomEvent<ShelvedPayload>): void => {
    this.#show(event.detail.text);
    this.#go(this.#id, event.detail.action);
  };

  #retry = (): void => {
    void this.#readActions();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-view-composer": OyeViewComposer;
  }
}
