import type { Question } from './modelServer.ts';

/** What a model writes that keeps to its rules: plain words, each fact that it must tell, in its language. */
export function goodAnswer(question: Question, language: 'en' | 'zh' = 'en'): Record<string, string> {
  const required = question.facts
    .filter(({ mustStandInEveryVariant }) => mustStandInEveryVariant)
    .map(({ placeholder }) => placeholder);
  return Object.fromEntries(
    question.fields.map(({ name, maxCharacters }) => [
      name,
      goodText(name, { required, language, maxCharacters }),
    ]),
  );
}

function goodText(
  name: string,
  { required, language, maxCharacters }: { required: string[]; language: 'en' | 'zh'; maxCharacters: number },
): string {
  const isBody = /^(body|text|headline)/.test(name);
  const plain = language === 'en' ? 'Come and see us' : '欢迎再来';
  if (!isBody || maxCharacters < 20) return plain;
  if (required.length === 0)
    return language === 'en' ? `${plain}, it is good to have you.` : `${plain}，期待您的光临。`;
  return language === 'en' ? `For you, ${required.join(' and ')}.` : `为您准备：${required.join('、')}。`;
}
