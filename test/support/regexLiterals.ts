import { analyse } from 'scslre';
import { parseAst } from 'vite';

export interface RegexLiteral {
  /** Counted from 1. */
  line: number;
  pattern: string;
  flags: string;
}

/** Every regular expression that a TypeScript source writes as a literal, and the lines that build one from text. */
export function regexesOf(source: string): { literals: RegexLiteral[]; builtFromText: number[] } {
  const literals: RegexLiteral[] = [];
  const builtFromText: number[] = [];
  const lineOf = (offset: number) => source.slice(0, offset).split('\n').length;
  visit(parseAst(source, { lang: 'ts' }), (node) => {
    if (node.regex) literals.push({ line: lineOf(node.start), ...node.regex });
    if (/^(?:New|Call)Expression$/.test(node.type) && node.callee?.name === 'RegExp')
      builtFromText.push(lineOf(node.start));
  });
  return { literals, builtFromText };
}

/**
 * Why a regular expression can take more than linear time, by scslre: one quantifier that takes the same text in several
 * ways ("Self"), two that can trade text ("Trade"), or one that is begun anew at every position ("Move").
 */
export function superLinear({ pattern, flags }: Omit<RegexLiteral, 'line'>): string[] {
  const { reports } = analyse({ source: pattern, flags });
  return [...new Set(reports.map(({ type }) => type))];
}

interface Node {
  type: string;
  start: number;
  regex?: { pattern: string; flags: string };
  callee?: { name?: string };
}

function visit(value: unknown, seen: (node: Node) => void): void {
  if (Array.isArray(value)) for (const item of value) visit(item, seen);
  else if (typeof value === 'object' && value !== null) {
    if ('type' in value) seen(value as Node);
    for (const child of Object.values(value)) visit(child, seen);
  }
}
