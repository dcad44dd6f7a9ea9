import { describe, expect, it } from 'vitest';
import { formatsOf } from '../../web/charts/formats.ts';
import { themes } from '../../web/charts/theme.ts';
import { say, type Word, words } from '../../web/words.ts';

describe('the words of the page', () => {
  it.each(Object.entries(words))('%s leave the same places for values in both languages', (_, { en, zh }) => {
    const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();
    expect(places(zh)).toEqual(places(en));
    expect(en.trim()).not.toBe('');
    expect(zh.trim()).not.toBe('');
  });

  it('take values, once and as they are', () => {
    expect(say('en', 'before', { name: '{after}' })).toBe('{after}, before');
    expect(say('zh', 'before' satisfies Word, { name: '高' })).toBe('高（之前）');
  });
});

describe('formats', () => {
  it('write money in the shop’s currency and the reader’s language', () => {
    expect(formatsOf('en').money(1234.5, 'EUR')).toBe('€1,235');
    expect(formatsOf('en').money(34.5, 'JPY')).toBe('JP¥35');
    expect(formatsOf('zh').micros(1_500_000, 'CNY')).toBe('¥1.50');
  });

  it('put a currency that nobody knows behind the figure', () => {
    expect(formatsOf('en').money(1.5, 'points')).toBe('1.5 points');
  });

  it('leave a day the day it is, wherever the reader is', () => {
    expect(formatsOf('en').day('2026-03-01')).toBe('1 Mar 2026');
  });
});

describe.each(Object.values(themes))('the $name theme', ({ ground, text, muted, series }) => {
  it('has text that stands out 4.5 to 1, and lines that do 3 to 1 (WCAG 1.4.3, 1.4.11)', () => {
    for (const color of [text, muted]) expect(contrast(color, ground)).toBeGreaterThanOrEqual(4.5);
    for (const color of series) expect(contrast(color, ground)).toBeGreaterThanOrEqual(3);
  });
});

/** WCAG 2.2's contrast ratio. */
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
