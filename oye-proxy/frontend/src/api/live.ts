import type { ClientMessage, LiveMessage } from "./types.gen.ts";

/** How the connection is, in what a reader needs to know. */
export type Connection =
  | { readonly phase: "loading" }
  | { readonly phase: "live" }
  | { readonly phase: "connecting" }
  | { readonly phase: "reconnecting"; readonly retryAt: number }
  | { readonly phase: "offline"; readonly since: number }
  | { readonly phase: "stopped" };

/** Who hears what arrives: each message once and in order, each epoch from its snapshot. */
export interface LiveListener {
  onMessage(message: LiveMessage): void;
  onConnection(connection: Connection): void;
  /** The handshake was refused, or the account is gone: ask who one is. */
  onRefused(): void;
  /** The page was hidden or the connection was away: frames between are missing here. */
  onMissed(from: number, until: number): void;
}

/** What one connection tells; nothing is heard of it after it was closed by us. */
export interface SocketListener {
  onOpen(): void;
  onText(data: unknown): void;
  onClose(code: number): void;
}

export interface LiveSocket {
  send(text: string): void;
  close(): void;
}

/** What the stream needs of its surroundings. */
export interface LiveSurroundings {
  readonly connect: (listener: SocketListener) => LiveSocket;
  readonly now: () => number;
  readonly random: () => number;
  readonly later: (action: () => void, milliseconds: number) => () => void;
}

const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 30_000;
const HIDDEN_DELAY = 30_000;
const POLICY_VIOLATION = 1008;

/** One live stream that comes back by itself and starts from a snapshot each time. */
export class LiveStream {
  readonly #around: LiveSurroundings;
  readonly #listener: LiveListener;
  #socket: LiveSocket | null = null;
  #attempts = 0;
  #connection = 0;
  #opened = false;
  #seq: number | null = null;
  #cancelRetry: (() => void) | null = null;
  #cancelHidden: (() => void) | null = null;
  #running = false;
  #online = true;
  #lostAt: number | null = null;
  #filter: string | null = null;
  #resting: number | null = null;

  constructor(around: LiveSurroundings, listener: LiveListener) {
    this.#around = around;
    this.#listener = listener;
  }

  /** Connect, and stay connected until stopped. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#attempts = 0;
    this.#dial();
  }

  stop(): void {
    this.#running = false;
    this.#cancelRetry?.();
    this.#cancelHidden?.();
    this.#drop();
    this.#listener.onConnection({ phase: "stopped" });
  }

  /** Connect now instead of at the end of the waiting time. */
  retry(): void {
    if (!this.#running || this.#socket !== null) return;
    this.#cancelRetry?.();
    this.#dial();
  }

  /** Watch the frames that match a filter; null watches none. */
  watch(filter: string | null): void {
    this.#filter = filter;
    if (this.#seq === null || this.#resting !== null) return;
    this.#subscribe();
  }

  /** Hear from the browser whether it has a network. */
  setOnline(online: boolean): void {
    if (online === this.#online) return;
    this.#online = online;
    if (!this.#running) return;
    if (online) {
      this.#attempts = 0;
      this.retry();
    } else {
      this.#drop();
      this.#cancelRetry?.();
      this.#lostAt ??= this.#around.now();
      this.#listener.onConnection({ phase: "offline", since: this.#lostAt });
    }
  }

  /** Hear from the browser whether the page is seen; a hidden one stops watching frames after 30 s. */
  setVisible(visible: boolean): void {
    this.#cancelHidden?.();
    this.#cancelHidden = null;
    if (!visible) {
      this.#cancelHidden = this.#around.later(() => {
        this.#rest();
      }, HIDDEN_DELAY);
      return;
    }
    if (this.#resting !== null) this.#wake(this.#resting);
    this.retry();
  }

  #dial(): void {
    if (!this.#online) return;
    this.#seq = null;
    this.#opened = false;
    this.#cancelRetry = null;
    this.#listener.onConnection({ phase: this.#lostAt === null ? "loading" : "connecting" });
    const connection = (this.#connection += 1);
    const ifCurrent = (act: () => void): void => {
      if (connection === this.#connection) act();
    };
    this.#socket = this.#around.connect({
      onOpen: () => {
        ifCurrent(() => {
          this.#opened = true;
        });
      },
      onText: (data) => {
        ifCurrent(() => {
          this.#receive(data);
        });
      },
      onClose: (code) => {
        ifCurrent(() => {
          this.#closed(code);
        });
      },
    });
  }

  #closed(code: number): void {
    const refused = code === POLICY_VIOLATION || !this.#opened;
    this.#lost();
    if (refused) this.#listener.onRefused();
  }

  #receive(data: unknown): void {
    const message = parsed(data);
    if (message === null) {
      this.#lost();
      return;
    }
    if (message.type === "snapshot") {
      this.#begin(message);
      return;
    }
    if (this.#seq === null || message.seq !== this.#seq + 1) {
      this.#lost();
      return;
    }
    this.#seq = message.seq;
    this.#listener.onMessage(message);
  }

  #begin(snapshot: LiveMessage): void {
    this.#seq = snapshot.seq;
    this.#attempts = 0;
    const lostAt = this.#lostAt;
    this.#lostAt = null;
    this.#listener.onMessage(snapshot);
    if (lostAt !== null) this.#listener.onMissed(lostAt, this.#around.now());
    this.#listener.onConnection({ phase: "live" });
    if (this.#filter !== null && this.#resting === null) this.#subscribe();
  }

  #lost(): void {
    this.#drop();
    if (!this.#running) return;
    this.#lostAt ??= this.#around.now();
    const longest = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.#attempts);
    const delay = longest * (0.5 + this.#around.random() / 2);
    this.#attempts += 1;
    this.#listener.onConnection({ phase: "reconnecting", retryAt: this.#around.now() + delay });
    this.#cancelRetry = this.#around.later(() => {
      this.#dial();
    }, delay);
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    this.#seq = null;
    this.#connection += 1;
    socket?.close();
  }

  #subscribe(): void {
    const filter = this.#filter;
    this.#send(filter === null ? { unsubscribe: "frames" } : { subscribe: "frames", filter });
  }

  #rest(): void {
    this.#cancelHidden = null;
    if (this.#filter === null || this.#seq === null) return;
    this.#resting = this.#around.now();
    this.#send({ unsubscribe: "frames" });
  }

  #wake(since: number): void {
    this.#resting = null;
    if (this.#seq === null || this.#filter === null) return;
    this.#subscribe();
    this.#listener.onMissed(since, this.#around.now());
  }

  #send(message: ClientMessage): void {
    this.#socket?.send(JSON.stringify(message));
  }
}

function parsed(data: unknown): LiveMessage | null {
  try {
    return typeof data === "string" ? (JSON.parse(data) as LiveMessage) : null;
  } catch {
    return null;
  }
}
