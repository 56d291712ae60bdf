import type { Direction, FrameMessage, FrameRow } from "../api/types.gen.ts";

export type Peer = "charger" | "csms" | "proxy";

/** One frame of the stream or of storage, in one shape; `time` is in milliseconds. */
export interface Frame {
  readonly id: number | null;
  readonly chargePointId: string;
  readonly time: number;
  readonly direction: Direction;
  readonly messageType: number | null;
  readonly action: string | null;
  readonly messageId: string | null;
  readonly size: number;
  readonly late: boolean;
  readonly injection: string | null;
  readonly rule: string | null;
}

/** A CALL with its answer, or a frame that has neither. */
export interface Exchange {
  readonly kind: "exchange";
  /** Stays the same when the answer arrives. */
  readonly key: string;
  readonly chargePointId: string;
  readonly time: number;
  readonly from: Peer;
  readonly to: Peer;
  readonly action: string | null;
  readonly state: "open" | "answered" | "error" | "sent" | "malformed" | "unpaired";
  readonly request: Frame | null;
  readonly answer: Frame | null;
  readonly latency: number | null;
  readonly size: number;
  readonly injection: string | null;
}

/** Frames that this browser did not see. */
export interface Gap {
  readonly kind: "gap";
  readonly key: string;
  readonly time: number;
  readonly until: number;
  readonly dropped: number | null;
}

export type Row = Exchange | Gap;

const CALL = 2;
const SEND = 6;
const ANSWERS = new Set([3, 4, 5]);

// Which answers which: a request of one direction is answered in another.
const WAY: Readonly<Record<string, readonly [from: Peer, to: Peer]>> = {
  UPSTREAM: ["charger", "csms"],
  DOWNSTREAM: ["csms", "charger"],
  INJECTION_REQUEST: ["proxy", "charger"],
  INJECTION_RESPONSE: ["charger", "proxy"],
  PROXY_RESPONSE: ["proxy", "charger"],
  REPLAY_REQUEST: ["proxy", "csms"],
  REPLAY_RESPONSE: ["csms", "proxy"],
};

/** Return who sent a frame, and to whom. */
export function wayOf(direction: string): readonly [from: Peer, to: Peer] {
  return WAY[direction] ?? ["proxy", "proxy"];
}

/** Return a frame of the live stream in the common shape. */
export function frameOfMessage(message: FrameMessage): Frame {
  return {
    ...message,
    id: "id" in message ? Number(message.id) : null,
    time: Date.parse(message.time),
  };
}

/** Return a stored frame in the common shape. */
export function frameOfRow(row: FrameRow): Frame {
  return {
    id: row.id,
    chargePointId: row.charge_point_id,
    time: row.time === null ? row.timestamp * 1000 : Date.parse(row.time),
    direction: row.direction as Direction,
    messageType: row.messageType,
    action: row.action,
    messageId: row.messageId,
    size: new TextEncoder().encode(JSON.stringify(row.payload)).length,
    late: row.late,
    injection: row.injection,
    rule: row.rule,
  };
}

/** The newest exchanges, oldest first; what is older than its room is forgotten. */
export class ExchangeRing {
  #rows: Row[] = [];
  #first = 0;
  readonly #open = new Map<string, number>();

  constructor(
    private readonly room = 5000,
    private readonly prefix = "live",
  ) {}

  /** The rows; a new array after each change. */
  get rows(): readonly Row[] {
    return this.#rows;
  }

  /** Take frames in, in the order in which they passed. */
  add(frames: readonly Frame[]): void {
    if (frames.length === 0) return;
    this.#rows = this.#rows.slice();
    for (const frame of frames) this.#take(frame);
    this.#forget();
  }

  /** Mark that frames are missing here. */
  addGap(time: number, until: number, dropped: number | null): void {
    const gap: Gap = { kind: "gap", key: this.#nextKey(), time, until, dropped };
    this.#rows = [...this.#rows, gap];
    this.#forget();
  }

  clear(): void {
    this.#first += this.#rows.length;
    this.#rows = [];
    this.#open.clear();
  }

  #take(frame: Frame): void {
    if (frame.messageType !== null && ANSWERS.has(frame.messageType)) {
      const index = this.#openIndex(frame);
      const row = index === null ? undefined : this.#rows[index];
      if (index !== null && row?.kind === "exchange" && row.request !== null) {
        this.#rows[index] = answered(row, frame);
        return;
      }
    }
    if (frame.messageType === CALL && frame.messageId !== null) {
      this.#open.set(pairKey(frame, wayOf(frame.direction)[0]), this.#first + this.#rows.length);
    }
    this.#rows.push(newExchange(this.#nextKey(), frame));
  }

  #openIndex(frame: Frame): number | null {
    if (frame.messageId === null) return null;
    const [from, to] = wayOf(frame.direction);
    // The proxy may answer in place of the CSMS, and swallow what is answered to it.
    for (const asker of [to, from === "proxy" || to === "proxy" ? "charger" : to]) {
      const key = pairKey(frame, asker);
      const position = this.#open.get(key);
      if (position === undefined) continue;
      this.#open.delete(key);
      return position >= this.#first ? position - this.#first : null;
    }
    return null;
  }

  #forget(): void {
    const surplus = this.#rows.length - this.room;
    if (surplus <= 0) return;
    this.#rows = this.#rows.slice(surplus);
    this.#first += surplus;
    for (const [key, position] of this.#open) {
      if (position < this.#first) this.#open.delete(key);
    }
  }

  #nextKey(): string {
    return `${this.prefix}-${this.#first + this.#rows.length}`;
  }
}

/** Return the exchanges of stored frames, oldest first. */
export function pair(frames: readonly Frame[], prefix = "row"): readonly Row[] {
  const ring = new ExchangeRing(Number.POSITIVE_INFINITY, prefix);
  ring.add(frames);
  return ring.rows;
}

function pairKey(frame: Frame, asker: Peer): string {
  return JSON.stringify([frame.chargePointId, asker, frame.messageId]);
}

function newExchange(key: string, frame: Frame): Exchange {
  const [from, to] = wayOf(frame.direction);
  const isCall = frame.messageType === CALL || frame.messageType === SEND;
  return {
    kind: "exchange",
    key: frame.id === null ? key : `row-${frame.id}`,
    chargePointId: frame.chargePointId,
    time: frame.time,
    from,
    to,
    action: frame.action,
    state: stateOf(frame),
    request: isCall ? frame : null,
    answer: isCall ? null : frame,
    latency: null,
    size: frame.size,
    injection: frame.injection,
  };
}

function stateOf(frame: Frame): Exchange["state"] {
  if (frame.messageType === CALL) return "open";
  if (frame.messageType === SEND) return "sent";
  return frame.messageType !== null && ANSWERS.has(frame.messageType) ? "unpaired" : "malformed";
}

function answered(row: Exchange, answer: Frame): Exchange {
  return {
    ...row,
    state: answer.messageType === 3 ? "answered" : "error",
    answer,
    latency: Math.max(0, answer.time - row.time),
    size: row.size + answer.size,
    injection: row.injection ?? answer.injection,
  };
}
