const MINUTE = 60_000;

/** How much arrived within the last minute. */
export class Arrivals {
  #since = 0;
  #counts: (readonly [number, number])[] = [];

  /** Begin anew. */
  restart(now: number): void {
    this.#since = now;
    this.#counts = [];
  }

  /** Count what arrived. */
  add(count: number, now: number): void {
    const recent = this.#counts.findIndex(([time]) => time > now - MINUTE);
    this.#counts = recent < 0 ? [] : this.#counts.slice(recent);
    if (count > 0) this.#counts.push([now, count]);
  }

  /** How many arrived within the last minute; null before there was one. */
  perMinute(now: number): number | null {
    if (now - this.#since < MINUTE) return null;
    this.add(0, now);
    return this.#counts.reduce((sum, [, count]) => sum + count, 0);
  }
}
