import { rawCells } from './record.ts';
import type { RejectedRow } from './types.ts';

/** How a line of sums begins. */
const sums = /^#?\s*(?:(?:(?:grand|sub)[ -]?)?totals?\b|sums?\b|合计|总计|小计|汇总)/i;
/** How a line begins that says how and when an export was made, or counts its rows; or a rule that closes it. */
const remarks =
  /^#?\s*(?:[©@]\s?\d{4}\b|copyright\b|(?:generated|exported|created|printed|downloaded|report|page|end of|source|filters?|notes?)\b|\(?\d+ (?:rows?|records?|orders?|lines?)\b|[-=_*#]{3,}|共\s?\d|导出|生成|打印|制表|备注)/i;

/** Whether a line begins like sums or like a remark. */
export const opensFooter = (first: string): boolean => sums.test(first) || remarks.test(first);

/**
 * The lines below a table that are no rows, of the bad rows that no good one follows: from the first that begins like sums or a
 * remark, or stands below line `opensAt`, on, as long as they are sums or have one or two cells. Any other bad row at the end, such as
 * one that was cut, stays one.
 */
export function footerOf(
  trailing: readonly RejectedRow[],
  { delimiter, width, opensAt }: { delimiter: string; width: number; opensAt: number },
): readonly RejectedRow[] {
  const shapes = trailing.map(({ line, raw }) => {
    const cells = rawCells(raw, delimiter).map((cell) => cell.trim());
    const filled = cells.filter((cell) => cell !== '');
    const narrow = filled.length <= 2 && cells.findLastIndex((cell) => cell !== '') + 1 < width;
    const [first = ''] = filled;
    const opens = sums.test(first) || (narrow && (remarks.test(first) || line > opensAt));
    return { opens, fits: narrow || sums.test(first) };
  });
  const from = shapes.findIndex(({ opens }) => opens);
  if (from < 0 || shapes.slice(from).some(({ fits }) => !fits)) return [];
  return trailing.slice(from);
}
