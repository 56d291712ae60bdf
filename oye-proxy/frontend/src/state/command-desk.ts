import { html, nothing, type ReactiveController, type ReactiveControllerHost } from "lit";
import { ApiError, type ApiClient, type CallName, type CallOptions } from "../api/client.ts";
import type { Calls, Sent } from "../api/types.gen.ts";
import { outcomeOf } from "../domain/outcomes.ts";
import "../elements/oye-confirm.ts";
import { speak, toast } from "../elements/oye-toasts.ts";
import { errorText } from "../texts/errors.ts";
import { localize, localizeCode } from "../texts/localize.ts";
import { outcomeText } from "../texts/outcomes.ts";

/** Seconds in which a charger has to answer. */
export const PATIENCE = 30;

type SentCall = {
  [Name in CallName]: unknown extends Calls[Name]["answer"]
    ? never
    : Calls[Name]["answer"] extends Sent
      ? Name
      : never;
}[CallName];

/** A typed command, by the last part of its path. */
export type IntentName =
  Extract<SentCall, `POST /api/chargers/{charge_point_id}/${string}`> extends infer Name
    ? Name extends `POST /api/chargers/{charge_point_id}/${infer Intent}`
      ? Exclude<Intent, "smart-charging">
      : never
    : never;

export type BodyOf<Intent extends IntentName> = NonNullable<
  Calls[`POST /api/chargers/{charge_point_id}/${Intent}`]["body"]
>;

/** What is asked before a command that cannot be undone. */
export interface Question {
  readonly heading: string;
  readonly effect: string;
  readonly action: string;
  /** Text that must be typed first. */
  readonly typed?: string;
}

export interface Said {
  readonly text: string;
  readonly tone: "fault" | "good" | "waits";
}

interface Asked {
  readonly errand: Errand;
  readonly question: Question;
  readonly settle: (answer: unknown) => void;
}

interface Errand {
  readonly slot: string;
  /** The command; where the server alone answers, the slot again. */
  readonly what: string;
  readonly chargePointId: string;
  /** What it is called where its result is told away from its place. */
  readonly label: string;
  readonly send: (confirm: boolean) => Promise<unknown>;
  readonly words: (answer: unknown) => Said;
  readonly question?: Question;
}

type Host = ReactiveControllerHost & HTMLElement;

/**
 * Sends commands for its host: asks first, shows that it waits, and ends in words.
 *
 * A slot is the place of a command on the page; one slot has one command at a time.
 */
export class CommandDesk implements ReactiveController {
  readonly #said = new Map<string, Said>();
  /** What each slot is busy with. */
  readonly #busy = new Map<string, string>();
  #asked: Asked | null = null;

  constructor(
    private readonly host: Host,
    private readonly client: () => ApiClient,
  ) {
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#asked?.settle(null);
    this.#asked = null;
  }

  /** Say whether the command of a slot has no answer yet. */
  busy(slot: string): boolean {
    return this.#busy.has(slot);
  }

  /** The command of a slot that has no answer yet: its button keeps the focus, unlike a disabled one. */
  doing(slot: string): string | null {
    return this.#busy.get(slot) ?? null;
  }

  /** What became of the last command of a slot. */
  said(slot: string): Said | null {
    return this.#said.get(slot) ?? null;
  }

  /** Send a typed command; returns the charger's answer, null when there is none. */
  async command<Intent extends IntentName>(
    intent: Intent,
    chargePointId: string,
    body: BodyOf<Intent>,
    options: { readonly slot?: string; readonly question?: Question; readonly wait?: number } = {},
  ): Promise<Sent | null> {
    const name = `POST /api/chargers/{charge_point_id}/${intent}` as const;
    const answer = await this.#run({
      slot: options.slot ?? intent,
      what: intent,
      chargePointId,
      label: localizeCode("intent", intent) ?? intent,
      ...(options.question === undefined ? {} : { question: options.question }),
      words: (sent) => wordsOf(sent as Sent),
      send: (confirm) => {
        const call = {
          path: { charge_point_id: chargePointId },
          query: { wait: options.wait ?? PATIENCE },
          body: confirm ? { ...body, confirm } : body,
        };
        // The types of a call follow from its name, which is a parameter here.
        return this.client().call(name, call as unknown as CallOptions<typeof name>);
      },
    });
    return answer as Sent | null;
  }

  /** Do something that the server alone answers; returns whether it was done. */
  async perform(
    slot: string,
    chargePointId: string,
    label: string,
    act: () => Promise<unknown>,
    done: string,
    question?: Question,
  ): Promise<boolean> {
    const answer = await this.#run({
      slot,
      what: slot,
      chargePointId,
      label,
      ...(question === undefined ? {} : { question }),
      words: () => ({ text: done, tone: "good" }),
      send: async () => (await act()) ?? true,
    });
    return answer !== null;
  }

  /** The dialog that asks, for the host's template. */
  dialog(): unknown {
    const asked = this.#asked;
    if (asked === null) return nothing;
    const { question, errand } = asked;
    return html`<oye-confirm
      open
      heading=${question.heading}
      action=${question.action}
      .subject=${errand.chargePointId}
      .typed=${question.typed ?? ""}
      @oye-confirm=${this.#confirmed}
      @oye-close=${this.#declined}
      ><p>${question.effect}</p></oye-confirm
    >`;
  }

  /** The words of a slot, for the host's template. */
  words(slot: string): unknown {
    const said: Said | null = this.busy(slot)
      ? { text: localize("command.waiting"), tone: "waits" }
      : this.said(slot);
    if (said === null) return nothing;
    const icon = { fault: "alert", good: "check", waits: "circle-half" } as const;
    return html`<p class="said ${said.tone}" data-slot=${slot}>
      <oye-icon name=${icon[said.tone]}></oye-icon><span>${said.text}</span>
    </p>`;
  }

  async #run(errand: Errand): Promise<unknown> {
    if (this.busy(errand.slot)) return null;
    return errand.question === undefined
      ? this.#send(errand, false)
      : this.#ask(errand, errand.question);
  }

  #ask(errand: Errand, question: Question): Promise<unknown> {
    this.#asked?.settle(null);
    return new Promise((settle) => {
      this.#asked = { errand, question, settle };
      this.host.requestUpdate();
    });
  }

  async #send(errand: Errand, confirm: boolean): Promise<unknown> {
    this.#busy.set(errand.slot, errand.what);
    this.host.requestUpdate();
    try {
      const answer = await errand.send(confirm);
      this.#say(errand, errand.words(answer));
      return answer;
    } catch (error) {
      if (!confirm && error instanceof ApiError && error.code === "confirmation_required") {
        return await this.#ask(errand, guardQuestion(error, errand.chargePointId));
      }
      this.#say(errand, { text: errorText(error), tone: "fault" });
      return null;
    } finally {
      this.#busy.delete(errand.slot);
      this.host.requestUpdate();
    }
  }

  #say(errand: Errand, said: Said): void {
    this.#said.set(errand.slot, said);
    void this.#tell(errand, said);
  }

  // Once, and where it is seen.
  async #tell({ label, slot }: Errand, { text, tone }: Said): Promise<void> {
    this.host.requestUpdate();
    await this.host.updateComplete;
    const named = localize("command.named", { name: label, text });
    const places = this.host.shadowRoot?.querySelectorAll<HTMLElement>("[data-slot]") ?? [];
    const place = [...places].find((one) => one.dataset.slot === slot);
    if (place !== undefined && isInSight(place)) speak(this.host, named);
    else toast(this.host, named, tone === "fault" ? "fault" : "info");
  }

  #confirmed = (): void => {
    const asked = this.#take();
    if (asked !== null) void this.#send(asked.errand, true).then(asked.settle);
  };

  #declined = (): void => {
    this.#take()?.settle(null);
  };

  #take(): Asked | null {
    const asked = this.#asked;
    this.#asked = null;
    this.host.requestUpdate();
    return asked;
  }
}

function isInSight(place: HTMLElement): boolean {
  const { top, bottom, height } = place.getBoundingClientRect();
  return height > 0 && top >= 0 && bottom <= window.innerHeight;
}

function wordsOf(sent: Sent): Said {
  const { kind } = outcomeOf(sent);
  const tone = kind === "refused" ? "fault" : kind === "accepted" ? "good" : "waits";
  return { text: outcomeText(sent), tone };
}

// The server's own sentence says what can happen; what locks out asks for the id.
function guardQuestion(error: ApiError, chargePointId: string): Question {
  return {
    heading: localize("question.guarded"),
    effect: error.message,
    action: localize("question.send"),
    ...(error.problem.guard === "lockout" ? { typed: chargePointId } : {}),
  };
}
