import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectDirectory } from '../../local/cloud.ts';

/** A copy of the project, to package or break it in; its dependencies are those of the original. */
export function copyProject(): { directory: string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), 'valuecast-copy-'));
  for (const part of [
    'functions',
    'lib',
    'local',
    'resources',
    'web',
    'docs',
    'serverless.yml',
    'package.json',
    'package-lock.json',
  ])
    cpSync(join(projectDirectory, part), join(directory, part), { recursive: true });
  return withDependencies(directory);
}

/** What a stranger gets: the last commit, and nothing that only lies around here. */
export function cloneProject(): { directory: string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), 'valuecast-clone-'));
  execFileSync('git', ['clone', '--quiet', '--no-hardlinks', projectDirectory, directory]);
  return withDependencies(directory);
}

function withDependencies(directory: string): { directory: string; remove(): void } {
  symlinkSync(join(projectDirectory, 'node_modules'), join(directory, 'node_modules'), 'dir');
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}
