import { ApiError, type ApiClient } from "../api/client.ts";
import type { Scope } from "../api/types.gen.ts";

export type SessionState = "unknown" | "signed-in" | "signed-out" | "ended" | "unreachable";

/** Who the reader is and what the server lets them do. */
export class Session {
  state: SessionState = "unknown";

  readonly #client: ApiClient;
  readonly #listeners = new Set<() => void>();
  #can: ReadonlySet<string> = new Set();

  constructor(client: ApiClient) {
    this.#client = client;
  }

  can(scope: Scope): boolean {
    return this.#can.has(scope);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async load(): Promise<void> {
    try {
      await this.#client.call("GET /api/info", {});
      this.#can = new Set(["read", "control", "admin"]);
      this.state = "signed-in";
    } catch (error) {
      this.state = error instanceof ApiError && error.status === 401 ? "signed-out" : "unreachable";
    }
    this.#changed();
  }

  /** Hear that the server does not know the session any more. */
  lost(): void {
    if (this.state !== "signed-in") return;
    this.state = "signed-out";
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
