/** Keeps the last row of every id, in the order in which the ids first appear, and counts the rows that gave way. */
export function lastOfEach<Row>(rows: Row[], idOf: (row: Row) => string): { kept: Row[]; replaced: number } {
  const byId = new Map<string, Row>();
  for (const row of rows) byId.set(idOf(row), row);
  return { kept: [...byId.values()], replaced: rows.length - byId.size };
}
