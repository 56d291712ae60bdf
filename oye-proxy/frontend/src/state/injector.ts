import type { ReactiveController, ReactiveControllerHost } from "lit";
import { ApiError, type ApiClient } from "../api/client.ts";
import type { EventMessage, Sent } from "../api/types.gen.ts";
import { advanced, begun, type Progress } from "../domain/command-progress.ts";
import type { LiveStore } from "./live-store.ts";

/** Longest wait for the answer, in seconds: behind a CALL of the CSMS, then for the charger. */
const PATIENCE = 90;

export interface Wanted {
  readonly chargePointId: string;
  readonly action: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly confirm: boolean;
}

/** Sends one CALL at a time and follows it until it is answered. */
export class Injector implements ReactiveController {
  /** What was sent last. */
  wanted: Wanted | null = null;
  progress: Progress | null = null;
  /** How the charger answered; null while it has not. */
  sent: Sent | null = null;
  failure: ApiError | null = null;
  busy = false;

  readonly #host: ReactiveControllerHost;
  readonly #client: () => ApiClient;
  readonly #live: () => LiveStore;
  #early: EventMessage[] = [];
  #number = 0;
  #stop: (() => void) | null = null;

  constructor(host: ReactiveControllerHost, client: () => ApiClient, live: () => LiveStore) {
    this.#host = host;
    this.#client = client;
    this.#live = live;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#stop?.();
    this.#stop = null;
  }

  /** Send a CALL; the failure `confirmation_required` is thrown, every other one is shown. */
  async send(wanted: Wanted): Promise<void> {
    if (this.busy) return;
    this.#begin(wanted);
    const { chargePointId, action, payload, confirm } = wanted;
    this.#number += 1;
    const call = {
      path: { charge_point_id: chargePointId },
      body: { action, payload, ...(confirm ? { confirm } : {}) },
      idempotencyKey: `console-${Date.now()}-${this.#number}-${Math.random()}`,
    };
    try {
      const taken = await this.#client().call("POST /api/inject/{charge_point_id}", call);
      this.#follow(begun(taken.messageId, taken.queued === true, Date.now()));
      // The same key asks for the outcome of the same command.
      this.sent = await this.#client().call("POST /api/inject/{charge_point_id}", {
        ...call,
        query: { wait: PATIENCE },
      });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code === "confirmation_required") throw error;
      this.failure = error;
    } finally {
      this.busy = false;
      this.#host.requestUpdate();
    }
  }

  /** Forget what was sent. */
  clear(): void {
    if (this.busy) return;
    this.wanted = null;
    this.progress = null;
    this.sent = null;
    this.failure = null;
  }

  #begin(wanted: Wanted): void {
    this.busy = true;
    this.wanted = wanted;
    this.progress = null;
    this.sent = null;
    this.failure = null;
    this.#early = [];
    this.#stop ??= this.#live().onEvent(this.#hear);
    this.#host.requestUpdate();
  }

  #follow(progress: Progress): void {
    this.progress = this.#early.reduce(advanced, progress);
    this.#early = [];
    this.#host.requestUpdate();
  }

  // News may come before the answer that names the command.
  #hear = (message: EventMessage): void => {
    if (message.event !== "injection" || this.wanted === null) return;
    if (this.progress === null) this.#early = [...this.#early.slice(-99), message];
    else {
      this.progress = advanced(this.progress, message);
      this.#host.requestUpdate();
    }
  };
}
