import { createServer } from 'node:net';
import { type LocalSettings, settingVariables } from './settings.ts';

const host = '127.0.0.1';

/** One clear line for a port in use, before anything has started. */
export async function assertPortsFree(settings: LocalSettings): Promise<void> {
  const servers = [
    { name: 'S3', port: settings.s3Port, variable: settingVariables.s3Port },
    { name: 'DynamoDB', port: settings.dynamodbPort, variable: settingVariables.dynamodbPort },
    { name: 'EventBridge', port: settings.eventsPort, variable: settingVariables.eventsPort },
    { name: 'the HTTP API', port: settings.httpPort, variable: settingVariables.httpPort },
    { name: 'the Lambda endpoint', port: settings.lambdaPort, variable: settingVariables.lambdaPort },
  ];
  for (const { name, port, variable } of servers) {
    const code = await listenCode(port);
    if (code === 'EADDRINUSE')
      throw new PortTaken(
        `Port ${port}, for ${name}, is in use: end what uses it, or set ${variable} to another port.`,
      );
    if (code !== null)
      throw new PortTaken(
        `Port ${port}, for ${name}, cannot be used (${code}): set ${variable} to another port.`,
      );
  }
}

export class PortTaken extends Error {
  override readonly name = 'PortTaken';
}

function listenCode(port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(null)));
  });
}

/** For commands that need the local cloud: says how to start it when it is not there. */
export async function assertUp(settings: Pick<LocalSettings, 's3Port' | 'dynamodbPort'>): Promise<void> {
  for (const port of [settings.s3Port, settings.dynamodbPort])
    if ((await listenCode(port)) === null)
      throw new Error(`Nothing listens on port ${port}: start the local cloud first, with npm start.`);
}

/** A port of this machine that nobody listens on now; for tests and measurements that bring up a cloud of their own. */
export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, host, () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
