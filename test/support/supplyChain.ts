/** What of package.json and package-lock.json the rules on dependencies look at. */
export interface Manifest {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}
export interface Lockfile {
  packages: Record<string, LockedPackage>;
}
export interface LockedPackage {
  /** Where it is not the one of the folder. */
  name?: string;
  version?: string;
  license?: string;
  integrity?: string;
  resolved?: string;
  dev?: boolean;
  hasInstallScript?: boolean;
}

/** Licences (SPDX) of what is deployed: none asks for more than its notice. */
const deployable = ['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'CC0-1.0'];
/** Of tools: also those that ask for their own source alone. */
const usable = [...deployable, 'MPL-2.0', 'PSF-2.0', 'Python-2.0', 'Zlib'];

/** What breaks the rules on dependencies, as sentences. */
export function supplyChainFaults(
  { dependencies, devDependencies }: Manifest,
  { packages }: Lockfile,
  { reasons }: { reasons: string },
): string[] {
  const named = Object.entries({ ...dependencies, ...devDependencies });
  const locked = Object.entries(packages).filter(([path]) => path !== '');
  return [
    ...named
      .filter(([, version]) => !exact.test(version))
      .map(([name, version]) => `${name} is not pinned: ${version}`),
    ...named
      .filter(([name]) => !reasons.includes(`\`${name}\``))
      .map(([name]) => `docs/decisions/0006 gives no reason for ${name}`),
    ...locked.flatMap(([path, locked]) => faultsOf(locked).map((fault) => `${path} ${fault}`)),
  ];
}

/** Of a registry alone: no range, no git, no address, no folder; `npm:` gives another name. */
const exact = /^(?:npm:(?:@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/;

function faultsOf({ version, license, integrity, resolved, dev, hasInstallScript }: LockedPackage): string[] {
  return [
    ...(version === undefined || !exact.test(version) ? [`has no exact version: ${version}`] : []),
    ...(integrity?.startsWith('sha512-') ? [] : ['has no SHA-512 of its content']),
    ...(resolved === undefined ? [] : [`names where it is from: ${resolved}`]),
    ...(dev !== true && hasInstallScript === true ? ['is deployed, and runs a script at install'] : []),
    ...(mayUse(license ?? 'none', dev === true ? usable : deployable)
      ? []
      : [`has the licence ${license}, which is not on the list`]),
  ];
}

/** `(MIT OR GPL-3.0-or-later)` leaves the choice, `(MIT AND Zlib)` does not; no package nests them. */
function mayUse(expression: string, allowed: readonly string[]): boolean {
  const terms = expression.replace(/^\(|\)$/g, '');
  if (terms.includes(' AND ')) return terms.split(' AND ').every((term) => allowed.includes(term));
  return terms.split(' OR ').some((term) => allowed.includes(term));
}
