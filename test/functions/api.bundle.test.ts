import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

test('the api carries neither the S3 client nor what fits models, so that a cold start stays short', async () => {
  const root = join(import.meta.dirname, '../..');
  const { metafile } = await build({
    entryPoints: [join(root, 'functions/api.ts')],
    absWorkingDir: root,
    bundle: true,
    write: false,
    outdir: 'out',
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    minify: true,
    metafile: true,
  });
  const [output] = Object.values(metafile.outputs);
  const packages = Object.entries(output?.inputs ?? {})
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? 'ours');
  expect(packages).toContain('@aws-sdk/client-dynamodb');
  expect(packages.filter((name) => name.startsWith('ml-') || name === '@aws-sdk/client-s3')).toEqual([]);
  // the document grows with every route, and is loaded when it is asked for
  const document = output?.inputs['docs/openapi.json']?.bytesInOutput ?? 0;
  expect(document).toBeGreaterThan(0);
  expect((output?.bytes ?? 0) - document).toBeLessThan(520_000);
});
