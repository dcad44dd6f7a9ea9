import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bucket, type Fixture, patternedBytes, startFixture } from './s3-fixture.ts';

const hasAws = spawnSync('aws', ['--version']).status === 0;
const name = hasAws ? 'the aws command' : 'the aws command (not installed here, skipped)';

describe.skipIf(!hasAws).concurrent(name, () => {
  let s3: Fixture;
  let work: string;
  beforeAll(async () => {
    s3 = await startFixture();
    work = mkdtempSync(join(tmpdir(), 'local-s3-cli-'));
  });
  afterAll(async () => {
    rmSync(work, { recursive: true, force: true });
    await s3.remove();
  });

  const aws = async (args: string[], input?: Buffer): Promise<string> => {
    const running = promisify(execFile)('aws', ['--endpoint-url', s3.endpoint, ...args], {
      env: {
        PATH: process.env.PATH,
        HOME: work,
        AWS_ACCESS_KEY_ID: 'anyone',
        AWS_SECRET_ACCESS_KEY: 'anything',
        AWS_DEFAULT_REGION: 'us-east-1',
      },
    });
    running.child.stdin?.end(input);
    return (await running).stdout;
  };
  const file = (path: string, bytes: Buffer | string): string => {
    const full = join(work, path);
    mkdirSync(join(full, '..'), { recursive: true });
    writeFileSync(full, bytes);
    return full;
  };

  test('cp uploads a small file with its type, and downloads it again', async () => {
    const source = file('may 客户+1.csv', 'customer_id,spend\n1,100\n');
    await aws(['s3', 'cp', source, `s3://${bucket}/customers/`]);
    expect(await s3.textOf('customers/may 客户+1.csv')).toBe('customer_id,spend\n1,100\n');
    expect((await s3.head('customers/may 客户+1.csv')).ContentType).toBe('text/csv');
    const target = join(work, 'down.csv');
    await aws(['s3', 'cp', `s3://${bucket}/customers/may 客户+1.csv`, target]);
    expect(readFileSync(target, 'utf8')).toBe('customer_id,spend\n1,100\n');
  });

  test('cp uploads 20 MB in parts, and downloads them in ranges', async () => {
    const bytes = patternedBytes(20 * 2 ** 20);
    await aws(['s3', 'cp', file('large.bin', bytes), `s3://${bucket}/large.bin`]);
    expect((await s3.head('large.bin')).ETag).toMatch(/-3"$/);
    expect((await s3.bytesOf('large.bin')).equals(bytes)).toBe(true);
    const target = join(work, 'large-down.bin');
    await aws(['s3', 'cp', `s3://${bucket}/large.bin`, target]);
    expect(readFileSync(target).equals(bytes)).toBe(true);
    await aws(['s3', 'cp', `s3://${bucket}/large.bin`, `s3://${bucket}/large-copy.bin`]);
    expect((await s3.bytesOf('large-copy.bin')).equals(bytes)).toBe(true);
  });

  test('cp uploads in parts under a checksum of its choice', async () => {
    const bytes = patternedBytes(9 * 2 ** 20);
    const target = `s3://${bucket}/summed`;
    await aws(['s3', 'cp', file('summed.bin', bytes), target, '--checksum-algorithm', 'SHA256']);
    const { ChecksumSHA256, ChecksumType } = await s3.head('summed', { ChecksumMode: 'ENABLED' });
    expect([ChecksumSHA256?.slice(-2), ChecksumType]).toEqual(['-2', 'COMPOSITE']);
    expect((await s3.bytesOf('summed')).equals(bytes)).toBe(true);
  });

  test('cp uploads from standard input', async () => {
    await aws(['s3', 'cp', '-', `s3://${bucket}/piped.csv`], Buffer.from('customer_id,spend\n'));
    expect(await s3.textOf('piped.csv')).toBe('customer_id,spend\n');
    expect(await aws(['s3', 'cp', `s3://${bucket}/piped.csv`, '-'])).toBe('customer_id,spend\n');
  });

  test('sync uploads what is new, and nothing twice', async () => {
    file('tree/a.csv', 'a');
    file('tree/deep er/b+c.csv', 'b');
    expect(await aws(['s3', 'sync', join(work, 'tree'), `s3://${bucket}/tree`])).toContain('upload:');
    expect(await aws(['s3', 'sync', join(work, 'tree'), `s3://${bucket}/tree`])).toBe('');
    expect(await s3.textOf('tree/deep er/b+c.csv')).toBe('b');
    await aws(['s3', 'sync', `s3://${bucket}/tree`, join(work, 'back')]);
    expect(readFileSync(join(work, 'back', 'deep er', 'b+c.csv'), 'utf8')).toBe('b');
  });

  test('presign gives an address that opens without credentials', async () => {
    await s3.put('offers/may+june 1.csv', 'offer');
    const address = await aws(['s3', 'presign', `s3://${bucket}/offers/may+june 1.csv`]);
    expect(await (await fetch(address.trim())).text()).toBe('offer');
  });

  test('ls and rm work on a tree', async () => {
    for (const key of ['list/a b.csv', 'list/c/d.csv']) await s3.put(key, 'abc');
    const listing = await aws(['s3', 'ls', `s3://${bucket}/list/`]);
    expect(listing).toMatch(/PRE c\/\n.* 3 a b\.csv\n$/);
    await aws(['s3', 'rm', '--recursive', `s3://${bucket}/list/`]);
    await expect(aws(['s3', 'ls', `s3://${bucket}/list/`])).rejects.toThrow();
  });

  test('mb and rb make and remove a bucket', async () => {
    await aws(['s3', 'mb', 's3://short-lived']);
    expect(await aws(['s3', 'ls'])).toContain('short-lived');
    await aws(['s3', 'rb', 's3://short-lived']);
    await expect(aws(['s3api', 'head-bucket', '--bucket', 'short-lived'])).rejects.toThrow('404');
  });
});
