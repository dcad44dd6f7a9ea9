import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contactsCsv } from '../support/drawContacts.ts';
import { drawOrders, ordersCsv } from '../support/drawOrders.ts';
import { openShop, type Shop } from '../support/shop.ts';

const firstDay = Date.UTC(2026, 0, 1) / 86_400_000;
const orders = drawOrders({ seed: 11, customers: 300, firstDay, days: 240 });
const customers = [...new Set(orders.map(({ customerId }) => customerId))].sort();
const contacts = contactsCsv(customers);
const settings = {
  currency: 'EUR',
  orders: { margin: 0.4 },
  campaigns: {
    minCustomers: 5,
    budget: 5.67,
    channels: [{ channel: 'email', contactCost: 0.2, assumedLift: 0.3 }],
  },
  calls: { limit: 20 },
};

const rowsOf = (csv: string | null): Record<string, string>[] => {
  const [header = '', ...lines] = (csv ?? '').trim().split('\n');
  const names = header.split(',');
  return lines.map((line) => {
    const cells = [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell = '']) => cell);
    return Object.fromEntries(names.map((name, at) => [name, cells[at] ?? '']));
  });
};
const contactOf = new Map(rowsOf(contacts).map((row) => [row.customer_id, row]));
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('campaigns from an order history', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await openShop();
    await shop.upload('settings.json', JSON.stringify(settings));
    const early = orders.filter(({ day }) => day < firstDay + 200);
    await shop.upload('orders/early.csv', ordersCsv(early));
    await shop.orders();
    await shop.upload('contacts/all.csv', contacts);
    await shop.campaigns();
  }, 120_000);
  afterAll(() => shop.close());

  test('are planned within the budget, to the cent, for those alone who agreed to it', async () => {
    const { body } = await shop.get('/campaigns');
    expect(body).toMatchObject({ currency: 'EUR', budget: 5.67, probability: { source: 'valueModel' } });
    expect(body.campaigns.length).toBeGreaterThan(2);
    const cents = (amount: number): number => Math.round(100 * amount);
    const spent = body.campaigns.reduce(
      (sum: number, { budget }: { budget: number }) => sum + cents(budget),
      0,
    );
    expect(spent + cents(body.unspent)).toBe(567);
    expect(spent).toBeGreaterThan(540);
    expect(body.next.gainPerUnit).toBeGreaterThan(1);
    for (const plan of body.campaigns) {
      expect(plan).toMatchObject({ lift: { basis: 'assumed' }, channel: 'email' });
      expect(plan.low).toBeLessThan(plan.expectedProfit);
      expect(plan.high).toBeGreaterThan(plan.expectedProfit);
      const members = rowsOf(await shop.result(plan.file));
      expect(members.filter(({ group }) => group === 'treatment')).toHaveLength(plan.test.treated);
      expect(members.filter(({ group }) => group === 'control')).toHaveLength(plan.test.control);
      for (const { customer_id: id } of members)
        expect(contactOf.get(id)).toMatchObject({
          consent_email: 'yes',
          do_not_contact: '',
          email: expect.stringContaining('@'),
        });
    }
  });

  test('tell of each customer what to do next, as the lists do', async () => {
    const { body } = await shop.get('/campaigns');
    const [plan] = body.campaigns;
    const members = rowsOf(await shop.result(plan.file));
    const treated = members.find(({ group }) => group === 'treatment')?.customer_id;
    const action = (await shop.get(`/customers/${treated}/action`)).body;
    expect(action).toMatchObject({
      customerId: treated,
      action: 'campaign',
      campaign: plan.name,
      channel: 'email',
    });
    const blocked = customers[17] as string;
    expect((await shop.get(`/customers/${blocked}/action`)).body.action).toBe('suppressed');
    expect((await shop.get('/customers/nobody/action')).status).toBe(404);
    const one = (await shop.get(`/campaigns/${plan.name}`)).body;
    expect(one).toMatchObject({ plan: { name: plan.name }, result: null });
    expect((await shop.get('/campaigns/none')).status).toBe(404);
  });

  test('are told in words, and their offers in copy', async () => {
    const { body } = await shop.get('/campaigns');
    const [plan] = body.campaigns;
    const { body: summary } = await shop.get(`/runs/${body.runId}/summary`);
    expect(summary.text).toContain(`${body.campaigns.length} campaigns are planned`);
    const { body: told } = await shop.get(`/segments/${plan.segment}/explanation`);
    expect(told.text).toContain(`A campaign is planned that contacts ${plan.test.treated} of them`);
    const ask = (segment: string, request: object) => shop.post(`/campaigns/${segment}/copy`, request);
    const { body: copy } = await ask(plan.segment, { offerOfPlan: true });
    for (const variant of copy.variants)
      expect(variant.body.includes('10 % off')).toBe(plan.discount === 0.1);
    expect((await ask(plan.segment, { offerOfPlan: true, offer: { percentOff: 5 } })).status).toBe(422);
    const unplanned = body.notPlanned.find(
      ({ segment }: { segment: string }) =>
        !body.campaigns.some((of: { segment: string }) => of.segment === segment),
    );
    if (unplanned) expect((await ask(unplanned.segment, { offerOfPlan: true })).status).toBe(404);
  });

  test('come with a list of whom to call, as CSV and over the API', async () => {
    const { body } = await shop.get('/actions?kind=call&limit=5');
    expect(body.calls).toHaveLength(5);
    expect(body.comparedWith).toBeNull();
    const listed = rowsOf(await shop.result('actions/call-list.csv'));
    expect(listed).toHaveLength(20);
    expect(listed.slice(0, 5).map((row) => row.customer_id)).toEqual(
      body.calls.map(({ customerId }: { customerId: string }) => customerId),
    );
    const next = (await shop.get(`/actions?kind=call&limit=5&cursor=${body.cursor}`)).body;
    expect(next.calls[0].customerId).toBe(listed[5]?.customer_id);
    const stakes = listed.map((row) => Number(row.value_at_stake));
    expect(stakes).toEqual([...stakes].sort((one, other) => other - one));
    for (const { action, customerId } of body.calls) {
      const contact = contactOf.get(customerId);
      expect(contact?.do_not_contact).toBe('');
      if (action === 'call')
        expect(contact).toMatchObject({ consent_phone: 'yes', phone: expect.stringMatching(/\d/) });
    }
  });

  test('come with audience files that hold hashes of those alone who agreed to ads', async () => {
    const { body } = await shop.get('/campaigns');
    const high = body.audiences.find(({ name }: { name: string }) => name === 'high');
    const google = rowsOf(await shop.result('audiences/google/high.csv'));
    expect(google).toHaveLength(high.google);
    const meta = rowsOf(await shop.result('audiences/meta-value/high-1.csv'));
    const allowed = customers.flatMap((id, at) => {
      const contact = contactOf.get(id);
      const ok = contact?.consent_ads === 'yes' && contact.do_not_contact === '' && contact.email !== '';
      return ok ? [sha256(`person.${at}@example.com`)] : [];
    });
    for (const row of [...google.map(({ Email }) => Email), ...meta.map(({ email }) => email)])
      if (row !== '') expect(allowed).toContain(row);
    expect(google.length).toBeGreaterThan(10);
    for (const { value } of meta) expect(Number(value)).toBeGreaterThanOrEqual(0);
  });

  test('announce who moved once the history has grown, once, and compare with how customers stood', async () => {
    expect(await shop.events()).toEqual([]);
    await shop.upload('orders/late.csv', ordersCsv(orders.filter(({ day }) => day >= firstDay + 200)));
    await shop.orders();
    await shop.campaigns();
    const events = await shop.events();
    expect(events.length).toBeGreaterThan(10);
    const { runId } = await shop.lastRun('orders');
    for (const { source, detail, ...event } of events) {
      expect([source, event['detail-type']]).toEqual(['valuecast', 'Customer Segment Changed']);
      expect(detail.ordersRunId).toBe(runId);
      expect([detail.tier.from, detail.rfmGroup.from]).not.toEqual([detail.tier.to, detail.rfmGroup.to]);
    }
    expect(new Set(events.map(({ detail }) => detail.id)).size).toBe(events.length);
    const { body } = await shop.get('/actions');
    expect(body.comparedWith).toMatchObject({ lastDay: expect.any(String) });
    expect(body.calls[0]).toMatchObject({ pAliveBefore: expect.any(Number) });
    await shop.upload('settings.json', JSON.stringify({ ...settings, calls: { limit: 5 } }));
    await shop.campaigns();
    expect((await shop.get('/actions')).body.calls).toHaveLength(5);
    expect(await shop.events()).toHaveLength(events.length);
  });

  test('are judged by the results that come back in the same list', async () => {
    const { body } = await shop.get('/campaigns');
    const plan = body.campaigns.find(({ test }: { test: { control: number } }) => test.control > 3);
    const csv = (await shop.result(plan.file)) as string;
    const filled = csv
      .trim()
      .split('\n')
      .map((line, at) =>
        at === 0 ? line : line.replace(/,,,$/, `,2026-08-30,${at % 3 === 0 ? 'yes' : 'no'},`),
      );
    await shop.upload(`campaigns/${plan.name}.csv`, `${filled.join('\n')}\n`);
    await shop.campaigns();
    const { result, plan: next } = (await shop.get(`/campaigns/${plan.name}`)).body;
    expect(result).toMatchObject({
      verdict: 'noMeasurableEffect',
      treated: plan.test.treated,
      control: plan.test.control,
      sentence: { en: expect.stringContaining('no measurable effect') },
    });
    if (next !== null && next.offer === plan.offer)
      expect(next.lift).toMatchObject({ basis: 'measured', campaigns: [plan.name] });
    expect(await shop.result('campaigns/results.csv')).toContain(plan.name);
  });

  test('go by what a campaign taught whose groups were drawn: in the plan, and in a list of whom to contact next', async () => {
    const values = rowsOf(await shop.result('customer-values.csv'));
    const usual = values.map((row) => Number(row.purchase_days)).sort((one, other) => one - other);
    const middle = usual[usual.length >> 1] as number;
    // drawn by turns; a contact moves those who buy often, and nobody else
    const rows = values.map((row, at) => {
      const [treated, often] = [at % 2 === 0, Number(row.purchase_days) > middle];
      const converted = treated && often ? at % 10 !== 0 : at % 10 < 3;
      return [
        ...[row.customer_id, treated ? 'treatment' : 'control', row.rfm_group, row.tier, 'email', 'none'],
        ...[row.purchase_days, '2026-01-05', converted ? 'yes' : 'no', converted ? 50 : 0],
      ].join(',');
    });
    const header = 'customer_id,group,segment,tier,channel,offer,purchase_days,date,converted,revenue';
    await shop.upload('campaigns/spring.csv', `${[header, ...rows].join('\n')}\n`);
    await shop.campaigns();
    const { body } = await shop.get('/campaigns');
    const result = body.results.find(({ name }: { name: string }) => name === 'spring');
    expect(result).toMatchObject({
      verdict: 'raised',
      learner: { covariates: ['purchaseDays'], isUseful: true },
      nextFile: 'campaigns/next/spring.csv',
    });
    expect(result.learner.interval.low).toBeGreaterThan(0);
    const next = rowsOf(await shop.result(result.nextFile));
    expect(next.length).toBeGreaterThan(20);
    const often = new Map(values.map((row) => [row.customer_id, Number(row.purchase_days)]));
    for (const { customer_id: id } of next.slice(0, 10)) expect(often.get(id)).toBeGreaterThan(middle);
    for (const { customer_id: id } of next)
      expect(contactOf.get(id)).toMatchObject({ consent_email: 'yes', do_not_contact: '' });
    const ranked = body.campaigns.filter(({ offer }: { offer: string }) => offer === 'none');
    expect(ranked.length).toBeGreaterThan(0);
    for (const plan of ranked) expect(plan.lift).toMatchObject({ basis: 'measured', rankedBy: 'spring' });
    await shop.remove('campaigns/spring.csv');
    await shop.campaigns();
    expect((await shop.get('/campaigns/spring')).status).toBe(404);
    expect(await shop.result('campaigns/next/spring.csv')).toBeNull();
  });

  test('are withdrawn, with every file, when consents and history are gone', async () => {
    expect((await shop.written('audiences/')).size).toBeGreaterThan(3);
    for (const key of ['orders/early.csv', 'orders/late.csv', 'contacts/all.csv']) await shop.remove(key);
    await shop.orders();
    await shop.campaigns();
    expect((await shop.written('audiences/')).size).toBe(0);
    expect((await shop.written('actions/')).size).toBe(0);
    expect((await shop.get('/campaigns')).body).toMatchObject({ lastDay: null, campaigns: [] });
    expect((await shop.get('/campaigns')).body.results).toHaveLength(1);
  });
});
