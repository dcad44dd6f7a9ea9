/** Where customers stood in one run, by column, and what they were worth. */
export interface Standings<Segment extends string> {
  customerIds: readonly string[];
  segments: readonly Segment[];
  values: Float64Array;
}

/** Those who went from one segment to another, or stayed; null is outside: not known before, or no more now. */
export interface MigrationCell<Segment extends string> {
  from: Segment | null;
  to: Segment | null;
  customers: number;
  /** What they were worth in the previous run and are in this one; 0 outside. */
  valueBefore: number;
  valueAfter: number;
}

export interface Migration<Segment extends string> {
  /** Every pair of segments, best first, with outside last; rows and columns add up to the runs. */
  cells: MigrationCell<Segment>[];
  /** In both runs, and better, the same or worse now. */
  up: number;
  stayed: number;
  down: number;
  joined: number;
  left: number;
}

/** For each customer of this run, their place in the previous one; -1 for those who were not in it. */
export function placesBefore(
  previous: { customerIds: readonly string[] },
  current: { customerIds: readonly string[] },
): Int32Array {
  const places = new Map(previous.customerIds.map((id, place) => [id, place]));
  return Int32Array.from(current.customerIds, (id) => places.get(id) ?? -1);
}

/** Who moved from which segment to which since the previous run. `before` is what `placesBefore` says of the two. */
export function migrationMatrix<Segment extends string>(
  previous: Standings<Segment>,
  current: Standings<Segment>,
  {
    segments,
    before = placesBefore(previous, current),
  }: { segments: readonly Segment[]; before?: Int32Array },
): Migration<Segment> {
  const places: (Segment | null)[] = [...segments, null];
  const rank = new Map(places.map((place, index) => [place, index]));
  const cells: MigrationCell<Segment>[] = places.flatMap((from) =>
    places.map((to) => ({ from, to, customers: 0, valueBefore: 0, valueAfter: 0 })),
  );
  const rankOf = (segment: Segment | null | undefined): number => {
    const place = rank.get(segment ?? null);
    if (place === undefined)
      throw new RangeError(`migrationMatrix: ${segment} is none of ${segments.join(', ')}`);
    return place;
  };
  const count = (from: number | null, to: number | null): void => {
    const cell = cells[
      rankOf(from === null ? null : previous.segments[from]) * places.length +
        rankOf(to === null ? null : current.segments[to])
    ] as MigrationCell<Segment>;
    cell.customers += 1;
    if (from !== null) cell.valueBefore += previous.values[from] as number;
    if (to !== null) cell.valueAfter += current.values[to] as number;
  };
  const stays = new Uint8Array(previous.customerIds.length);
  for (const [customer, place] of before.entries()) {
    if (place >= 0) stays[place] = 1;
    count(place < 0 ? null : place, customer);
  }
  for (const [place, isStill] of stays.entries()) if (isStill === 0) count(place, null);
  return { cells: cells.slice(0, -1), ...movesOf(cells, segments.length) };
}

/** Nobody is outside both times, so the last cell counts for nothing. */
function movesOf<Segment extends string>(
  cells: readonly MigrationCell<Segment>[],
  outside: number,
): Omit<Migration<Segment>, 'cells'> {
  const width = outside + 1;
  const sumWhere = (wanted: (from: number, to: number) => boolean): number =>
    cells.reduce(
      (sum, { customers }, index) =>
        wanted(Math.floor(index / width), index % width) ? sum + customers : sum,
      0,
    );
  return {
    up: sumWhere((from, to) => from < outside && to < from),
    stayed: sumWhere((from, to) => from < outside && to === from),
    down: sumWhere((from, to) => to < outside && from < to),
    joined: sumWhere((from, to) => from === outside && to < outside),
    left: sumWhere((from, to) => from < outside && to === outside),
  };
}
