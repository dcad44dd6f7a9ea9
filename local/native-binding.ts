import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The native part of DuckDB for where the functions run, whatever machine packages them. */
export const bindingName = '@duckdb/node-bindings-linux-arm64';

/**
 * Directory of the binding, fetched by npm once and kept below `.local/`. Throws when it cannot be had or is not the one of the
 * lockfile: a zip without it deploys well and fails at its first event.
 */
export async function nativeBinding(projectDirectory: string): Promise<string> {
  const { version, integrity } = await lockedBinding(projectDirectory);
  const prefix = join(projectDirectory, '.local', 'bindings', `linux-arm64-${version}`);
  const binding = join(prefix, 'node_modules', bindingName);
  if (!existsSync(join(binding, 'duckdb.node'))) await fetchBinding(prefix, version);
  const installed = await installedIntegrity(prefix);
  if (installed !== integrity) {
    await rm(prefix, { recursive: true, force: true });
    throw new Error(
      `${bindingName}@${version} is not the one of package-lock.json; it was removed from ${prefix}`,
    );
  }
  return binding;
}

interface Lock {
  packages: Record<string, { version: string; integrity: string }>;
}

async function lockedBinding(projectDirectory: string): Promise<{ version: string; integrity: string }> {
  const lock: Lock = JSON.parse(await readFile(join(projectDirectory, 'package-lock.json'), 'utf8'));
  const locked = lock.packages[`node_modules/${bindingName}`];
  if (locked === undefined) throw new Error(`package-lock.json has no ${bindingName}; run npm install`);
  return locked;
}

async function fetchBinding(prefix: string, version: string): Promise<void> {
  await mkdir(prefix, { recursive: true });
  // Asked for by its own name, npm refuses another machine's package; as an optional part of this one it takes it.
  const target = ['--cpu=arm64', '--os=linux', '--libc=glibc'];
  const quiet = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  try {
    await promisify(execFile)('npm', [
      'install',
      '--prefix',
      prefix,
      ...target,
      ...quiet,
      `@duckdb/node-bindings@${version}`,
    ]);
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    throw new Error(
      `npm could not fetch ${bindingName}@${version}, which the packaged functions need on arm64: ${stderr.trim().split('\n')[0]}`,
    );
  }
}

/** What npm wrote down of what it has checked. */
async function installedIntegrity(prefix: string): Promise<string | undefined> {
  const path = join(prefix, 'node_modules', '.package-lock.json');
  const lock: Lock = JSON.parse(await readFile(path, 'utf8'));
  return lock.packages[`node_modules/${bindingName}`]?.integrity;
}
