import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type LocalApi, startLocalApi } from './http/localApi.ts';

let api: LocalApi;

beforeAll(async () => {
  api = await startLocalApi();
  Object.assign(process.env, { TABLE_NAME: 'no-such-table', POWERTOOLS_LOG_LEVEL: 'ERROR' });
});
afterAll(() => api.stop());

test('a fault of ours is a 500 without its cause, and the cause is in the log without the id', async () => {
  const lines: string[] = [];
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  const answer = await api.call('GET', '/customers/anna%40example.com');
  write.mockRestore();
  expect(answer).toMatchObject({
    status: 500,
    headers: { 'content-type': 'application/problem+json' },
    body: { type: '/problems/internal-error', status: 500 },
  });
  expect(answer.text).not.toMatch(/stack|ResourceNotFound|\.ts/);
  const log = lines.join('');
  expect(log).toContain('ResourceNotFoundException');
  expect(log).toContain('"requestId":"test"');
  expect(log).not.toContain('anna');
});

test('an event that is none of API Gateway is a 500 too', async () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect((await api.handle({})).statusCode).toBe(500);
  vi.restoreAllMocks();
});
