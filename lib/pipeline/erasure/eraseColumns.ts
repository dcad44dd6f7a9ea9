/**
 * A document of ours that holds customers by column, as `{ ids: [...], probabilities: [...] }`, without the erased. Null where it holds
 * none of them.
 */
export function eraseFromColumns(
  document: Record<string, unknown>,
  isErased: (id: string) => boolean,
): Record<string, unknown> | null {
  const ids = idNames.map((name) => document[name]).find(Array.isArray) as unknown[] | undefined;
  if (ids === undefined) return null;
  const isKept = ids.map((id) => !isErased(String(id)));
  if (isKept.every(Boolean)) return null;
  return Object.fromEntries(
    Object.entries(document).map(([name, column]) => [
      name,
      Array.isArray(column) && column.length === ids.length
        ? column.filter((_, place) => isKept[place])
        : column,
    ]),
  );
}

const idNames = ['customerIds', 'ids'];
