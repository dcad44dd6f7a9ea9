const daySeconds = 86_400;

/** Seconds that a zone's clocks are ahead of UTC, at any instant and for any wall clock, by the platform's zone data. */
export class TimeZone {
  readonly name: string;
  readonly #format: Intl.DateTimeFormat;
  /** By UTC day: the offset where it is the same all day, else NaN. */
  readonly #offsets = new Map<number, number>();
  #lastDay = Number.NaN;
  #lastOffset = Number.NaN;

  constructor(name: string) {
    this.name = name;
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      ...{
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      },
    });
  }

  offsetAt(epochSeconds: number): number {
    const day = Math.floor(epochSeconds / daySeconds);
    if (day === this.#lastDay) return this.#lastOffset;
    const offset = this.#offsetOfDay(day);
    if (Number.isNaN(offset)) return this.#exactOffset(epochSeconds);
    this.#lastDay = day;
    this.#lastOffset = offset;
    return offset;
  }

  /**
   * The instant at which clocks show a local time, given as seconds that count as if the clocks showed UTC. A time that
   * comes twice is the first of the two; one that is skipped moves on by the skip, as RFC 5545 has it.
   */
  instantOf(localSeconds: number): number {
    const before = this.offsetAt(localSeconds - daySeconds);
    const after = this.offsetAt(localSeconds + daySeconds);
    const early = localSeconds - before;
    if (before === after || this.offsetAt(early) === before) return early;
    const late = localSeconds - after;
    return this.offsetAt(late) === after ? late : early;
  }

  #offsetOfDay(day: number): number {
    const known = this.#offsets.get(day);
    if (known !== undefined) return known;
    const offset = this.#exactOffset(day * daySeconds);
    const nextOffset = this.#exactOffset((day + 1) * daySeconds - 1);
    const constant = offset === nextOffset ? offset : Number.NaN;
    this.#offsets.set(day, constant);
    return constant;
  }

  #exactOffset(epochSeconds: number): number {
    const whole = Math.floor(epochSeconds);
    const parts = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
    for (const { type, value } of this.#format.formatToParts(whole * 1000)) {
      if (type in parts) parts[type as keyof typeof parts] = Number(value);
    }
    const { year, month, day, hour, minute, second } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - whole;
  }
}
