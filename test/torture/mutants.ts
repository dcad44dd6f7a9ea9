import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mutants } from './mutations.ts';

/** `npm run torture:mutants`: takes one safeguard at a time out of the code, as it is loaded, and sees whether the suite fails. */
let survived = 0;
for (const { name, file, from } of mutants) {
  if (!readFileSync(file, 'utf8').includes(from)) throw new Error(`${name}: ${file} no longer holds ${from}`);
  const started = performance.now();
  const { status } = spawnSync(
    'npx',
    ['vitest', 'run', '--config', 'test/torture/mutants.config.ts', '--bail', '1'],
    { env: { ...process.env, MUTANT: name }, stdio: 'ignore' },
  );
  if (status === 0) survived++;
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(`${status === 0 ? 'SURVIVED' : 'killed'}  ${name} (${seconds} s)`);
}
console.log(`${mutants.length} mutants, ${survived} survived`);
process.exit(survived === 0 ? 0 : 1);
