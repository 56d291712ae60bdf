import { html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import type { MailBody, MailPatch, MailSecurity } from "../api/types.gen.ts";
import { localize } from "../texts/localize.ts";
import { fieldOf } from "./light-element.ts";
import "./oye-state.ts";
import { PanelElement } from "./panel-element.ts";

const WAYS: readonly MailSecurity[] = ["starttls", "tls", "none"];

/** The public address and how mail is sent, with a test. */
@customElement("oye-mail-settings")
export class OyeMailSettings extends PanelElement<MailBody> {
  protected override readonly heading = "system.mail";

  protected override read(): Promise<MailBody> {
    return this.client.call("GET /api/mail", {});
  }

  protected override tools(): unknown {
    const isReady = this.data?.configured === true;
    return html`<oye-state tone=${isReady ? "ok" : "off"}
      >${localize(isReady ? "system.mail_ready" : "system.mail_off")}</oye-state
    >`;
  }

  protected override content(mail: MailBody): unknown {
    const locked = !this.live || this.busy !== null;
    return html`<form autocomplete="off" @submit=${this.#save}>
        ${this.#text("publicUrl", localize("system.public_url"), mail.publicUrl, "url")}
        ${this.#text("server", localize("system.mail_server"), mail.server)}
        ${this.#text("port", localize("system.mail_port"), mail.port, "number")}
        <label class="field"
          ><span>${localize("system.mail_security")}</span>
          <select name="security">
            ${WAYS.map(
              (way) =>
                html`<option value=${way} ?selected=${way === mail.security}>
                  ${localize(`system.security_${way}`)}
                </option>`,
            )}
          </select></label
        >
        ${this.#text("username", localize("sign_in.username"), mail.username)}
        <label class="field"
          ><span
            >${localize(mail.passwordSet ? "system.mail_password_set" : "sign_in.password")}</span
          >
          <input name="password" type="password" autocomplete="new-password" maxlength="1024"
        /></label>
        ${this.#text("sender", localize("system.mail_sender"), mail.sender, "email")}
        <wa-button type="submit" size="s" variant="brand" ?disabled=${locked}
          >${localize("access.save")}</wa-button
        >
      </form>
      ${
        mail.configured
          ? html`<form @submit=${this.#test}>
              <label class="field"
                ><span>${localize("system.mail_to")}</span>
                <input name="to" type="email" maxlength="254" required
              /></label>
              <wa-button
                type="submit"
                size="s"
                appearance="outlined"
                ?disabled=${locked}
                ?loading=${this.busy === "test"}
                >${localize("system.mail_test")}</wa-button
              >
            </form>`
          : nothing
      }`;
  }

  #text(
    name: keyof MailBody,
    label: string,
    value: string | number | null,
    type: "text" | "url" | "number" | "email" = "text",
  ): unknown {
    return html`<label class="field"
      ><span>${label}</span>
      <input
        name=${name}
        type=${type}
        maxlength="2000"
        spellcheck="false"
        .defaultValue=${String(value ?? "")}
    /></label>`;
  }

  #save = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const text = (name: string): string | null => fieldOf(form, name).trim() || null;
    const password = fieldOf(form, "password");
    const port = text("port");
    const body: MailPatch = {
      publicUrl: text("publicUrl"),
      server: text("server"),
      port: port === null ? null : Number(port),
      security: WAYS.find((way) => way === fieldOf(form, "security")) ?? "starttls",
      username: text("username"),
      sender: text("sender"),
      ...(password === "" ? {} : { password }),
    };
    void this.act(
      "save",
      async () => {
        await this.client.call("PATCH /api/mail", { body });
        form.reset();
      },
      localize("access.saved"),
    );
  };

  #test = (event: SubmitEvent): void => {
    event.preventDefault();
    const body = { to: fieldOf(event.target as HTMLFormElement, "to") };
    const does = (): Promise<unknown> => this.client.call("POST /api/mail/test", { body });
    void this.act("test", does, localize("system.mail_sent"));
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-mail-settings": OyeMailSettings;
  }
}
