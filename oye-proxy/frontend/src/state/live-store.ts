import type { Connection, LiveListener, LiveStream } from "../api/live.ts";
import type {
  ChargerState,
  EventMessage,
  ExchangeSummary,
  Issue,
  LiveMessage,
  ProxyInfo,
} from "../api/types.gen.ts";
import { type Row, RowRing } from "../domain/exchanges.ts";
import { Arrivals } from "./arrivals.ts";
import { PowerHistory, type PowerPoint } from "./power-history.ts";

type Schedule = (render: () => void) => void;
export type Refused = () => void;

const WAITING_FRAMES = 5_000;
// While it loads for the first time, it was not there yet.
const AWAY: readonly Connection["phase"][] = ["offline", "reconnecting", "stopped"];

/** All that is live: what the server told, as it was told; renders once per animation frame. */
export class LiveStore implements LiveListener {
  connection: Connection = { phase: "loading" };
  /** Set when another build of the server answers than the one that served this page. */
  newVersion = false;
  epoch: string | null = null;
  proxy: ProxyInfo | null = null;
  /** When what is shown was true: now while live, else when the connection was lost. */
  lostAt: number | null = null;
  issues: readonly Issue[] = [];
  /** Called when the stream was refused: the session may have ended. */
  onStreamRefused: Refused | null = null;

  readonly #schedule: Schedule;
  readonly #now: () => number;
  readonly #listeners = new Set<() => void>();
  readonly #news = new Set<(event: EventMessage) => void>();
  readonly #returns = new Set<() => void>();
  readonly #ring = new RowRing();
  readonly #power = new PowerHistory();
  #chargers = new Map<string, ChargerState>();
  #stream: LiveStream | null = null;
  #waiting: ExchangeSummary[] = [];
  #dropped = 0;
  #droppedFrom: number | null = null;
  readonly #arrivals = new Arrivals();
  #watches = false;
  #away = false;
  #pending = false;

  constructor(schedule: Schedule, now: () => number = Date.now) {
    this.#schedule = schedule;
    this.#now = now;
  }

  /** Follow a stream; the store hands it what the views ask for. */
  attach(stream: LiveStream): void {
    this.#stream = stream;
  }

  get chargers(): ReadonlyMap<string, ChargerState> {
    return this.#chargers;
  }

  /** Exchanges and gaps, oldest first; a new array after each change. */
  get rows(): readonly Row[] {
    return this.#ring.rows;
  }

  /** The snapshot has arrived at least once. */
  get loaded(): boolean {
    return this.epoch !== null;
  }

  /** What is shown is true now, and commands can be sent. */
  get live(): boolean {
    return this.connection.phase === "live";
  }

  /** The power of a charger over the last minutes, in watts. */
  powerOf(chargePointId: string): readonly PowerPoint[] {
    return this.#power.of(chargePointId);
  }

  /** Exchanges of the watched stream that began within the last minute; null before it was watched for one. */
  get perMinute(): number | null {
    return this.#arrivals.perMinute(this.#now());
  }

  /** Call back once per animation frame in which something changed; returns how to stop that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Hear the news as they arrive; returns how to stop that. */
  onEvent(listener: (event: EventMessage) => void): () => void {
    this.#news.add(listener);
    return () => this.#news.delete(listener);
  }

  /** Hear each time the connection is back after it was away; returns how to stop that. */
  onReturn(listener: () => void): () => void {
    this.#returns.add(listener);
    return () => this.#returns.delete(listener);
  }

  /** Watch the frames that match a filter, from now on; null watches none. */
  watchFrames(filter: string | null): void {
    this.#watches = filter !== null;
    this.#waiting = [];
    this.#ring.clear();
    this.#arrivals.restart(this.#now());
    this.#stream?.watch(filter);
    this.#changed();
  }

  retry(): void {
    this.#stream?.retry();
  }

  onMessage(message: LiveMessage): void {
    switch (message.type) {
      case "snapshot":
        this.#replace(message);
        break;
      case "charger":
        this.#put(message.charger);
        break;
      case "charger_removed":
        this.#remove(message.chargePointId);
        break;
      case "issues":
        this.issues = message.issues;
        break;
      case "event":
        for (const listener of this.#news) listener(message);
        break;
      case "frame":
        this.#queue(message.exchange);
        break;
      case "gap":
        this.#flush();
        this.#ring.putGap(
          Date.parse(message.firstTime),
          Date.parse(message.lastTime),
          message.dropped,
        );
        break;
      case "error":
        break;
      default:
        ignored(message);
    }
    this.#changed();
  }

  onConnection(connection: Connection): void {
    if (connection.phase === "live") this.lostAt = null;
    else if (this.loaded) this.lostAt ??= this.#now();
    this.connection = connection;
    this.#changed();
    if (!this.live) this.#away ||= AWAY.includes(connection.phase);
    else if (this.#away) this.#comeBack();
  }

  onRefused(): void {
    this.onStreamRefused?.();
  }

  onMissed(from: number, until: number): void {
    if (!this.#watches) return;
    this.#flush();
    this.#ring.putGap(from, until, null);
    this.#changed();
  }

  #comeBack(): void {
    this.#away = false;
    for (const listener of this.#returns) listener();
  }

  #replace(snapshot: Extract<LiveMessage, { type: "snapshot" }>): void {
    this.newVersion ||= this.proxy !== null && this.proxy.version !== snapshot.proxy.version;
    this.epoch = snapshot.epoch;
    this.proxy = snapshot.proxy;
    this.issues = snapshot.issues;
    this.#chargers = new Map();
    for (const charger of snapshot.chargers) this.#put(charger);
  }

  #put(charger: ChargerState): void {
    this.#chargers = new Map(this.#chargers).set(charger.chargePointId, charger);
    this.#power.add(charger, this.#now());
  }

  #remove(chargePointId: string): void {
    this.#chargers = new Map(this.#chargers);
    this.#chargers.delete(chargePointId);
    this.#power.forget(chargePointId);
  }

  #queue(exchange: ExchangeSummary): void {
    if (this.#waiting.length >= WAITING_FRAMES) {
      const dropped = this.#waiting.shift();
      if (dropped !== undefined) this.#droppedFrom ??= Date.parse(dropped.time);
      this.#dropped += 1;
    }
    this.#waiting.push(exchange);
  }

  #changed(): void {
    if (this.#pending) return;
    this.#pending = true;
    this.#schedule(() => {
      this.#pending = false;
      this.#flush();
      for (const listener of this.#listeners) listener();
    });
  }

  #flush(): void {
    const first = this.#waiting[0];
    if (first === undefined) return;
    if (this.#dropped > 0) {
      const until = Date.parse(first.time);
      this.#ring.putGap(this.#droppedFrom ?? until, until, this.#dropped);
    }
    this.#arrivals.add(this.#ring.put(this.#waiting) + this.#dropped, this.#now());
    this.#waiting = [];
    this.#dropped = 0;
    this.#droppedFrom = null;
  }
}

// A message of a newer server is none of ours; a new kind in types.gen.ts breaks the build here.
function ignored(_message: never): void {
  return;
}
