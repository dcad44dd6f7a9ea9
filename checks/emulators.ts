import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { demoShop } from '../local/demo-shop.ts';
import { createTable, type TableProperties } from '../local/dynamo.ts';
import { freePort } from '../local/ports.ts';
import { resourcesOfType } from '../local/service.ts';
import { readServiceFile } from '../local/service-file.ts';

/**
 * `npm run test:emulators`: the same handlers on an S3 and a DynamoDB that are not ours (moto, in Python), to see what our local cloud lets
 * pass: the demo shop is uploaded, every run must be published, and the API must answer. Without Python it says that it was skipped.
 */
const root = resolve(import.meta.dirname, '..');
const venv = join(root, '.local/emulators/moto-5.2.5');
const datasets = [
  'customers',
  'ads',
  'orders',
  'orders/model',
  'training',
  'orders/scores',
  'scoring/demo.csv',
];
const paths = ['/segments', '/cohorts', '/models/purchase', '/models/value', '/bids', '/customers/C00007'];

function install(): boolean {
  if (existsSync(join(venv, 'bin/moto_server'))) return true;
  try {
    execFileSync('python3', ['-m', 'venv', venv]);
    execFileSync(join(venv, 'bin/pip'), ['install', '--quiet', 'moto[server]==5.2.5']);
    return true;
  } catch {
    return false;
  }
}

async function startMoto(port: number): Promise<ChildProcess> {
  const server = spawn(join(venv, 'bin/moto_server'), ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
  });
  for (let tries = 0; tries < 150; tries++) {
    if (
      await fetch(`http://127.0.0.1:${port}`).then(
        () => true,
        () => false,
      )
    )
      return server;
    await sleep(200);
  }
  server.kill();
  throw new Error('moto did not start within 30 s');
}

async function publishAll(url: string): Promise<string[]> {
  const [table] = resourcesOfType(readServiceFile(root), 'AWS::DynamoDB::Table') as [TableProperties];
  Object.assign(process.env, {
    ...{ AWS_ENDPOINT_URL_S3: url, AWS_ENDPOINT_URL_DYNAMODB: url, AWS_REGION: 'eu-central-1' },
    ...{ AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', TABLE_NAME: table.TableName },
    ...{ UPLOADS_BUCKET: 'uploads', RESULTS_BUCKET: 'results' },
    ...{ POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' },
  });
  await createTable(url, table);
  const s3 = new S3Client({ forcePathStyle: true });
  const CreateBucketConfiguration = { LocationConstraint: 'eu-central-1' } as const;
  for (const Bucket of ['uploads', 'results'])
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
  for (const { key, body } of demoShop({ seed: 5, customers: 100 }).files)
    await s3.send(new PutObjectCommand({ Bucket: 'uploads', Key: key, Body: body }));
  for (const name of ['segment', 'bid', 'orders', 'train', 'score']) {
    const { handler } = await import(join(root, `functions/${name}.ts`));
    await handler({});
  }
  const { handler } = await import('../functions/api.ts');
  const get = async (rawPath: string) => {
    const { statusCode, body } = await handler({
      ...{ rawPath, rawQueryString: '', requestContext: { http: { method: 'GET', path: rawPath } } },
    });
    return { status: statusCode, body: JSON.parse(body ?? 'null') };
  };
  const { runs } = (await get('/runs')).body as { runs: { dataset: string; status: string }[] };
  const statuses = new Map(runs.map(({ dataset, status }) => [dataset, status]));
  const faults = datasets
    .filter((dataset) => statuses.get(dataset) !== 'published')
    .map((dataset) => `${dataset}: ${statuses.get(dataset) ?? 'no run'}`);
  for (const path of paths) {
    const { status } = await get(path);
    if (status !== 200) faults.push(`GET ${path}: ${status}`);
  }
  return faults;
}

async function main(): Promise<number> {
  if (!install()) {
    console.log('skipped: no python3 with venv here, or moto cannot be installed');
    return 0;
  }
  const port = await freePort();
  const server = await startMoto(port);
  try {
    const faults = await publishAll(`http://127.0.0.1:${port}`);
    for (const fault of faults) console.log(fault);
    console.log(`moto: ${datasets.length} datasets and ${paths.length} paths, ${faults.length} faults`);
    return faults.length;
  } finally {
    server.kill();
  }
}

main().then(
  (faults) => process.exit(faults === 0 ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
