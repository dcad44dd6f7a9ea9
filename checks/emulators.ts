import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { demoShop } from '../local/demo-shop.ts';
import { createTable, type TableProperties } from '../local/dynamo.ts';
import { freePort } from '../local/ports.ts';
import { startLocalS3 } from '../local/s3/server.ts';
import { resourcesOfType } from '../local/service.ts';
import { readServiceFile } from '../local/service-file.ts';

/**
 * `npm run test:emulators`: the same handlers on an S3 and a DynamoDB that are not ours, to see what our local cloud lets pass: the demo shop is
 * uploaded, every run must be published, and the API must answer. On moto, in Python; and on Amazon's DynamoDB Local beside our S3 where
 * `DYNAMODB_LOCAL` names the folder that it was unpacked to and there is Java: its licence is Amazon's own, so that nothing here fetches it.
 * What is not installed is skipped, and said to be.
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
  'products',
  'campaigns',
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

interface Emulator {
  s3Url: string;
  dynamodbUrl: string;
  stop(): Promise<void>;
}

/** By name; a text says why it is not here. */
const emulators: Record<string, () => Promise<Emulator | string>> = {
  moto: async () => {
    if (!install()) return 'no python3 with venv here, or moto cannot be installed';
    const port = await freePort();
    const server = spawn(join(venv, 'bin/moto_server'), ['-H', '127.0.0.1', '-p', String(port)], {
      stdio: 'ignore',
    });
    const url = await answering(server, port);
    return { s3Url: url, dynamodbUrl: url, stop: async () => void server.kill() };
  },
  'DynamoDB Local': async () => {
    const folder = process.env.DYNAMODB_LOCAL ?? '';
    if (!existsSync(join(folder, 'DynamoDBLocal.jar')))
      return 'DYNAMODB_LOCAL names no folder with DynamoDBLocal.jar';
    if (spawnSync('java', ['-version']).error !== undefined) return 'no java here';
    const [port, directory] = [await freePort(), await mkdtemp(join(tmpdir(), 'valuecast-emulator-'))];
    const flags = ['-Djava.library.path=DynamoDBLocal_lib', '-jar', 'DynamoDBLocal.jar', '-inMemory'];
    const server = spawn('java', [...flags, '-port', String(port)], { cwd: folder, stdio: 'ignore' });
    const dynamodbUrl = await answering(server, port);
    const s3 = await startLocalS3({ port: 0, directory });
    return {
      s3Url: s3.endpoint,
      dynamodbUrl,
      stop: async () => {
        server.kill();
        await s3.stop();
        await rm(directory, { recursive: true, force: true });
      },
    };
  },
};

async function answering(server: ChildProcess, port: number): Promise<string> {
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 150; tries++) {
    const isUp = await fetch(url).then(
      () => true,
      () => false,
    );
    if (isUp) return url;
    await sleep(200);
  }
  server.kill();
  throw new Error('the emulator did not start within 30 s');
}

async function publishAll({ s3Url, dynamodbUrl }: Emulator): Promise<string[]> {
  const [table] = resourcesOfType(readServiceFile(root), 'AWS::DynamoDB::Table') as [TableProperties];
  Object.assign(process.env, {
    ...{ AWS_ENDPOINT_URL_S3: s3Url, AWS_ENDPOINT_URL_DYNAMODB: dynamodbUrl, AWS_REGION: 'eu-central-1' },
    ...{ AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', TABLE_NAME: table.TableName },
    ...{ UPLOADS_BUCKET: 'uploads', RESULTS_BUCKET: 'results' },
    ...{ POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' },
  });
  await createTable(dynamodbUrl, table);
  const s3 = new S3Client({ forcePathStyle: true });
  const CreateBucketConfiguration = { LocationConstraint: 'eu-central-1' } as const;
  for (const Bucket of ['uploads', 'results'])
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
  for (const { key, body } of demoShop({ seed: 5, customers: 100 }).files)
    await s3.send(new PutObjectCommand({ Bucket: 'uploads', Key: key, Body: body }));
  for (const name of [
    'segment',
    'bid',
    'orders',
    'train',
    'score',
    'products',
    'campaigns',
    'report',
    'erase',
  ]) {
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

async function tryOn(name: string): Promise<number> {
  const emulator = await emulators[name]?.();
  if (emulator === undefined || typeof emulator === 'string') {
    console.log(`${name}: skipped: ${emulator ?? 'there is no such emulator'}`);
    return 0;
  }
  try {
    const faults = await publishAll(emulator);
    for (const fault of faults) console.log(fault);
    console.log(`${name}: ${datasets.length} datasets and ${paths.length} paths, ${faults.length} faults`);
    return faults.length;
  } finally {
    await emulator.stop();
  }
}

/** Each in a process of its own, for the handlers keep their clients. */
async function main(): Promise<number> {
  const [, script = '', name] = process.argv;
  if (name !== undefined) return tryOn(name);
  const statuses = Object.keys(emulators).map(
    (one) => spawnSync(process.execPath, ['--import', 'tsx', script, one], { stdio: 'inherit' }).status,
  );
  return statuses.filter((status) => status !== 0).length;
}

main().then(
  (faults) => process.exit(faults === 0 ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
