import { html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { IdTagEntry, TagVerdict } from "../api/types.gen.ts";
import { maskedTag } from "../domain/text.ts";
import { localize } from "../texts/localize.ts";
import { fieldOf } from "./light-element.ts";
import "./oye-confirm.ts";
import "./oye-id.ts";
import "./oye-state.ts";
import { PanelElement } from "./panel-element.ts";

/** The owner's id tags: names, who may charge without the CSMS, who never may. */
@customElement("oye-tag-list")
export class OyeTagList extends PanelElement<readonly IdTagEntry[]> {
  protected override readonly heading = "system.tags";
  @state() private _whole = false;
  @state() private _deleting: IdTagEntry | null = null;

  protected override read(): Promise<readonly IdTagEntry[]> {
    return this.client.call("GET /api/id-tags", {});
  }

  protected override tools(): unknown {
    if (this.data === null || this.data.length === 0) return nothing;
    return html`<button class="link" type="button" @click=${this.#reveal}>
      ${localize(this._whole ? "system.hide_tags" : "system.show_tags")}
    </button>`;
  }

  protected override content(tags: readonly IdTagEntry[]): unknown {
    return html`${
        tags.length === 0
          ? html`<p>${localize("system.no_tags")}</p>`
          : html`<table class="cards">
              <thead>
                <tr>
                  <th scope="col">${localize("transactions.tag")}</th>
                  <th scope="col">${localize("access.name")}</th>
                  <th scope="col">${localize("access.state")}</th>
                  <td></td>
                </tr>
              </thead>
              <tbody>
                ${tags.map((tag) => this.#row(tag))}
              </tbody>
            </table>`
      }
      <form autocomplete="off" @submit=${this.#add}>
        <label class="field small"
          ><span>${localize("transactions.tag")}</span>
          <input name="tag" spellcheck="false" maxlength="255" required
        /></label>
        <label class="field small"
          ><span>${localize("access.name")}</span> <input name="name" maxlength="100"
        /></label>
        <wa-button type="submit" size="s" variant="brand" ?disabled=${!this.live}
          >${localize("access.add")}</wa-button
        >
      </form>
      <oye-confirm
        .open=${this._deleting !== null}
        heading=${localize("system.remove_tag")}
        action=${localize("system.remove")}
        subject=${this._deleting?.name ?? maskedTag(this._deleting?.idTag ?? "")}
        @oye-close=${this.#close}
        @oye-confirm=${this.#remove}
        >${localize("system.remove_tag_effect")}</oye-confirm
      >`;
  }

  #row(tag: IdTagEntry): unknown {
    const other = tag.status === "accepted" ? "blocked" : "accepted";
    const shown = this._whole ? tag.idTag : maskedTag(tag.idTag);
    const name = tag.name ?? maskedTag(tag.idTag);
    const turn = (): void => void this.#set(tag.idTag, other);
    const ask = (): void => {
      this._deleting = tag;
    };
    const action = (text: string, act: () => void): unknown =>
      html`<button
        class="link"
        type="button"
        aria-label="${text}: ${name}"
        ?disabled=${!this.live || this.busy !== null}
        @click=${act}
      >
        ${text}
      </button>`;
    return html`<tr>
      <td class="main mono"><oye-id .value=${shown}></oye-id></td>
      <td>${tag.name === null ? nothing : html`<oye-id .value=${tag.name}></oye-id>`}</td>
      <td>
        <oye-state tone=${tag.status === "accepted" ? "ok" : "fault"}
          >${localize(`system.tag_${tag.status}`)}</oye-state
        >
      </td>
      <td class="actions">
        ${action(localize(`system.make_${other}`), turn)} ${action(localize("system.remove"), ask)}
      </td>
    </tr>`;
  }

  async #set(idTag: string, status: TagVerdict, name?: string): Promise<boolean> {
    const body = name === undefined ? { status } : { status, name };
    const path = { id_tag: idTag };
    const does = (): Promise<unknown> =>
      this.client.call("PUT /api/id-tags/{id_tag}", { path, body });
    return this.act("tag", does, localize("access.saved"));
  }

  #add = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const name = fieldOf(form, "name").trim();
    const done = await this.#set(fieldOf(form, "tag").trim(), "accepted", name || undefined);
    if (done) form.reset();
  };

  #remove = (): void => {
    const path = { id_tag: this._deleting?.idTag ?? "" };
    this._deleting = null;
    const does = (): Promise<unknown> => this.client.call("DELETE /api/id-tags/{id_tag}", { path });
    void this.act("tag", does, localize("system.removed"));
  };

  #reveal = (): void => {
    this._whole = !this._whole;
  };

  #close = (): void => {
    this._deleting = null;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-tag-list": OyeTagList;
  }
}
