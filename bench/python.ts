import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectDirectory } from '../local/cloud.ts';

/** What Python users pick instead, where it is installed; nothing here downloads it. */

const environment = '.local/bench-python';
const interpreters = [join(projectDirectory, environment, 'bin/python'), 'python3'];

export const installHint = `python3 -m venv ${environment} && ${environment}/bin/pip install pandas scikit-learn scipy implicit`;

/** An interpreter that has the module, with the module's version; null where there is none. */
export function pythonWith(module: string): { interpreter: string; version: string } | null {
  for (const interpreter of interpreters) {
    const version = versionOf(module, interpreter);
    if (version !== null) return { interpreter, version };
  }
  return null;
}

/** Runs a script of this folder, which prints its findings as JSON. */
export function runPython(interpreter: string, script: string, parameters: readonly string[]): unknown {
  const path = join(projectDirectory, 'bench', script);
  return JSON.parse(execFileSync(interpreter, [path, ...parameters], { encoding: 'utf8' }));
}

function versionOf(module: string, interpreter: string): string | null {
  if (interpreter.includes('/') && !existsSync(interpreter)) return null;
  try {
    const script = `import ${module}; print(${module}.__version__)`;
    const stdio = ['ignore', 'pipe', 'ignore'] as const;
    return execFileSync(interpreter, ['-c', script], { encoding: 'utf8', stdio: [...stdio] }).trim();
  } catch {
    return null;
  }
}
