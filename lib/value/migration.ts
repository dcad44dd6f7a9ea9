/** Where a customer stood in one run, and what they were worth. */
export interface Standing<Segment extends string> {
  segment: Segment;
  value: number;
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

/** Who moved from which segment to which since the previous run. */
export function migrationMatrix<Segment extends string>(
  previous: ReadonlyMap<string, Standing<Segment>>,
  current: ReadonlyMap<string, Standing<Segment>>,
  { segments }: { segments: readonly Segment[] },
): Migration<Segment> {
  const places: (Segment | null)[] = [...segments, null];
  const rank = new Map(places.map((place, index) => [place, index]));
  const cells: MigrationCell<Segment>[] = places.flatMap((from) =>
    places.map((to) => ({ from, to, customers: 0, valueBefore: 0, valueAfter: 0 })),
  );
  const count = (before: Standing<Segment> | undefined, after: Standing<Segment> | undefined): void => {
    const cell = cells[placeOf(before) * places.length + placeOf(after)] as MigrationCell<Segment>;
    cell.customers += 1;
    cell.valueBefore += before?.value ?? 0;
    cell.valueAfter += after?.value ?? 0;
  };
  const placeOf = (standing: Standing<Segment> | undefined): number => {
    const place = rank.get(standing?.segment ?? null);
    if (place === undefined)
      throw new RangeError(`migrationMatrix: ${standing?.segment} is none of ${segments.join(', ')}`);
    return place;
  };
  for (const [customer, before] of previous) count(before, current.get(customer));
  for (const [customer, after] of current) if (!previous.has(customer)) count(undefined, after);

  const sumWhere = (wanted: (from: number, to: number) => boolean): number =>
    cells.reduce(
      (sum, { customers }, index) =>
        wanted(Math.floor(index / places.length), index % places.length) ? sum + customers : sum,
      0,
    );
  const outside = segments.length;
  return {
    // nobody is outside both times
    cells: cells.slice(0, -1),
    up: sumWhere((from, to) => from < outside && to < from),
    stayed: sumWhere((from, to) => from < outside && to === from),
    down: sumWhere((from, to) => to < outside && from < to),
    joined: sumWhere((from, to) => from === outside && to < outside),
    left: sumWhere((from, to) => from < outside && to === outside),
  };
}
