/** So many words of our rules in a row are no chance. */
const tellingWords = 5;

/** Words of the model's instructions, or of a model that speaks of itself or declines; null where there is none. */
export function leakIn(text: string, rules: string): string | null {
  const spoken =
    /\b(as an ai|language model|system prompt|my instructions|placeholders?|json)\b|作为(?:一个)?(?:ai|人工智能)|语言模型|系统提示|提示词|占位符|指令/iu.exec(
      text,
    );
  if (spoken) return `"${spoken[0]}"`;
  const refused =
    /\bI(?:'m| am) (?:sorry|unable|not able)|\bI (?:can(?:no|')t|cannot|won't|will not)\b|抱歉|我无法|我不能/iu.exec(
      text,
    );
  if (refused) return `the refusal "${refused[0]}"`;
  const known = shingles(rules);
  return [...shingles(text)].some((shingle) => known.has(shingle)) ? 'a passage of its instructions' : null;
}

function shingles(text: string): Set<string> {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  return new Set(
    words.slice(tellingWords - 1).map((_, index) => words.slice(index, index + tellingWords).join(' ')),
  );
}
