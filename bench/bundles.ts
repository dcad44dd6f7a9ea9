import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { bundleFunctions } from '../local/bundle.ts';
import { projectDirectory } from '../local/cloud.ts';
import { readServiceFile } from '../local/service-file.ts';
import { machine, median, printTable } from './measure.ts';

/**
 * Size of each function's bundle, and what loading it adds to the start of an empty process: Lambda's cold start without the
 * machine's. The least of the processes is what is left when other load is small.
 */

const rounds = 15;
const bundles = await bundleFunctions(projectDirectory, readServiceFile(projectDirectory));
const scripts = ['', ...bundles.map(({ file }) => `require(${JSON.stringify(file)})`)];
const starts = scripts.map((): number[] => []);

// In turns, so that load that comes and goes falls on all of them, the empty process included.
for (let round = 0; round < rounds; round++) {
  for (const [at, script] of scripts.entries()) starts[at]?.push(startMs(script));
}

const [empty = [], ...imports] = starts;
printTable(`npx tsx bench/bundles.ts: size and cold import (${rounds} processes each), ${machine()}`, [
  ['function', 'KiB', 'KiB gzip', 'import ms: median', 'least', 'target'],
  ...bundles.map(({ functionName, file, bytes }, at) => [
    functionName,
    kibibytes(bytes),
    kibibytes(gzipSync(readFileSync(file)).length),
    (median(imports[at] ?? []) - median(empty)).toFixed(0),
    (Math.min(...(imports[at] ?? [])) - Math.min(...empty)).toFixed(0),
    functionName === 'api' ? '80' : '',
  ]),
  ['an empty process', '', '', median(empty).toFixed(0), Math.min(...empty).toFixed(0), ''],
]);

function startMs(script: string): number {
  const from = performance.now();
  execFileSync(process.execPath, ['-e', script], { stdio: 'ignore' });
  return performance.now() - from;
}

function kibibytes(bytes: number): string {
  return Math.round(bytes / 1024).toString();
}
