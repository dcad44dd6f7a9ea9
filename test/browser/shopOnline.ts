import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectDirectory } from '../../local/cloud.ts';
import { type CloudProcess, startCloudProcess } from '../../local/cloud-process.ts';
import { freePort } from '../../local/ports.ts';

/** The whole local cloud as `npm start` has it, empty, on ports and in a folder of its own. */
export interface ShopOnline {
  url: string;
  // biome-ignore lint/suspicious/noExplicitAny: an answer is whatever JSON came; tests say what they expect of it
  get(path: string): Promise<any>;
  upload(key: string, body: string | Uint8Array): Promise<void>;
  /** Waits until nothing is on its way any more. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export async function openShopOnline(): Promise<ShopOnline> {
  const directory = await mkdtemp(join(tmpdir(), 'valuecast-browser-'));
  const [s3Port, dynamodbPort, eventsPort, httpPort, lambdaPort] = await Promise.all(
    Array.from({ length: 5 }, freePort),
  );
  Object.assign(process.env, {
    VALUECAST_S3_PORT: String(s3Port),
    VALUECAST_DYNAMODB_PORT: String(dynamodbPort),
    VALUECAST_EVENTS_PORT: String(eventsPort),
    VALUECAST_HTTP_PORT: String(httpPort),
    VALUECAST_LAMBDA_PORT: String(lambdaPort),
    VALUECAST_DIRECTORY: directory,
    VALUECAST_CHAOS: 'off',
  });
  const cloud = startCloudProcess({ directory: projectDirectory, logPath: join(directory, 'cloud.log') });
  await cloud.ready();
  const url = `http://127.0.0.1:${httpPort}`;
  return {
    url,
    get: async (path) => (await fetch(`${url}${path}`)).json(),
    upload: async (key, body) => {
      const answer = await fetch(`http://127.0.0.1:${s3Port}/valuecast-local-uploads/${encodeURI(key)}`, {
        method: 'PUT',
        body: Buffer.from(body),
      });
      if (!answer.ok) throw new Error(`the upload of ${key} was answered with ${answer.status}`);
    },
    settled: () => untilQuiet(cloud),
    close: async () => {
      await cloud.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Quiet for a second: a run that ends sets others off. */
async function untilQuiet(cloud: CloudProcess): Promise<void> {
  for (let quietFor = 0; quietFor < 5; ) {
    await sleep(200);
    quietFor = cloud.pending() === 0 ? quietFor + 1 : 0;
  }
}
