import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { aliases } from '../../../lib/tables/aliases.ts';
import type { TableKind } from '../../../lib/tables/types.ts';

const document = readFileSync(join(import.meta.dirname, '../../../docs/uploads.md'), 'utf8');

/** The table of a kind's columns as docs/uploads.md must hold it, between the lines that name the kind. */
function documented(kind: TableKind): string {
  const rows = aliases[kind].map(
    ({ field, meaning, names, fallbacks }) =>
      `| \`${field}\` | ${meaning} | ${names.join(', ')} | ${fallbacks.join(', ')} |`,
  );
  const head = ['| column | what it holds | names | names that give way |', '|---|---|---|---|'];
  return [`<!-- columns of ${kind} -->`, ...head, ...rows, '<!-- end -->'].join('\n');
}

test.each(Object.keys(aliases) as TableKind[])(
  'docs/uploads.md lists every column and name of %s',
  (kind) => {
    expect(document).toContain(documented(kind));
  },
);
