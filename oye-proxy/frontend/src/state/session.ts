import { ApiError, type ApiClient } from "../api/client.ts";
import type { SessionInfo } from "../api/types.gen.ts";

/** `ended` is a session of Home Assistant's that is over: there, no login of ours is shown. */
export type SessionState = "unknown" | "signed-in" | "signed-out" | "ended" | "unreachable";

/** Who the reader is and what the server lets them do. */
export class Session {
  state: SessionState = "unknown";
  /** The last that was known; kept while signed out, so that the view below a dialog stays. */
  info: SessionInfo | null = null;

  readonly #client: ApiClient;
  readonly #listeners = new Set<() => void>();
  #leaving = false;

  constructor(client: ApiClient) {
    this.#client = client;
  }

  /** Say whether the server would allow it; views hide what is not granted. */
  can(what: string): boolean {
    return this.info?.can.includes(what) ?? false;
  }

  /** Call back after each change; returns how to stop that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ask the server who one is; not while the reader leaves, when the stream may end first. */
  async load(): Promise<void> {
    if (this.#leaving) return;
    try {
      const info = await this.#client.call("GET /api/session", {});
      if (info.via === "nobody") this.lost();
      else this.signedIn(info);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 401) this.lost();
      else this.#become(this.state === "signed-in" ? "signed-in" : "unreachable");
    }
  }

  /** Hear who one is, as the answer of a sign-in tells. */
  signedIn(info: SessionInfo): void {
    this.info = info;
    this.#become("signed-in");
  }

  /** Hear that the server does not know the session any more. */
  lost(): void {
    this.#become(this.info?.via === "ingress" ? "ended" : "signed-out");
  }

  /** End the reader's own session. */
  async leave(end: () => Promise<unknown>): Promise<void> {
    this.#leaving = true;
    try {
      await end();
    } finally {
      this.#leaving = false;
    }
    this.signedOut();
  }

  /** Forget who one was. */
  signedOut(): void {
    this.info = null;
    this.#become("signed-out");
  }

  #become(state: SessionState): void {
    this.state = state;
    for (const listener of this.#listeners) listener();
  }
}
