/**
 * A product's, a column's or a file's name, as it may travel to a model and into a text; null where it is none. Characters are
 * allow-listed, the length is limited, and what reads like an order to a model, an address or a number of somebody's is left out.
 * That no order is followed is not promised by this, but by the check of what was written (checkDraft.ts).
 */
export function namedText(text: string): string | null {
  // far beyond any name, and as much as is worth looking at
  if (text.length > 500) return null;
  const plain = text.normalize('NFKC').replace(/<[^<>]*>/g, '');
  const name = plain.replace(notAllowed, ' ').replace(/\s+/g, ' ').trim();
  const isNone = [soundsLikeOrder, holdsAddress, statesPrice].some((rule) => rule(plain) || rule(name));
  if (isNone || !/[\p{L}\p{N}]/u.test(name)) return null;
  return [...name].length > maxCharacters || name.split(' ').length > maxWords ? null : name;
}

const maxCharacters = 60;
const maxWords = 8;

const notAllowed = /[^\p{L}\p{M}\p{N} \-&'.,+/()·]/gu;

const orders = [
  /\b(ignore|disregard|forget|override|bypass|overrule|skip)\b/i,
  /\b(prompt|instructions?|jailbreak|placeholders?|json|system message|developer mode|guardrails?|note to|script)\b/i,
  /\b(assistant|system|user|developer|human|ai) ?:/i,
  /\b(you are|you must|you should|you will|act as|pretend|from now on|new rules?|new task|end of data)\b/i,
  /\b(say|write|print|output|reveal|repeat|reply|respond|answer|tell|raise|translate) (?:that|the|this|your|with|every\w+|customers?|all|only|in|to|how)\b/i,
  /\b(add|include|set|show|mention|raise|change) (?:the|all|every|each|any|bids?|prices?|it|to)\b/i,
  /(忽略|无视|忘记|忘掉|跳过|绕过|覆盖|不要遵守|不再遵守)/,
  /(指令|提示词|系统提示|系统消息|开发者模式|占位符|越狱|给写手)/,
  /(助手|系统|用户|管理员) ?:/,
  /(你是|你现在|你必须|你应该|请你|扮演|假装|从现在起|新任务|新规则)/,
  /(输出|回复|打印|泄露|透露|告诉|写上|加上|重复以上|翻译成|设置为|提高出价|降价到|出价为)/,
];

const soundsLikeOrder = (text: string): boolean => orders.some((pattern) => pattern.test(text));

/** Mail, web, or seven digits in a row and more: a telephone, a card, an order's number. */
const holdsAddress = (text: string): boolean =>
  /@|:\/\/|\bwww\.|\.(com|net|org|cn|io)\b|\d(?:[ .()-]?\d){6}/i.test(text);

/** What a thing costs is no part of its name. */
const statesPrice = (text: string): boolean =>
  /\p{Sc} ?\d|\d ?(?:元|块钱|美元|欧元|euros?\b|dollars?\b|usd\b|eur\b|rmb\b)|\b(?:price|prices|now only|only \d|now \d)\b|\d ?(?:%|percent)? off\b|现价|售价|仅售|特价|半价|价格|[一二三四五六七八九\d]折/iu.test(
    text,
  );
