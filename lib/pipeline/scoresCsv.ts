import type { Cell } from '../tables/csv.ts';
import type { ScoreEntry } from './results.ts';

/** `scores/<file>.csv`: one row per customer, with why in words. */

export type Language = 'en' | 'zh';

export const scoresHeader: Record<Language, string[]> = {
  en: ['customer_id', 'probability', 'decile', 'model_status', 'reason_1', 'reason_2', 'reason_3'],
  zh: ['客户编号', '购买概率', '十分位', '模型状态', '原因1', '原因2', '原因3'],
};

export function scoreCells(
  { customerId, probability, decile, reasons }: ScoreEntry,
  { language, modelStatus }: { language: Language; modelStatus: string },
): Cell[] {
  const texts = [0, 1, 2].map((at) => reasons[at]?.text[language] ?? '');
  return [customerId, probability, decile, modelStatus, ...texts];
}
