import RawCharger from "./raw-charger.ts";

/** What a charger answers a CALL with: a payload, an error code, or nothing. */
export type Answer = Readonly<Record<string, unknown>> | string | null;
export type Script = (action: string, payload: unknown) => Answer;

/** A charger of OCPP 1.6 that says and answers what a test wants. */
export class ScriptedCharger {
  #number = 0;
  readonly #asked = new Map<unknown, () => void>();

  private constructor(private readonly raw: RawCharger) {}

  static async open(
    port: number,
    chargePointId: string,
    script: Script = () => null,
  ): Promise<ScriptedCharger> {
    const raw = await RawCharger.open(port, chargePointId);
    const charger = new ScriptedCharger(raw);
    raw.listen((text) => {
      charger.#hear(JSON.parse(text) as unknown[], script);
    });
    return charger;
  }

  /** Send a CALL of its own. */
  call(action: string, payload: unknown): void {
    this.#number += 1;
    this.say(JSON.stringify([2, `s-${this.#number}`, action, payload]));
  }

  /** Send a CALL and wait for its answer, as chargers do. */
  ask(action: string, payload: unknown): Promise<void> {
    const answered = new Promise<void>((resolve) => {
      this.#asked.set(`s-${this.#number + 1}`, resolve);
    });
    this.call(action, payload);
    return answered;
  }

  /** Send any text. */
  say(text: string): void {
    this.raw.send(text);
  }

  close(): void {
    this.raw.close();
  }

  #hear(
    [messageType, messageId, action, payload]: unknown[],
    script: Script,
  ): void {
    this.#asked.get(messageId)?.();
    this.#asked.delete(messageId);
    if (messageType !== 2) return;
    const answer = script(String(action), payload);
    if (typeof answer === "string")
      this.say(JSON.stringify([4, messageId, answer, "Not today", {}]));
    else if (answer !== null) this.say(JSON.stringify([3, messageId, answer]));
  }
}
