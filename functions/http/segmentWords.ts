import { campaignTask, fieldName, type Offer, variants } from '../../lib/copywriter/campaign.ts';
import type { PlannedCampaign } from '../../lib/pipeline/campaigns/campaignResults.ts';
import { audienceOf, segmentTask } from '../../lib/pipeline/words/segmentTask.ts';
import { minorDigits } from '../../lib/tables/cells/currencies.ts';
import { Problem } from './problem.ts';
import { readPublishedSegment } from './publishedSegment.ts';
import { route } from './route.ts';
import { readSegmentPlan } from './segmentPlan.ts';
import { readShopProducts } from './shopProducts.ts';
import {
  type CopyRequest,
  copyRequestSchema,
  copySchema,
  explanationQuery,
  explanationSchema,
} from './wordsSchemas.ts';
import { openDesk, writtenBy } from './writing.ts';

const segmentParameter = {
  segment: 'A tier, an RFM group or a cluster, as GET /segments names them.',
};

export const explanationRoute = route(
  {
    method: 'GET',
    path: '/segments/{segment}/explanation',
    operationId: 'explainSegment',
    summary: 'A segment in words: who its customers are, what they are worth, what to do',
    tag: 'words',
    problems: ['notFound', 'nothingPublished', 'invalidRequest'],
    parameters: segmentParameter,
    query: explanationQuery,
    answer: explanationSchema,
  },
  async ({ parameters, query }, wiring) => {
    const segment = parameters.segment as string;
    const { runId, asOf, published } = await readPublishedSegment(wiring, { segment, source: query.source });
    const [desk, plan, shop] = await Promise.all([
      openDesk(wiring, query),
      readSegmentPlan(wiring, segment),
      readShopProducts(wiring),
    ]);
    const task = segmentTask({ ...published, plan, productNames: shop?.names ?? [] }, desk.language);
    const words = await desk.write(task);
    const { source } = published;
    return { runId, asOf, segment, source, ...writtenBy(words, task), text: words.texts.text as string };
  },
);

export const copyRoute = route(
  {
    method: 'POST',
    path: '/campaigns/{segment}/copy',
    operationId: 'writeCopy',
    summary: 'Copy for a campaign to a segment: two variants of subject, text and call to action',
    description:
      'For the segment as a whole, never for one customer. Figures, days and names are those of the request, of the plan, or of what the ' +
      'segment is recommended; nothing that the shop knows of its customers stands in the texts. The request changes nothing that is published.',
    tag: 'words',
    problems: ['notFound', 'nothingPublished', 'tooLarge', 'invalidRequest'],
    parameters: segmentParameter,
    body: copyRequestSchema,
    answer: copySchema,
  },
  async ({ parameters, body }, wiring) => {
    const segment = parameters.segment as string;
    const { runId, asOf, published } = await readPublishedSegment(wiring, { segment });
    const desk = await openDesk(wiring, body);
    const audience = audienceOf(segment);
    const { channel, goal = audience.goal } = body;
    const [shop, plan] = await Promise.all([
      readShopProducts(wiring),
      body.offerOfPlan === undefined ? null : readSegmentPlan(wiring, segment),
    ]);
    if (body.offerOfPlan !== undefined && plan === null)
      throw new Problem(
        'notFound',
        'no campaign to this segment is planned; GET /campaigns lists those that are',
      );
    const recommended = (shop?.offeredTo(segment) ?? []).slice(0, body.recommendedProducts ?? 0);
    const { task, withheld } = campaignTask({
      channel,
      goal,
      language: desk.language,
      audience: `customers who ${audience.words.en}`,
      offer: plan === null ? offerOf(body.offer, published.currency) : offerOfPlan(plan),
      shopName: body.shopName ?? null,
      products: body.products ?? recommended,
      catalogue: shop?.names ?? [],
    });
    const words = await desk.write(task);
    return {
      ...{ runId, asOf, segment, source: published.source, customers: published.segment.customers },
      ...{ channel, goal },
      ...writtenBy(words, task),
      withheldNames: withheld,
      variants: variants.map((variant) => ({
        subject: words.texts[fieldName('subject', variant)] ?? null,
        body: words.texts[fieldName('body', variant)] as string,
        callToAction: words.texts[fieldName('callToAction', variant)] as string,
      })),
    };
  },
);

const offerOfPlan = ({ discount }: PlannedCampaign): Offer | null =>
  discount === 0 ? null : { kind: { share: discount }, lastDay: null };

function offerOf(offer: CopyRequest['offer'], currency: string): Offer | null {
  if (offer === undefined) return null;
  const { percentOff, amountOff, lastDay = null } = offer;
  if (percentOff !== undefined) return { kind: { share: percentOff / 100 }, lastDay };
  if (amountOff === undefined) return { kind: 'freeShipping', lastDay };
  return { kind: { amount: amountOff, currency, decimals: minorDigits(currency) }, lastDay };
}
