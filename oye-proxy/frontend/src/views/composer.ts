import { consume } from "@lit/context";
import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { ApiError, type ApiClient } from "../api/client.ts";
import type { ChargerState } from "../api/types.gen.ts";
import { choicesOf, counterpartOf, versionOf } from "../domain/commands.ts";
import { firstPayload, STARTS } from "../domain/first-payloads.ts";
import { partsOf } from "../domain/frame-text.ts";
import { knownTags } from "../domain/id-tags.ts";
import { faultLineOf } from "../domain/json.ts";
import { obstacleOf } from "../domain/outcomes.ts";
import type { Json } from "../domain/schema-form.ts";
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
import "../elements/oye-send-bar.ts";
import "../elements/oye-skeleton.ts";
import { toast } from "../elements/oye-toasts.ts";
import { hashOf, navigate, type Route } from "../router.ts";
import { clientContext, liveContext, sessionContext } from "../state/contexts.ts";
import { Draft } from "../state/draft.ts";
import { Injector } from "../state/injector.ts";
import type { LiveStore } from "../state/live-store.ts";
import { Observe } from "../state/observe.ts";
import { OnReturn } from "../state/on-return.ts";
import { PayloadShelf, type ShelvedPayload } from "../state/payload-shelf.ts";
import { browserStorage } from "../state/preferences.ts";
import type { Session } from "../state/session.ts";
import { base, page, panel, plainButton } from "../styles/shared.ts";
import { composerStyles } from "../styles/composer.ts";
import { errorText } from "../texts/errors.ts";
import { localize } from "../texts/localize.ts";
import { obstacleText } from "../texts/obstacles.ts";
import { questionOf, questionOfServer, type Question } from "../texts/questions.ts";

/** Build a CALL, check it, send it to a charger, and follow it until it is answered. */
@customElement("oye-view-composer")
export class OyeViewComposer extends OyeElement {
  static override styles = [base, page, panel, plainButton, composerStyles];

  @consume({ context: clientContext }) readonly client!: ApiClient;
  @consume({ context: liveContext }) readonly live!: LiveStore;
  @consume({ context: sessionContext }) readonly session!: Session;
  @property({ attribute: false }) route!: Route;
  @state() private _question: Question | null = null;
  #from = "";
  readonly #shelf = new PayloadShelf(browserStorage());
  readonly #draft = new Draft(
    this,
    () => this.client,
    () => this.#begin(),
  );
  readonly #injector = new Injector(
    this,
    () => this.client,
    () => this.live,
  );
  protected readonly observeLive = new Observe(this, () => this.live);
  protected readonly onReturn = new OnReturn(this, () => {
    this.#draft.retry();
  });

  protected override willUpdate(_changed: PropertyValues<this>): void {
    // Which form is meant is not known before the charger is.
    if (!this.live.loaded) return;
    if (this.#draft.follow(versionOf(this.#charger), this.#action)) this.#injector.clear();
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
    const draft = this.#draft;
    if (draft.failure !== null) {
      return html`<oye-notice kind="error" retry @oye-retry=${draft.retry}
        >${errorText(draft.failure)}</oye-notice
      >`;
    }
    const { wanted, sent, failure } = this.#injector;
    const answered = wanted?.action === this.#action;
    return html`<div class="columns">
        <div class="main">
          <oye-composer-target
            .chargers=${this.live.chargers}
            .chargePointId=${this.#id}
            .actions=${draft.actions ?? []}
            .version=${draft.version}
            .action=${this.#action}
            .custom=${draft.isCustom}
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
            .text=${draft.text}
            .sent=${wanted}
            @oye-load=${this.#load}
          ></oye-payload-shelves>
        </div>
      </div>
      ${this.#confirm()}`;
  }

  /** What needs no message of one's own; it stays, so that the form does not move. */
  #quickActions(): unknown {
    const charger = this.#charger;
    if (charger === undefined || !this.session.can("control")) return nothing;
    return html`<oye-quick-actions
      .charger=${charger}
      ?off=${obstacleOf(charger, this.live.live) !== null}
    ></oye-quick-actions>`;
  }

  #payload(): unknown {
    const draft = this.#draft;
    if (this.#action === "" && !draft.named) {
      return html`<oye-notice
          >${localize("composer.begin")}
          ${
            this.#charger === undefined
              ? nothing
              : html`<a slot="action" href=${hashOf(["chargers", this.#id])}
                  >${localize("composer.to_charger")}</a
                >`
          }</oye-notice
        >${this.#suggestions()}`;
    }
    return html`<oye-payload-editor
      .action=${this.#action}
      .field=${draft.form}
      .loading=${draft.loading}
      .text=${draft.text}
      .strict=${draft.tried || this.#isBarred}
      ?enforced=${this.#isEnforced}
      @oye-text=${this.#edit}
      >${this.#sendBar()}</oye-payload-editor
    >`;
  }

  #suggestions(): unknown {
    const { version, actions } = this.#draft;
    if (this.#charger === undefined || actions === null) return nothing;
    return html`<nav class="common" aria-label=${localize("composer.common")}>
      ${choicesOf(version, actions).common.map(
        ({ action }) => html`<a href=${hashOf(["compose", this.#id, action])}>${action}</a>`,
      )}
    </nav>`;
  }

  #sendBar(): unknown {
    const draft = this.#draft;
    return html`<oye-send-bar
      .obstacle=${this.#obstacle()}
      ?busy=${this.#injector.busy}
      ?ready=${this.#action !== "" && draft.payload !== null}
      ?anyway=${draft.tried && draft.breaksSchema && !this.#isBarred}
      @oye-send=${this.#send}
      >${this.#progress()}</oye-send-bar
    >`;
  }

  /** Why nothing can be sent now, in words. */
  #obstacle(): string | null {
    if (!this.session.can("control")) return localize("error.not_permitted");
    const obstacle = obstacleText(this.#charger, this.live.chargers.values(), this.live.live);
    if (obstacle !== null) return obstacle;
    const { payload, text } = this.#draft;
    if (payload === null) return localize("composer.json_fault", { line: faultLineOf(text) ?? 1 });
    return this.#isBarred ? localize("composer.obstacle.schema") : null;
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

  /** The server sends no command that breaks its schema. */
  get #isEnforced(): boolean {
    return this.live.proxy?.validation === "enforce";
  }

  get #isBarred(): boolean {
    return this.#isEnforced && this.#draft.breaksSchema;
  }

  async #begin(): Promise<Json | undefined> {
    const { version, action } = this.#draft;
    const charger = this.#charger;
    const idTag = STARTS.has(action) ? await this.#readTag() : null;
    return firstPayload(version, action, { charger, idTag, now: Date.now() });
  }

  // The tag that the proxy starts with; the reader enters one where it may not be read.
  async #readTag(): Promise<string | null> {
    try {
      const { defaultIdTag } = await this.client.call("GET /api/config", {});
      return defaultIdTag === "" ? await this.#acceptedTag() : defaultIdTag;
    } catch {
      return null;
    }
  }

  async #acceptedTag(): Promise<string | null> {
    const query = { chargePointId: this.#id, limit: 50 };
    const page = await this.client.call("GET /api/transactions", { query });
    return knownTags(page.transactions, [])[0]?.idTag ?? null;
  }

  async #readFrom(row: string): Promise<void> {
    try {
      const detail = await this.client.call("GET /api/exchanges/{frame_row}", {
        path: { frame_row: Number(row) },
      });
      const payload = partsOf(detail.request.text)?.payload;
      if (row === this.#from && payload !== undefined) this.#draft.show(this.#action, payload);
    } catch (error) {
      toast(this, errorText(error), "fault");
    }
  }

  #go(id: string, action: string): void {
    navigate(action === "" ? ["compose", id] : ["compose", id, action]);
  }

  async #inject(confirm: boolean): Promise<void> {
    const { payload, text } = this.#draft;
    if (payload === null) return;
    const action = this.#action;
    this.#shelf.remember(action, text, Date.now());
    try {
      await this.#injector.send({
        chargePointId: this.#id,
        action,
        payload,
        confirm,
      });
    } catch (error) {
      if (error instanceof ApiError) this._question = questionOfServer(error);
    }
  }

  #send = (): void => {
    // What breaks its schema is pointed at first; a second press sends it.
    if (this.#draft.attempt() && this.#draft.breaksSchema) return;
    this._question = questionOf(this.#draft.known);
    if (this._question === null) void this.#inject(false);
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
    const version = versionOf(this.live.chargers.get(event.detail));
    this.#go(event.detail, counterpartOf(this.#action, version));
  };

  #chooseAction = (event: CustomEvent<string | null>): void => {
    this.#draft.named = event.detail === null;
    this.#go(this.#id, event.detail ?? "");
  };

  #nameAction = (event: CustomEvent<string>): void => {
    this.#draft.rename(event.detail);
    this.#go(this.#id, event.detail);
  };

  #edit = (event: CustomEvent<string>): void => {
    this.#draft.edit(event.detail);
  };

  #load = (event: CustomEvent<ShelvedPayload>): void => {
    this.#draft.show(event.detail.action, event.detail.text);
    this.#go(this.#id, event.detail.action);
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-view-composer": OyeViewComposer;
  }
}
