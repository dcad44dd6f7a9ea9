import { expect, test } from 'vitest';
import { groupNamed, tierNamed } from '../../../../lib/pipeline/campaigns/segmentNames.ts';
import { rfmGroupLabels, rfmGroupNames } from '../../../../lib/value/rfmGroups.ts';
import { tierLabels, tiersBestFirst } from '../../../../lib/value/tier.ts';

test('a segment is known by its id and by the label that our files give it, in English and Chinese', () => {
  for (const name of rfmGroupNames)
    for (const cell of [name, rfmGroupLabels.en[name], rfmGroupLabels.zh[name], name.toUpperCase()])
      expect(groupNamed(cell)).toBe(name);
  for (const name of tiersBestFirst)
    for (const cell of [name, tierLabels.en[name], tierLabels.zh[name]]) expect(tierNamed(cell)).toBe(name);
  expect([groupNamed('at-risk'), groupNamed('our own'), groupNamed(null)]).toEqual([
    'atRisk',
    'our own',
    null,
  ]);
});
