import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { assertPortsFree } from '../../local/ports.ts';
import { readSettings } from '../../local/settings.ts';

describe('the settings of the local cloud', () => {
  it('have the ports that the README names, and chaos on', () => {
    expect(readSettings({})).toEqual({
      s3Port: 4569,
      dynamodbPort: 8000,
      eventsPort: 4571,
      httpPort: 3000,
      lambdaPort: 3002,
      directory: '.local',
      chaosSeed: 1,
    });
  });

  it('come from the environment', () => {
    const settings = readSettings({
      VALUECAST_S3_PORT: '4570',
      VALUECAST_CHAOS: 'off',
      VALUECAST_DIRECTORY: '/x',
    });
    expect(settings).toMatchObject({ s3Port: 4570, chaosSeed: null, directory: '/x' });
    expect(readSettings({ VALUECAST_CHAOS: '0' }).chaosSeed).toBe(0);
  });

  it.each([
    [{ VALUECAST_HTTP_PORT: 'http' }, 'VALUECAST_HTTP_PORT is "http"'],
    [{ VALUECAST_HTTP_PORT: '70000' }, 'from 1 to 65535'],
    [{ VALUECAST_CHAOS: 'much' }, 'VALUECAST_CHAOS is "much"'],
  ])('%o is refused by name', (environment, message) => {
    expect(() => readSettings(environment)).toThrow(message);
  });

  it('say in one line which port is in use and what to set', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
    );
    const settings = { ...readSettings({}), s3Port: port };
    await expect(assertPortsFree(settings)).rejects.toThrow(
      new RegExp(`^Port ${port}, for S3, is in use: .* VALUECAST_S3_PORT .*$`),
    );
    server.close();
  });
});
