import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Lockfile } from '../test/support/supplyChain.ts';

/**
 * `npm run sbom` writes, from the lockfile alone, `.build/sbom.cdx.json` (CycloneDX; tools of the developer are marked
 * `cdx:npm:package:development`) and `.build/licences.csv`. It fails where npm left a package out.
 */
interface Component {
  'bom-ref': string;
  name: string;
  hashes: unknown[];
}

const root = resolve(import.meta.dirname, '..');
const folder = join(root, '.build');

const lockfile: Lockfile = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const locked = Object.entries(lockfile.packages)
  .filter(([path]) => path !== '')
  .map(([path, { name, version, license, dev }]) => ({
    id: `${name ?? path.replace(/^.*node_modules\//, '')}@${version}`,
    licence: license ?? 'none',
    use: dev === true ? 'tool' : 'deployed',
  }));

// Not with --omit dev, which leaves out what a tool needs as well: half of the AWS SDK.
const bom = JSON.parse(
  npm('sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'),
);
// npm calls it by the name of the folder.
bom.metadata.component.name = 'valuecast';
const described = new Set(bom.components.map((component: Component) => component['bom-ref']));
const missing = locked.filter(({ id }) => !described.has(id)).map(({ id }) => id);
if (missing.length > 0) throw new Error(`the SBOM lacks ${missing.length} packages: ${missing.join(', ')}`);
if (!bom.components.every(({ hashes }: Component) => hashes?.length > 0))
  throw new Error('the SBOM has a package without its checksum');

mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'sbom.cdx.json'), `${JSON.stringify(bom, null, 2)}\n`);
const rows = [...new Set(locked.map(({ id, licence, use }) => `${id},${licence},${use}\n`))].sort();
writeFileSync(join(folder, 'licences.csv'), `package,licence,use\n${rows.join('')}`);
console.log(
  `.build/sbom.cdx.json and .build/licences.csv: ${rows.length} packages, ${rows.filter((row) => row.endsWith(',deployed\n')).length} of them deployed`,
);
for (const use of ['deployed', 'tool'])
  console.log(`${use}: ${counted(locked.filter((one) => one.use === use).map(({ licence }) => licence))}`);

function npm(...args: string[]): string {
  return execFileSync('npm', args, { cwd: root, encoding: 'utf8', maxBuffer: 100_000_000 });
}

function counted(licences: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const licence of licences) counts.set(licence, (counts.get(licence) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([licence, count]) => `${licence} ${count}`)
    .join(', ');
}
