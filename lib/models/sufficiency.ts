import type { EngineName, InTwoLanguages } from './purchaseReport.ts';

/** Below these a hold-out has so few rows, or so few buyers, that its figures would say nothing. */
const minRows = 50;
const minRowsPerLabel = 10;
/** Below it only the simplest models are tried: about ten buyers for each of ten columns (Peduzzi et al. 1996). */
export const fewRowsPerLabel = 100;

export interface Sufficiency {
  /** What to fit where nothing can be compared. */
  simplestEngine: EngineName;
  /** Why nothing can be compared; empty where it can. */
  reasons: InTwoLanguages[];
  /** Too few buyers for anything but the simplest models. */
  few: boolean;
}

/** Whether the rows allow a comparison of engines, and of which. `columns` are those that vary. */
export function checkSufficiency(y: Uint8Array, { columns }: { columns: number }): Sufficiency {
  const rows = y.length;
  const positives = y.reduce((sum, label) => sum + label, 0);
  if (positives === 0 || positives === rows) {
    const [en, zh] = positives === 0 ? ['nobody', '无人'] : ['everybody', '所有人都'];
    return nothingTells({
      en: `${en} bought in the ${rows} rows, so nothing tells buyers from others`,
      zh: `${rows} 行中${zh}购买，因此无法区分买家与其他客户`,
    });
  }
  if (columns === 0)
    return nothingTells({
      en: 'no feature column varies, so nothing tells buyers from others',
      zh: '没有任何特征列有变化，因此无法区分买家与其他客户',
    });
  const reasons: InTwoLanguages[] = [];
  if (rows < minRows)
    reasons.push({
      en: `${rows} rows; at least ${minRows} are needed to measure the quality`,
      zh: `只有 ${rows} 行；至少需要 ${minRows} 行才能衡量质量`,
    });
  const smaller = Math.min(positives, rows - positives);
  if (smaller < minRowsPerLabel) {
    const isBuyers = positives <= rows - positives;
    reasons.push({
      en: `${smaller} ${isBuyers ? 'buyers' : 'customers who did not buy'}; at least ${minRowsPerLabel} are needed to measure the quality`,
      zh: `只有 ${smaller} 位${isBuyers ? '买家' : '未购买的客户'}；至少需要 ${minRowsPerLabel} 位才能衡量质量`,
    });
  }
  return { simplestEngine: 'logisticRegression', reasons, few: smaller < fewRowsPerLabel };
}

const nothingTells = (reason: InTwoLanguages): Sufficiency => ({
  simplestEngine: 'baseRate',
  reasons: [reason],
  few: true,
});
