import type { PurchaseMetrics } from './metrics.ts';
import type { EngineName, Grade, InTwoLanguages, Leak } from './purchaseReport.ts';
import { fewRowsPerLabel } from './sufficiency.ts';

/** What a grade is made of: counts of all rows, and what the champion showed on held-out rows. */
export interface GradeFacts {
  rows: number;
  /** Rows of the rarer label. */
  rarer: number;
  heldOutPositives: number;
  champion: EngineName;
  metrics: PurchaseMetrics;
  expectedCalibrationError: number;
  /** Held-out log-loss of the base rate less the champion's: the low end of its 95 % interval. */
  leastGainOverBaseRate: number;
  leaks: readonly Leak[];
}

const enoughForA = { rarer: 300, rows: 1000, heldOutPositives: 100 };

/**
 * A: act on it. B: the ranking holds, figures are rough. C: try it on a part first. D: nothing is known of the customers that
 * tells them apart. The worst reason decides; all are given.
 */
export function gradeModel(facts: GradeFacts): { grade: Grade; reasons: InTwoLanguages[] } {
  const found = [
    ...downTo('D', isWorthNothing(facts)),
    ...downTo('C', whyTry(facts)),
    ...downTo('B', whyRough(facts)),
  ];
  const grade = found[0]?.grade ?? 'A';
  if (grade !== 'A') return { grade, reasons: found.map(({ reason }) => reason) };
  const { rows, rarer } = facts;
  return {
    grade,
    reasons: [
      {
        en: `${rows} rows with ${rarer} of the rarer label, better than the base rate beyond chance, and calibrated on held-out rows`,
        zh: `共 ${rows} 行，较少的一类有 ${rarer} 行；在留出数据上显著优于基准率，且概率已校准`,
      },
    ],
  };
}

const downTo = (grade: Grade, reasons: InTwoLanguages[]): { grade: Grade; reason: InTwoLanguages }[] =>
  reasons.map((reason) => ({ grade, reason }));

const isWorthNothing = ({ champion }: GradeFacts): InTwoLanguages[] =>
  champion === 'baseRate' ? [nothingBeatsBaseRate] : [];

export const nothingBeatsBaseRate: InTwoLanguages = {
  en: 'on held-out rows no candidate does better than giving everybody the share of buyers, so that is what everybody gets',
  zh: '在留出数据上，没有任何模型优于给所有人相同的购买比例，因此所有人都得到这一比例',
};

function whyTry({ rarer, champion, leastGainOverBaseRate, leaks }: GradeFacts): InTwoLanguages[] {
  const reasons: InTwoLanguages[] = [];
  if (rarer < fewRowsPerLabel)
    reasons.push({
      en: `${rarer} of the rarer label; below ${fewRowsPerLabel} only the simplest models are tried`,
      zh: `较少的一类只有 ${rarer} 行；少于 ${fewRowsPerLabel} 行时只尝试最简单的模型`,
    });
  if (champion !== 'baseRate' && leastGainOverBaseRate <= 0)
    reasons.push({
      en: 'the gain over the base rate may be chance: its 95 % interval includes none',
      zh: '相对基准率的提升可能只是偶然：其 95 % 区间包含零',
    });
  for (const { column, message } of leaks)
    reasons.push({
      en: message,
      zh: `“${column}”可能泄露了结果；如果它在购买之后才知道，请写入 purchase.excludeColumns`,
    });
  return reasons;
}

function whyRough({
  rows,
  rarer,
  heldOutPositives,
  expectedCalibrationError,
  metrics,
}: GradeFacts): InTwoLanguages[] {
  const reasons: InTwoLanguages[] = [];
  if (rows < enoughForA.rows)
    reasons.push({
      en: `${rows} rows; ${enoughForA.rows} make figures firm`,
      zh: `只有 ${rows} 行；${enoughForA.rows} 行以上数字才可靠`,
    });
  if (rarer < enoughForA.rarer)
    reasons.push({
      en: `${rarer} of the rarer label; ${enoughForA.rarer} make figures firm`,
      zh: `较少的一类只有 ${rarer} 行；${enoughForA.rarer} 行以上数字才可靠`,
    });
  if (heldOutPositives < enoughForA.heldOutPositives)
    reasons.push({
      en: `${heldOutPositives} buyers were held out; ${enoughForA.heldOutPositives} make figures firm`,
      zh: `留出数据中只有 ${heldOutPositives} 位买家；${enoughForA.heldOutPositives} 位以上数字才可靠`,
    });
  if (expectedCalibrationError > 0.03)
    reasons.push({
      en: `held-out probabilities are off by ${(100 * expectedCalibrationError).toFixed(1)} points on average`,
      zh: `留出数据上的概率平均偏差 ${(100 * expectedCalibrationError).toFixed(1)} 个百分点`,
    });
  if ((metrics.rocAuc ?? 0.5) < 0.65)
    reasons.push({
      en: `buyers are ranked above others with an AUC of ${(metrics.rocAuc ?? 0.5).toFixed(2)} only`,
      zh: `排序能力较弱：AUC 只有 ${(metrics.rocAuc ?? 0.5).toFixed(2)}`,
    });
  return reasons;
}
