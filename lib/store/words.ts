import * as z from 'zod/mini';
import { draftKey, tokensKey } from './keys.ts';
import { getItem, putItem, type Table, updateItem } from './table.ts';

/** What asking language models has cost, and what they wrote. */

const secondsPerDay = 86_400;
/** Counts are of no use once their day is over, but somebody may want to look. */
const countLifeSeconds = 40 * secondsPerDay;
const draftLifeSeconds = 30 * secondsPerDay;

/** One conditional write: takes tokens from those of the day, or, where fewer than that are left, none and answers false. */
export async function reserveTokens(
  table: Table,
  { tokens, dailyTokens, nowMs }: { tokens: number; dailyTokens: number; nowMs: number },
): Promise<boolean> {
  if (tokens > dailyTokens) return false;
  const item = await updateItem(table, tokensKey(dayOf(nowMs)), {
    update: {
      expression: 'SET #tokens = if_not_exists(#tokens, :zero) + :tokens, #expiresAtSeconds = :expires',
      values: { zero: 0, tokens, expires: Math.floor(nowMs / 1000) + countLifeSeconds },
    },
    condition: {
      expression: 'attribute_not_exists(#tokens) OR #tokens <= :room',
      values: { room: dailyTokens - tokens },
    },
  });
  return item !== null;
}

/** Gives back what was reserved on that day and not used; below 0 where more was used. */
export async function settleTokens(
  table: Table,
  { tokens, nowMs }: { tokens: number; nowMs: number },
): Promise<void> {
  await updateItem(table, tokensKey(dayOf(nowMs)), {
    update: { expression: 'SET #tokens = #tokens - :tokens', values: { tokens } },
    condition: { expression: 'attribute_exists(#tokens)' },
  });
}

/** Tokens that the day of this moment has taken so far. */
export async function readTokens(table: Table, { nowMs }: { nowMs: number }): Promise<number> {
  return Number((await getItem(table, tokensKey(dayOf(nowMs))))?.tokens ?? 0);
}

const dayOf = (nowMs: number): string => new Date(nowMs).toISOString().slice(0, 10);

const draftSchema = z.record(z.string(), z.string());

/** Texts by field, as they were stored under this hash; null where there are none. */
export async function readDraft(table: Table, hash: string): Promise<Record<string, string> | null> {
  const item = await getItem(table, draftKey(hash));
  return item === null ? null : draftSchema.parse(JSON.parse(String(item.draft)));
}

export async function putDraft(
  table: Table,
  { hash, draft, nowMs }: { hash: string; draft: Record<string, string>; nowMs: number },
): Promise<void> {
  const expiresAtSeconds = Math.floor(nowMs / 1000) + draftLifeSeconds;
  await putItem(table, { ...draftKey(hash), draft: JSON.stringify(draft), expiresAtSeconds });
}
