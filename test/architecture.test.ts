import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** Lower number, lower layer. A folder imports its own layer or a lower one. */
const layers: Record<string, number> = {
  'lib/math': 0,
  'lib/tables': 1,
  'lib/features': 2,
  'lib/models': 3,
  'lib/value': 4,
  'lib/bids': 4,
  'lib/marketing': 5,
  'lib/store': 5,
  'lib/copywriter': 5,
  'lib/pipeline': 6,
  functions: 7,
};
/** Where the outside world may be touched. */
const adapters = [
  'lib/store/',
  'lib/features/duckdb.ts',
  'lib/features/staging/slotWriter.ts',
  'lib/features/staging/staging.ts',
  'lib/features/staging/writerMain.ts',
  'lib/features/staging/writingThread.ts',
  'lib/models/trees/workers.ts',
  'lib/models/trees/workerMain.ts',
  'lib/copywriter/adapters/',
];
const impure =
  /\bDate\.now\(|new Date\(\)|Math\.random\(|process\.env|\bconsole\.|performance\.now\(|@aws-|'node:(?!crypto|zlib|buffer|stream)/;

const sources = ['functions', 'lib'].flatMap((folder) => typescriptBelow(join(root, folder)));

describe('the layers', () => {
  test('every source folder has a place in the list of layers', () => {
    expect(sources.length).toBeGreaterThan(20);
    expect(sources.filter((file) => layerOf(file) === undefined)).toEqual([]);
  });

  test('a folder imports its own layer or a lower one', () => {
    const climbing = sources.flatMap((file) =>
      importsOf(file)
        .filter((imported) => imported.startsWith('.'))
        .map((imported) => relative(root, resolve(dirname(join(root, file)), imported)))
        .filter((target) => !mayImport(file, target))
        .map((target) => `${file} imports ${target}`),
    );
    expect(climbing).toEqual([]);
  });

  test('the store is used by functions and the pipeline alone', () => {
    const users = sources.filter(
      (file) =>
        !/^(functions|lib\/pipeline|lib\/store)\//.test(file) &&
        importsOf(file).some((imported) => imported.includes('/store/')),
    );
    expect(users).toEqual([]);
  });

  test('lib computes: no clock, randomness, environment, console, file or AWS outside the store', () => {
    const acting = sources
      .filter((file) => file.startsWith('lib/') && !adapters.some((adapter) => file.startsWith(adapter)))
      .filter((file) => impure.test(withoutComments(file)));
    expect(acting).toEqual([]);
  });

  test('in functions, wiring/ alone reads the environment and the clock', () => {
    const reading = sources
      .filter((file) => file.startsWith('functions/') && !file.startsWith('functions/wiring/'))
      .filter((file) => /process\.env|Date\.now|new Date\(\)|Math\.random\(/.test(withoutComments(file)));
    expect(reading).toEqual([]);
  });
});

function mayImport(file: string, target: string): boolean {
  if (target.startsWith('docs/') || target === 'package.json') return file.startsWith('functions/');
  if (target.startsWith('web/')) return file.startsWith('functions/report/');
  const [from, to] = [layerOf(file), layerOf(target)];
  if (from === undefined || to === undefined) return false;
  return folderOf(file) === folderOf(target) || to < from;
}

function layerOf(file: string): number | undefined {
  return layers[folderOf(file)];
}

function folderOf(file: string): string {
  const [top = '', second = ''] = file.split('/');
  return top === 'lib' ? `${top}/${second}` : top;
}

function importsOf(file: string): string[] {
  return [...withoutComments(file).matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(
    (match) => match[1] ?? '',
  );
}

function withoutComments(file: string): string {
  return readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '');
}

function typescriptBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => relative(root, join(folder, name)));
}
