import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import {
  type LockedPackage,
  type Lockfile,
  type Manifest,
  supplyChainFaults,
} from './support/supplyChain.ts';

const read = (file: string) => readFileSync(resolve(import.meta.dirname, '..', file), 'utf8');
const manifest: Manifest = JSON.parse(read('package.json'));
const lockfile: Lockfile = JSON.parse(read('package-lock.json'));
const reasons = read('docs/decisions/0006-dependencies.md');

test('every dependency is pinned, has its reason and a licence on the list, and none that is deployed runs a script at install', () => {
  expect(Object.keys(lockfile.packages).length).toBeGreaterThan(100);
  expect(supplyChainFaults(manifest, lockfile, { reasons })).toEqual([]);
});

test('nothing is run at install, and versions are saved as they are', () => {
  const lines = read('.npmrc').split('\n');
  expect(lines).toEqual(expect.arrayContaining(['ignore-scripts=true', 'save-exact=true']));
});

const fair: LockedPackage = { version: '1.2.3', license: 'MIT', integrity: 'sha512-AA==' };

test.each<[string, LockedPackage, string | null]>([
  ['a fair package', fair, null],
  ['a choice of licences', { ...fair, license: '(MIT OR GPL-3.0-or-later)' }, null],
  ['a licence that is not on the list', { ...fair, license: 'AGPL-3.0-only' }, 'AGPL-3.0-only'],
  [
    'two licences, one of them not on the list',
    { ...fair, license: '(MIT AND GPL-2.0-only)' },
    'GPL-2.0-only',
  ],
  ['no licence', { version: '1.2.3', integrity: 'sha512-AA==' }, 'licence undefined'],
  ["a tool's licence on what is deployed", { ...fair, license: 'MPL-2.0' }, 'MPL-2.0'],
  ["a tool's licence on a tool", { ...fair, license: 'MPL-2.0', dev: true }, null],
  ['a script at install', { ...fair, hasInstallScript: true }, 'runs a script'],
  [
    'a script of a tool, which .npmrc keeps from running',
    { ...fair, hasInstallScript: true, dev: true },
    null,
  ],
  ['no checksum', { version: '1.2.3', license: 'MIT' }, 'SHA-512'],
  ['a version from elsewhere', { ...fair, version: 'git+ssh://host/a.git' }, 'no exact version'],
])('of the lockfile, %s', (_, locked, fault) => {
  const faults = supplyChainFaults(
    { dependencies: {}, devDependencies: {} },
    { packages: { '': {}, 'node_modules/a': locked } },
    { reasons: '' },
  );
  expect(faults).toEqual(fault === null ? [] : [expect.stringContaining(fault)]);
});

test.each([
  ['^1.2.3', 'not pinned'],
  ['*', 'not pinned'],
  ['latest', 'not pinned'],
  ['github:someone/a', 'not pinned'],
  ['1.2.3', null],
  ['npm:b@1.2.3', null],
])('of package.json, the version %s', (version, fault) => {
  const faults = supplyChainFaults(
    { dependencies: { a: version }, devDependencies: {} },
    { packages: {} },
    { reasons: '`a`' },
  );
  expect(faults).toEqual(fault === null ? [] : [expect.stringContaining(fault)]);
});

test('a dependency whose reason is nowhere', () => {
  const faults = supplyChainFaults(
    { dependencies: {}, devDependencies: { a: '1.2.3' } },
    { packages: {} },
    { reasons: 'a' },
  );
  expect(faults).toEqual(['docs/decisions/0006 gives no reason for a']);
});
