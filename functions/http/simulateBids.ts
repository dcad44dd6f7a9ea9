import { noGuardrails } from '../../lib/bids/guardrails.ts';
import { whatIf } from '../../lib/bids/whatIf.ts';
import { bidsManifestSchema } from '../../lib/pipeline/results.ts';
import { simulationRequestSchema, simulationSchema } from './bidSchemas.ts';
import { requirePublished } from './published.ts';
import { route } from './route.ts';
import { readRequestedAds, settingsFor, usualBudget, withoutCounts } from './suggestForRequest.ts';

/** Times what the ads spent per round so far, where no budgets are asked for. */
const budgetFactors = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2];

export const simulateBidsRoute = route(
  {
    method: 'POST',
    path: '/bids/simulate',
    operationId: 'simulateBids',
    summary: 'What one round would bring at any bid or budget, with 90 % intervals',
    tag: 'bids',
    problems: ['nothingPublished', 'tooLarge', 'invalidRequest'],
    body: simulationRequestSchema,
    answer: simulationSchema,
  },
  async ({ body }, wiring) => {
    const { runId, asOf, manifest } = await requirePublished(wiring, 'ads', bidsManifestSchema);
    const { fit, currency } = manifest;
    if (fit === null) throw withoutCounts();
    const asked = await readRequestedAds(wiring, { runId, fit }, body.ads);
    const settings = settingsFor(fit, body);
    const usual = usualBudget(asked, { ...settings, target: { roas: null, cpaMicros: null } });
    const { ads, budgets } = whatIf(asked.model, asked.ads, {
      settings: {
        ...settings,
        policy: 'portfolio',
        budgetMicros: null,
        guardrails: body.guardrails
          ? settings.guardrails
          : { ...noGuardrails, ceilingMicros: settings.guardrails.ceilingMicros },
      },
      segmentMultipliers: asked.segmentMultipliers,
      budgetsMicros:
        body.budgetsMicros ??
        budgetFactors.flatMap((factor) => (usual === null ? [] : [Math.round(factor * usual)])),
      bidsMicros: body.bidsMicros ?? null,
    });
    const { cycleDays, auction } = settings;
    return {
      ...{ runId, asOf, currency, cycleDays, auction, ads },
      budgets: budgets.map(
        ({
          policy: _,
          auction: __,
          cycleDays: ___,
          budgetGiven: ____,
          nextUnitOfMoney: _____,
          notes: ______,
          ...of
        }) => of,
      ),
      notes: budgets[0]?.notes ?? [],
    };
  },
);
