import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { adGuide } from '../../../lib/tables/ads/guide.ts';
import { campaignGuide } from '../../../lib/tables/campaigns/guide.ts';
import { orderGuide } from '../../../lib/tables/orders/guide.ts';

const document = readFileSync(join(import.meta.dirname, '../../../docs/uploads.md'), 'utf8');
const guide = [...orderGuide(), ...adGuide(), ...campaignGuide()];

test.each(guide)('docs/uploads.md holds the %s as they are read', (name, text) => {
  expect(document).toContain(`<!-- ${name} -->\n${text}\n<!-- end -->`);
});

test('docs/uploads.md holds every passage once', () => {
  for (const [name] of guide) expect(document.split(`<!-- ${name} -->`)).toHaveLength(2);
});
