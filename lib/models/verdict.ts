import type { Comparison } from './candidates/compareCandidates.ts';
import type { Measured } from './candidates/measureCandidate.ts';
import type { EngineName, InTwoLanguages } from './purchaseReport.ts';

/** What an engine is called in a sentence. */
export const engineWords: Record<EngineName, InTwoLanguages> = {
  baseRate: { en: 'the base rate', zh: '基准率' },
  recency: { en: 'days since the last order', zh: '距上次下单天数' },
  spend: { en: 'spend so far', zh: '累计消费' },
  rfmSum: { en: 'the RFM sum', zh: 'RFM 总分' },
  bgNbd: { en: 'BG/NBD', zh: 'BG/NBD' },
  logisticRegression: { en: 'logistic regression', zh: '逻辑回归' },
  decisionTree: { en: 'the decision tree', zh: '决策树' },
  gradientBoosting: { en: 'gradient boosting', zh: '梯度提升' },
  randomForest: { en: 'the random forest', zh: '随机森林' },
  neuralNetwork: { en: 'the neural network', zh: '神经网络' },
  randomForestDraws: { en: 'ml-random-forest', zh: 'ml-random-forest' },
};

/** What the comparison came to, in sentences that need no figures. */
export function verdictOf({ measured, behindChampion, failed }: Comparison): InTwoLanguages[] {
  const [champion] = measured;
  if (champion === undefined) throw new Error('verdictOf needs at least one candidate; got 0');
  const untreated = measured.filter(({ candidate }) => candidate.treatment === 'none');
  const find = (engine: EngineName): Measured | undefined =>
    untreated.find(({ candidate }) => candidate.engine === engine);
  return [
    inUse(champion, measured, behindChampion),
    ...forestLosses(find),
    ...treatmentHelped(measured),
    ...failed.map(({ candidate, message }) => ({
      en: `${engineWords[candidate.engine].en} could not be fitted: ${message}`,
      zh: `${engineWords[candidate.engine].zh}无法拟合：${message}`,
    })),
  ];
}

function inUse(
  { candidate }: Measured,
  measured: readonly Measured[],
  behindChampion: Comparison['behindChampion'],
): InTwoLanguages {
  const { en, zh } = engineWords[candidate.engine];
  if (candidate.engine === 'baseRate')
    return {
      en: 'No candidate does better than the base rate on held-out rows',
      zh: '在留出数据上没有模型优于基准率',
    };
  const close = measured.filter((_, index) => index > 0 && (behindChampion[index]?.low ?? 1) <= 0);
  const names = (language: 'en' | 'zh'): string =>
    [...new Set(close.map((other) => engineWords[other.candidate.engine][language]))].join(
      language === 'en' ? ', ' : '、',
    );
  if (close.length === 0)
    return { en: `In use: ${en}, the best on held-out rows`, zh: `采用${zh}：在留出数据上最好` };
  return {
    en: `In use: ${en}; ${names('en')} did not differ beyond chance on held-out rows`,
    zh: `采用${zh}；在留出数据上，${names('zh')}与其差别不显著`,
  };
}

/** A forest is dear and cannot be read: where something plain does better, that is worth a sentence. */
function forestLosses(find: (engine: EngineName) => Measured | undefined): InTwoLanguages[] {
  const forest = find('randomForest') ?? find('randomForestDraws');
  if (forest === undefined) return [];
  const { en, zh } = engineWords[forest.candidate.engine];
  return (['logisticRegression', 'recency'] as const).flatMap((engine) => {
    const other = find(engine);
    if (other === undefined || other.metrics.logLoss >= forest.metrics.logLoss) return [];
    const words = engineWords[engine];
    return { en: `${sentenceCase(en)} loses to ${words.en}`, zh: `${zh}不如${words.zh}` };
  });
}

function treatmentHelped(measured: readonly Measured[]): InTwoLanguages[] {
  return measured
    .filter(({ candidate }) => candidate.treatment !== 'none')
    .map(({ candidate, metrics }) => {
      const plain = measured.find(
        (other) => other.candidate.engine === candidate.engine && other.candidate.treatment === 'none',
      );
      const helped = plain !== undefined && metrics.logLoss < plain.metrics.logLoss;
      const { en, zh } = engineWords[candidate.engine];
      return helped
        ? { en: `${candidate.treatment} helped ${en}`, zh: `${candidate.treatment} 改善了${zh}` }
        : { en: `${candidate.treatment} did not help ${en}`, zh: `${candidate.treatment} 没有改善${zh}` };
    });
}

const sentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
