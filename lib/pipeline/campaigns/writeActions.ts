import type { Call } from '../../marketing/calls/callList.ts';
import { goalTexts } from '../../marketing/campaigns/goals.ts';
import type { CampaignPlan } from '../../marketing/campaigns/plannedCampaign.ts';
import { mayApproach } from '../../marketing/consent.ts';
import type { LookupExtent } from '../../store/lookupExtent.ts';
import { writeLookup } from '../../store/pages.ts';
import type { ContactRow } from '../../tables/contacts/readContacts.ts';
import type { Run } from '../run.ts';
import type { NextAction } from './campaignResults.ts';
import { actionsLookup } from './lists.ts';
import type { Buyers } from './readBuyers.ts';

export interface ActionContext {
  buyers: Buyers;
  contacts: ReadonlyMap<string, ContactRow>;
  contacted: ReadonlyMap<string, number>;
  calls: readonly Call[];
  campaigns: readonly CampaignPlan[];
}

/** The next thing to do about every buyer, with its reason. */
export async function writeActions(run: Run, context: ActionContext): Promise<LookupExtent> {
  const { maxContacts, contactDays } = run.settings.campaigns;
  const actions = new Array<NextAction | undefined>(context.buyers.customerIds.length);
  for (const campaign of context.campaigns) {
    for (const customer of campaign.treated) actions[customer] = inCampaign(campaign);
    for (const customer of campaign.control) actions[customer] = leftOut(campaign);
  }
  for (const call of context.calls) if (call.action === 'call') actions[call.customer] = toCall(call);
  const entries = context.buyers.customerIds.map((customerId, customer) => {
    const action = actions[customer] ?? otherwise(context, customerId, { maxContacts, contactDays });
    return [customerId, action] as const;
  });
  const { runId } = run.plan;
  return writeLookup(run.platform.table, { runId, fence: run.fence, name: actionsLookup, entries });
}

const nothing = { campaign: null, channel: null, offer: null };

const inCampaign = ({ name, channel, offer, goal }: CampaignPlan): NextAction => ({
  action: 'campaign',
  ...{ campaign: name, channel, offer },
  reason: {
    en: `the contact is expected to bring more than it costs: ${goalTexts[goal].en}`,
    zh: `预计联系带来的收益高于成本：${goalTexts[goal].zh}`,
  },
});

const leftOut = ({ name, channel, offer }: CampaignPlan): NextAction => ({
  action: 'holdOut',
  ...{ campaign: name, channel, offer },
  reason: {
    en: 'drawn into the control group, so that the effect of the campaign can be measured: do not contact',
    zh: '被抽入对照组以衡量活动效果：请勿联系',
  },
});

const toCall = ({ pAlive }: Call): NextAction => ({
  action: 'call',
  ...nothing,
  channel: 'phone',
  reason: {
    en: `much of what was expected of this customer is at stake; the probability to be active is ${Math.round(100 * pAlive)} %`,
    zh: `该客户的预期价值可能流失；活跃概率为 ${Math.round(100 * pAlive)} %`,
  },
});

function otherwise(
  { contacts, contacted }: ActionContext,
  customerId: string,
  { maxContacts, contactDays }: { maxContacts: number; contactDays: number },
): NextAction {
  const contact = contacts.get(customerId);
  if (contact?.doNotContact)
    return { action: 'suppressed', ...nothing, reason: { en: 'must be left alone', zh: '请勿联系' } };
  if ((contacted.get(customerId) ?? 0) >= maxContacts)
    return {
      action: 'wait',
      ...nothing,
      reason: {
        en: `contacted ${maxContacts} times or more within ${contactDays} days`,
        zh: `${contactDays} 天内已联系 ${maxContacts} 次或以上`,
      },
    };
  const mayBeReached = (['email', 'sms', 'phone'] as const).some((channel) => mayApproach(contact, channel));
  if (!mayBeReached)
    return {
      action: 'askForConsent',
      ...nothing,
      reason: {
        en: 'no consent to email, text messages or calls, or no address for it',
        zh: '未同意任何营销方式，或缺少联系方式',
      },
    };
  return {
    action: 'leaveAlone',
    ...nothing,
    reason: {
      en: 'no campaign reaches this customer that is expected to bring more than it costs, within the budget',
      zh: '在预算内没有预计收益高于成本的活动',
    },
  };
}
