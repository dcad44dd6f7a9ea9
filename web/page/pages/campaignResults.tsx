import type { CampaignResult, Campaigns } from '../../answers.ts';
import { intervalName } from '../../charts/campaignCharts.ts';
import { DataTable, Download, Name, Panel } from '../parts.tsx';
import { useShop } from '../shop.ts';

/** What uploaded campaigns brought, and how far that can be believed. */
export function CampaignResults({ answer: { results, currency } }: { answer: Campaigns }) {
  const shop = useShop();
  const { say, formats, language } = shop;
  if (results.length === 0) return null;
  const share = (value: number | null) => (value === null ? '–' : formats.percent(value, 2));
  return (
    <Panel
      title={say('results')}
      wide
      aside={<Download file="campaigns/results.csv">campaigns/results.csv</Download>}
    >
      <DataTable<CampaignResult>
        caption={say('results')}
        columns={[
          {
            label: say('campaign'),
            cell: ({ name, sentence }) => (
              <>
                <Name>{name}</Name>
                <small class="muted block reason">
                  <bdi>{sentence[language]}</bdi>
                </small>
              </>
            ),
            sortBy: ({ name }) => name,
          },
          {
            label: say('verdict'),
            cell: ({ verdict }) => <span class={`tag ${verdict}`}>{say(`verdict_${verdict}`)}</span>,
          },
          { label: say('contactedCount'), numeric: true, cell: ({ treated }) => formats.count(treated) },
          { label: say('controlGroup'), numeric: true, cell: ({ control }) => formats.count(control) },
          { label: say('rateWith'), numeric: true, cell: ({ treatedRate }) => share(treatedRate) },
          { label: say('rateWithout'), numeric: true, cell: ({ controlRate }) => share(controlRate) },
          {
            label: say('uplift'),
            numeric: true,
            cell: ({ uplift, interval }) => (
              <>
                {share(uplift)}
                {interval !== null && (
                  <small class="muted block">
                    {share(interval.low)} – {share(interval.high)}
                  </small>
                )}
              </>
            ),
            sortBy: ({ uplift }) => uplift,
          },
          {
            label: say('costPerExtraOrder'),
            numeric: true,
            cell: ({ costPerExtraOrder: per }) =>
              per?.cost == null ? '–' : formats.money(per.cost, currency),
          },
          {
            label: say('balance'),
            cell: ({ balance }) =>
              balance === null
                ? '–'
                : say(balance.isBalanced ? 'balanced' : 'notBalanced', {
                    p: formats.figure(balance.pValue, 3),
                  }),
          },
          {
            label: say('whomNext'),
            cell: ({ nextFile, learnerReason }) => {
              if (nextFile !== null) return <Download file={nextFile}>CSV</Download>;
              return learnerReason === null ? '–' : say(`learner_${learnerReason}`);
            },
          },
        ]}
        rows={results}
        keyOf={({ name }) => name}
      />
      <p class="source">{intervalName(results[0], shop)}</p>
    </Panel>
  );
}
