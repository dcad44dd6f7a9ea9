import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { assertMayAskNobody } from '../../local/no-auth.ts';

const root = join(import.meta.dirname, '../..');
const start = (flags: string[], environment: Record<string, string> = {}) =>
  promisify(execFile)(process.execPath, ['--import', 'tsx', 'local/start.ts', ...flags], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
  });

test('a cloud that asks nobody who they are starts on this machine', () => {
  expect(() => assertMayAskNobody({ AWS_REGION: 'eu-central-1' }, { host: '127.0.0.1' })).not.toThrow();
});

test.each(['AWS_LAMBDA_FUNCTION_NAME', 'AWS_EXECUTION_ENV', 'ECS_CONTAINER_METADATA_URI_V4'])(
  'it does not start where %s says that this is AWS',
  (name) => {
    expect(() => assertMayAskNobody({ [name]: 'x' }, { host: '127.0.0.1' })).toThrow(`This is AWS (${name}`);
  },
);

test.each(['0.0.0.0', 'localhost', undefined])(
  'it does not start where others could reach it: %s',
  (host) => {
    expect(() => assertMayAskNobody({}, { host })).toThrow('127.0.0.1 alone');
  },
);

test('the command wants to be told, and refuses on AWS even then', { timeout: 60_000 }, async () => {
  await expect(start([])).rejects.toMatchObject({ code: 2, stdout: expect.stringContaining('--no-auth') });
  await expect(start(['--no-auth', '--empty'], { AWS_EXECUTION_ENV: 'CloudShell' })).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('This is AWS'),
  });
});
