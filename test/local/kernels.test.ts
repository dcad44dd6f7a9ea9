import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleFunctions } from '../../local/bundle.ts';
import { projectDirectory } from '../../local/cloud.ts';
import { generateKernels, generateWorkers } from '../../local/kernels.ts';
import type { Service } from '../../local/service.ts';
import { copyProject } from './project-copy.ts';

describe('what is built ahead', () => {
  it.each([
    ['the WebAssembly kernel', generateKernels],
    ['the script of the workers', generateWorkers],
  ])('is, for %s, what its source gives now (else: npm run kernels)', async (_, generate) => {
    for (const [path, text] of await generate(projectDirectory))
      expect(text === readFileSync(join(projectDirectory, path), 'utf8'), path).toBe(true);
  });
});

describe('in the bundle of a function', () => {
  const project = copyProject();
  afterAll(() => project.remove());

  it('workers fit what the calling thread fits, and a thread writes staged files', async () => {
    const source = `
      import { binFeatures } from '../lib/models/trees/binFeatures.ts';
      import { fitGradientBoosting } from '../lib/models/trees/fitGradientBoosting.ts';
      import { fitGradientBoostingInBackground } from '../lib/models/trees/inBackground.ts';
      import { encodeEnsemble } from '../lib/models/trees/artifact.ts';
      import { stageEvents } from '../lib/features/staging/stage.ts';
      import { withStaging } from '../lib/features/staging/staging.ts';
      export const handler = async () => {
        const rows = 3000;
        const X = Float64Array.from({ length: 2 * rows }, (_, at) => (at * 7919) % 1009);
        const y = Uint8Array.from({ length: rows }, (_, row) => (X[2 * row] > 500 ? 1 : 0));
        const binned = binFeatures({ X, rows, columns: 2, columnNames: ['a', 'b'] });
        const options = { seed: 1, nEstimators: 3 };
        const here = encodeEnsemble(fitGradientBoosting(binned, y, options).ensemble);
        const there = encodeEnsemble((await fitGradientBoostingInBackground(binned, y, { ...options, workers: 2 })).ensemble);
        const texts = (text) => new Array(2048).fill(text);
        const numbers = new Float64Array(2048);
        const batch = { length: 2048, customerId: texts('C1'), sessionId: texts(null), occurredAt: numbers, minutes: numbers };
        const events = { ...batch, occurredDay: new Int32Array(2048), kind: texts('view'), channel: texts('web') };
        const files = await withStaging(async (staging) => {
          const stage = stageEvents(staging, { path: ${JSON.stringify(join(project.directory, 'staged'))} });
          await stage.begin();
          for (let batch = 0; batch < 20; batch++) await stage.add(events);
          return stage.end();
        });
        return { bytes: here.length, same: Buffer.compare(here, there) === 0, files };
      };`;
    writeFileSync(join(project.directory, 'functions/trees.ts'), source);
    const service = { functions: { trees: { handler: 'functions/trees.handler' } } } as unknown as Service;
    const [bundle] = await bundleFunctions(project.directory, service);
    const script = `require(${JSON.stringify(bundle?.file)}).handler().then((answer) => console.log(JSON.stringify(answer)))`;
    const printed = execFileSync(process.execPath, ['-e', script], { cwd: '/', encoding: 'utf8' });
    const { bytes, same, files } = JSON.parse(printed);
    expect(same).toBe(true);
    expect(bytes).toBeGreaterThan(200);
    expect(files.map((file: string) => readFileSync(file).subarray(-4).toString())).toEqual(['PAR1']);
  });
});
