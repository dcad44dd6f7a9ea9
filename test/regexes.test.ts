import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { regexesOf, superLinear } from './support/regexLiterals.ts';

const root = resolve(import.meta.dirname, '..');
const sources = ['functions', 'lib'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('generated'))
    .map((file) => `${folder}/${file}`),
);
const found = sources.map((file) => ({ file, ...regexesOf(readFileSync(join(root, file), 'utf8')) }));

test('no regular expression of the functions takes more than linear time', () => {
  const all = found.flatMap(({ file, literals }) => literals.map((literal) => ({ file, ...literal })));
  expect(all.length).toBeGreaterThan(100);
  const slow = all.flatMap(({ file, ...literal }) => {
    const reasons = superLinear(literal);
    return reasons.length > 0 ? [`${file}:${literal.line} /${literal.pattern}/ ${reasons.join(', ')}`] : [];
  });
  expect(slow).toEqual([]);
});

test('no regular expression is built from text, where nobody could check it', () => {
  const built = found.flatMap(({ file, builtFromText }) => builtFromText.map((line) => `${file}:${line}`));
  expect(built).toEqual([]);
});

test.each([
  ['(a+)+$', 'Self'],
  [String.raw`^(.+?)\s*%$`, 'Trade'],
  [String.raw`\s+$`, 'Move'],
])('the check sees what is wrong with /%s/', (pattern, reason) => {
  const source = `type Word = string;\nexport const isWord = (text: Word): boolean => /${pattern}/u.test(text);`;
  const { literals } = regexesOf(source);
  expect(literals).toEqual([{ line: 2, pattern, flags: 'u' }]);
  expect(superLinear({ pattern, flags: 'u' })).toContain(reason);
});

test('the check sees a regular expression that is built from text', () => {
  expect(
    regexesOf("const a = 1;\nconst b = new RegExp('a' + a);\nconst c = RegExp(`b`);").builtFromText,
  ).toEqual([2, 3]);
});
