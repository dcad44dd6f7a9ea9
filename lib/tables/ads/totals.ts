import { identityFields } from './fields.ts';
import type { AdLayout } from './layout.ts';

const totals =
  /^(?:(?:grand )?totals?|gesamt(?:summe)?|summe|totale|total général|合计|总计|小计|汇总)(?:\s*[:：\-—(（].*)?$/i;

/** For a layout: whether a line is no row but the total of others, or repeats what they say. */
export function isAsideOf({ at, profile }: AdLayout): (cells: readonly string[]) => boolean {
  const identities = identityFields.map((field) => at[field]).filter((index) => index >= 0);
  const entities = new Set(profile?.entities?.map((entity) => entity.toLowerCase()));
  const namesNothing = (cells: readonly string[]) =>
    profile?.summaryRow === true &&
    [...identities, at.campaign].every((index) => (cells[index] ?? '').trim() === '');
  return (cells) => {
    const first = cells.find((cell) => cell.trim() !== '')?.trim() ?? '';
    if (totals.test(first) || namesNothing(cells)) return true;
    return entities.size > 0 && !entities.has((cells[at.entity] ?? '').trim().toLowerCase());
  };
}
