import type { Language } from './settings.ts';

/** Stands for a placeholder while figures are looked for, so that a numeral beside one is seen. */
export const factMark = '\uE000';

/** What a text says in figures, dates or money beside its facts (`factMark`); null where it says nothing of the kind. */
export function figureIn(text: string, language: Language): string | null {
  const plain = text.normalize('NFKC');
  // both forms: NFKC turns ½ into digits around a slash, and leaves what has no simpler form
  const digit = /\p{N}/u.exec(text) ?? /\p{N}/u.exec(plain);
  if (digit) return `the digit ${digit[0]}`;
  const sign = /[%‰‱٪\p{Sc}]/u.exec(plain);
  if (sign) return `the sign ${sign[0]}`;
  return englishFigure(plain) ?? (language === 'zh' ? chineseFigure(plain) : anyHanNumeral(plain));
}

const numberWords = new Set(
  (
    'zero nought two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen ' +
    'twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million millions billion billions trillion ' +
    'dozen dozens score third thirds fourth fourths fifth fifths sixth sixths seventh sevenths eighth eighths ninth ninths tenth tenths ' +
    'eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth fiftieth hundredth ' +
    'half halves halved quarter quarters double doubled doubles triple tripled triples twice thrice twofold threefold fourfold tenfold ' +
    'percent percents percentage percentages percentile percentiles pct bogo ' +
    'dollar dollars cent cents euro euros quid buck bucks yuan renminbi rmb usd eur gbp cny jpy yen rupee rupees franc francs ' +
    'january february april june july august september october november december jan feb aug sept oct nov dec ' +
    'monday mondays tuesday tuesdays wednesday wednesdays thursday thursdays friday fridays saturday saturdays sunday sundays'
  ).split(' '),
);
/** Words whose other meaning is the usual one: months with a capital in mid-sentence, and `one` of something. */
const ambiguous =
  /(?<=[\p{L},] )(?:March|May)(?!\p{L})|(?<!\p{L})(?:one (?:day|week|month|year|hour|minute|time|in|out|cent|coin|order|item|piece|customer)|per cents?|pounds? sterling)(?!\p{L})/u;

function englishFigure(text: string): string | null {
  // accents over its letters hide no figure
  const bare = text.normalize('NFKD').replace(/\p{M}/gu, '');
  const word = bare
    .toLowerCase()
    .split(/[^\p{L}]/u)
    .find((one) => numberWords.has(one));
  const found = word ?? ambiguous.exec(bare)?.[0] ?? null;
  return found && `the figure or date "${found}"`;
}

const anyNumeral = /[〇零一二三四五六七八九十百千万亿兆两俩仨双半壹贰叁肆伍陆柒捌玖拾佰仟萬億廿卅]/u;

/** Everyday words that hold a numeral and mean no figure. What is not listed is taken for one. */
const everydayWords =
  /(?<![〇零一二三四五六七八九十百千万亿两第\uE000])(?:一起|一直|一样|一定|一切|一般|一旦|一些|一下|一同|一路|一向|一贯|一如既往|一应俱全|一份|一种|一个(?!月|半|小时|星期|季度|季|百分)|一点(?![〇零一二三四五六七八九十])|一员|一见|统一|专一|万一|万分|百货|百搭|四季|零售|零食|双方|双手)(?![〇零一二三四五六七八九十百千万亿两\uE000])/gu;

const chineseDates =
  /[年月日号周旬]份?(?:内|前|底|初|末|之前|截止)|星期|礼拜|周末|元旦|春节|国庆|元(?:起|整)|块钱|美元|欧元|人民币|百分|折(?!扣)/u;

function chineseFigure(text: string): string | null {
  const left = text.replace(everydayWords, '');
  const found = anyNumeral.exec(left) ?? chineseDates.exec(left);
  return found && `the figure or date "${found[0]}"`;
}

function anyHanNumeral(text: string): string | null {
  const found = anyNumeral.exec(text);
  return found && `the figure "${found[0]}"`;
}
