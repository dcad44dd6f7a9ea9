import { readFileSync, writeFileSync } from 'node:fs';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { openApiDocument } from './openapi-document.ts';

/** `npm run openapi` writes docs/openapi.json; with --check it compares and lints instead. */
const file = new URL('../docs/openapi.json', import.meta.url);
const generated = `${JSON.stringify(openApiDocument(), null, 2)}\n`;

if (process.argv.includes('--check')) {
  const complaints = [...staleness(readFileSync(file, 'utf8')), ...(await lint(generated))];
  for (const complaint of complaints) console.error(complaint);
  if (complaints.length > 0) process.exitCode = 1;
  else console.log('docs/openapi.json is as the code says, and clean');
} else {
  writeFileSync(file, generated);
}

function staleness(committed: string): string[] {
  return committed === generated ? [] : ['docs/openapi.json is not what the code says: npm run openapi'];
}

async function lint(source: string): Promise<string[]> {
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lintFromString({ source, absoluteRef: file.pathname, config });
  return problems.map(
    ({ ruleId, message, location }) => `${location[0]?.pointer ?? ''}: ${message} (${ruleId})`,
  );
}
