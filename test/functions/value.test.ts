import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rfmGroupNames } from '../../lib/value/rfmGroups.ts';
import { demoShop } from '../../local/demo-shop.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { expectToFit } from './http/openApiFit.ts';

/** Six hundred customers of the demo shop; one has an id that a spreadsheet would run. */
const orders = (
  demoShop({ seed: 5, customers: 600 }).files.find(({ key }) => key === 'orders/demo.csv')?.body ?? ''
).replaceAll('C00007', '=1+1');
const [header = '', ...lines] = orders.trimEnd().split('\n');
const upTo = (day: string): string =>
  [header, ...lines.filter((line) => (line.split(',')[1] as string) <= day)].join('\n');
const idOf = (line: string): string => line.split(',')[2] as string;

describe('the value of a shop’s customers', () => {
  let shop: Shop;
  const ask = async (path: string, of = path.split('?')[0] as string) => {
    const answer = await shop.get(path);
    const headers = { 'content-type': answer.contentType };
    expectToFit('GET', of, { ...answer, headers, text: JSON.stringify(answer.body) });
    return answer;
  };
  const history = async () => (await ask('/segments')).body.history;
  const rowsOf = async (file: string): Promise<string[]> =>
    ((await shop.result(file)) ?? '').trimEnd().split('\n').slice(1);

  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.close());

  test('is not known before there are orders', async () => {
    for (const path of ['/segments', '/segments/migration', '/cohorts', '/models/value']) {
      const { status, body } = await ask(path);
      expect(status).toBe(404);
      expect(body.detail).toContain('orders/');
    }
  });

  test('comes with the model that did best on days that none had seen, beside baselines', async () => {
    await shop.upload('orders/all.csv', upTo('2026-05-31'));
    await shop.orders();
    const run = await shop.lastRun('orders');
    expect(run.status).toBe('published');
    const { body } = await ask('/models/value');
    const { choice, model, basis, orderValues } = body;
    expect(basis).toBe('expectedSpend');
    expect(choice.rows.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['mbgNbd', 'bgNbd', 'paretoNbd', 'always zero', 'historical spend', 'RFM sum']),
    );
    expect(choice.heldOutDays).toBe(182);
    expect(model.name).toBe(choice.winner);
    expect(choice.sentence).toContain(`${choice.winner} forecasts purchases best`);
    const errorOf = (name: string): number =>
      choice.rows.find((row: { name: string }) => row.name === name).purchases.rootMeanSquaredError;
    expect(errorOf(choice.winner)).toBeLessThan(0.8 * errorOf('always zero'));
    expect(choice.rows[0].calibration).toHaveLength(10);
    expect(orderValues.meanOrder).toBeGreaterThan(30);
    expect(orderValues.meanOrder).toBeLessThan(150);
    expect((run.metrics as { value: object }).value).toEqual({ model: model.name, choice });
  });

  test('adds up over tiers, RFM groups and clusters, in counts and in money', async () => {
    const { total, tiers, rfmGroups, clusters, edges, rfmCells, aliveCells } = await history();
    expect(total.customers).toBe(
      new Set(lines.filter((line) => (line.split(',')[1] as string) <= '2026-05-31').map(idOf)).size,
    );
    expect(total.historic).toBeCloseTo(
      lines.reduce(
        (sum, line) => ((line.split(',')[1] ?? '') <= '2026-05-31' ? sum + Number(line.split(',')[6]) : sum),
        0,
      ),
      2,
    );
    expect(total.low).toBeLessThan(total.next12m);
    expect(total.high).toBeGreaterThan(total.next12m);
    expect(rfmGroups.map(({ segment }: { segment: string }) => segment)).toEqual(rfmGroupNames);
    expect(edges).toMatchObject({ moved: true, basis: 'expectedSpend' });
    expect(clusters.length).toBeGreaterThan(1);
    for (const division of [tiers, rfmGroups, clusters]) {
      const sum = (name: string) =>
        division.reduce((all: number, one: Record<string, number>) => all + (one[name] ?? 0), 0);
      expect(sum('customers')).toBe(total.customers);
      expect(sum('historic')).toBeCloseTo(total.historic, 2);
      expect(sum('next12m')).toBeCloseTo(total.next12m, 0);
      expect(sum('shareOfCustomers')).toBeCloseTo(1, 9);
    }
    expect([rfmCells.length, aliveCells.length]).toEqual([25, 36]);
    for (const cells of [rfmCells, aliveCells])
      expect(cells.reduce((all: number, { customers }: { customers: number }) => all + customers, 0)).toBe(
        total.customers,
      );
    expect(
      rfmCells.reduce((all: number, { historic }: { historic: number }) => all + historic, 0),
    ).toBeCloseTo(total.historic, 2);
    const [high, mid, low] = tiers;
    expect(high.next12m / high.customers).toBeGreaterThan(mid.next12m / mid.customers);
    expect(mid.next12m / mid.customers).toBeGreaterThan(low.next12m / low.customers);
  });

  test('lists each segment, the most valuable first, page by page, and in a file', async () => {
    const { tiers, rfmGroups, clusters } = await history();
    const seen: string[] = [];
    for (const { segment, customers } of [...tiers, ...rfmGroups, ...clusters]) {
      const ids: string[] = [];
      let last = Number.POSITIVE_INFINITY;
      for (let cursor = ''; ; ) {
        const path = `/segments/${segment}/customers?limit=150${cursor}`;
        const { body } = await ask(path, '/segments/{segment}/customers');
        expect(body).toMatchObject({ segment, source: 'orders' });
        for (const { customerId, next12m } of body.customers) {
          expect(next12m).toBeLessThanOrEqual(last);
          last = next12m;
          ids.push(customerId);
        }
        if (body.cursor === undefined) break;
        cursor = `&cursor=${body.cursor}`;
      }
      expect(ids).toHaveLength(customers);
      const rows = await rowsOf(`segments/${segment}.csv`);
      expect(rows.map((row) => row.split(',')[0]?.replace(/^'/, ''))).toEqual(ids);
      if (['high', 'mid', 'low'].includes(segment)) seen.push(...ids);
    }
    expect(new Set(seen).size).toBe(seen.length);
    const rows = await rowsOf('customer-values.csv');
    expect(rows).toHaveLength(seen.length);
    // the id that a spreadsheet would run is text there, and itself over HTTP
    expect(rows.some((row) => row.startsWith("'=1+1,"))).toBe(true);
    expect(seen).toContain('=1+1');
    expect((await shop.get('/segments/cluster-9/customers')).status).toBe(404);
    expect((await shop.get('/segments/platinum/customers')).status).toBe(404);
  });

  test('is told of each customer, with reasons in two languages, and no one-time buyer is certain to be there', async () => {
    const once = lines.map(idOf).filter((id, _, all) => all.filter((other) => other === id).length === 1);
    const { tiers } = await history();
    for (const customerId of once.slice(0, 5)) {
      const { body } = await ask(`/customers/${customerId}`, '/customers/{customerId}');
      const { value } = body;
      if (value === null) continue;
      expect(value.purchaseDays).toBe(1);
      expect(value.pAlive).toBeGreaterThan(0);
      expect(value.pAlive).toBeLessThan(1);
      expect(value.low).toBeLessThan(value.next12m);
      expect(value.high).toBeGreaterThan(value.next12m);
      expect(value.reasons.map(({ code }: { code: string }) => code)).toContain('boughtOnce');
      for (const { text } of value.reasons) expect(text.zh).toMatch(/[\u4e00-\u9fff]/);
      expect(tiers.map(({ segment }: { segment: string }) => segment)).toContain(value.tier);
    }
    expect((await ask('/segments/migration')).body.migration).toBeNull();
  });

  test('follows cohorts from their first month', async () => {
    const { body } = await ask('/cohorts');
    expect(body).toMatchObject({ lastMonth: '2026-05', lastMonthIsOver: true });
    const { total } = await history();
    const size = (cohorts: { customers: number }[]) =>
      cohorts.reduce((sum, { customers }) => sum + customers, 0);
    expect(size(body.cohorts)).toBe(total.customers);
    for (const { months } of body.cohorts) expect(months[0].retention).toBe(1);
    const revenue = body.cohorts.flatMap(({ months }: { months: { revenue: number }[] }) =>
      months.map((month) => month.revenue),
    );
    expect(revenue.reduce((sum: number, one: number) => sum + one, 0)).toBeCloseTo(total.historic, 2);
  });

  test('of the next run says who moved, and edges stay while tiers keep their shares', async () => {
    const before = await history();
    const was = new Map(
      (await rowsOf('customer-values.csv')).map((row) => [row.split(',')[0], row.split(',')[1]]),
    );
    await shop.upload('orders/all.csv', upTo('2026-06-15'));
    await shop.orders();
    expect((await shop.lastRun('orders')).status).toBe('published');
    const after = await history();
    expect(after.runId).not.toBe(before.runId);
    expect(after.edges).toMatchObject({ edges: before.edges.edges, moved: false });
    const { migration } = (await ask('/segments/migration')).body;
    expect(migration.previousRunId).toBe(before.runId);
    for (const name of ['tiers', 'rfmGroups'] as const) {
      const { cells, up, stayed, down, joined, left } = migration[name];
      for (const { segment, customers } of before[name])
        expect(sumOf(cells, (cell) => cell.from === segment)).toBe(customers);
      for (const { segment, customers, next12m } of after[name]) {
        expect(sumOf(cells, (cell) => cell.to === segment)).toBe(customers);
        const money = cells
          .filter((cell: Cell) => cell.to === segment)
          .reduce((sum: number, cell: Cell) => sum + cell.valueAfter, 0);
        expect(Math.abs(money - next12m)).toBeLessThan(1 + customers / 100);
      }
      expect(up + stayed + down + left).toBe(before.total.customers);
      expect(up + stayed + down + joined).toBe(after.total.customers);
      expect(stayed).toBeGreaterThan(up + down);
    }
    for (const row of await rowsOf('customer-values.csv')) {
      const [id, , previous] = row.split(',');
      expect(previous).toBe(was.get(id) ?? '');
    }
  });

  test('stands beside the scores of a summary table, and either can be asked for', async () => {
    await shop.upload(
      'customers/few.csv',
      'customer_id,total_spent,orders,browsing_minutes\nana,10,1,5\nbo,90,3,50\n',
    );
    await shop.segment();
    const { body } = await ask('/segments');
    expect(body).toMatchObject({ customers: 2, scale: 'percentile' });
    expect(body.history.total.customers).toBeGreaterThan(400);
    const of = '/segments/{segment}/customers';
    expect((await ask('/segments/high/customers', of)).body).toMatchObject({ source: 'customers' });
    expect((await ask('/segments/high/customers?source=orders&limit=1', of)).body.source).toBe('orders');
    expect((await ask('/segments/champions/customers?limit=1', of)).body.source).toBe('orders');
    expect((await ask('/segments/champions/customers?source=customers', of)).status).toBe(404);
    expect((await shop.result('customers.csv')) ?? '').toContain('ana');
  });

  test('a map of RFM groups with gaps is refused with the cells, and what was published stays', async () => {
    const { runId } = await history();
    await shop.upload(
      'settings.json',
      JSON.stringify({ orders: { rfmGroups: { active: [{ r: [2, 5] }] } } }),
    );
    await shop.orders();
    const run = await shop.lastRun('orders');
    expect(run.status).toBe('rejected');
    expect(JSON.stringify(run.problems)).toMatch(/orders\.rfmGroups.*25 of 125 cells are in no group: 1-1-1/);
    expect((await history()).runId).toBe(runId);
    await shop.remove('settings.json');
  });

  test('of a shop where nobody came back is what they spent, and the run says so', async () => {
    const once = ['customer_id,order_id,ordered_at,product,quantity,amount'];
    for (let index = 0; index < 30; index++)
      once.push(`n${index},${index},2026-03-${10 + (index % 20)},tea,1,${10 + index}`);
    await shop.upload(
      'settings.json',
      JSON.stringify({ orders: { drift: { maxRowShift: 1, maxRevenueShift: 1, maxPsi: 100 } } }),
    );
    await shop.upload('orders/all.csv', once.join('\n'));
    await shop.orders();
    const run = await shop.lastRun('orders');
    expect(run.status).toBe('published');
    const codes = (run.notes as { code: string }[]).map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(['noHoldout', 'noValueModel', 'tierEdgesMoved']));
    const { body } = await ask('/models/value');
    expect(body).toMatchObject({ basis: 'historicSpend', model: null, choice: null });
    const { value } = (await ask('/customers/n29', '/customers/{customerId}')).body;
    expect(value).toMatchObject({
      tier: 'high',
      historic: 39,
      next12m: null,
      pAlive: null,
      previousTier: null,
    });
    expect(value.reasons[0].code).toBe('historicSpend');
    // fewer customers than clusters are made of: what earlier runs left of them is gone
    expect(await shop.result('segments/cluster-1.csv')).toBeNull();
    expect(await rowsOf('segments/high.csv')).toHaveLength(6);
  });

  test('is withdrawn with the last export, and so are its files', async () => {
    await shop.remove('orders/all.csv');
    await shop.orders();
    expect(await shop.result('customer-values.csv')).toBeNull();
    expect(await shop.result('segments/champions.csv')).toBeNull();
    expect((await ask('/cohorts')).status).toBe(404);
    expect((await ask('/segments')).body.history).toBeNull();
  });
});

interface Cell {
  from: string | null;
  to: string | null;
  customers: number;
  valueAfter: number;
}

const sumOf = (cells: Cell[], wanted: (cell: Cell) => boolean): number =>
  cells.filter(wanted).reduce((sum, { customers }) => sum + customers, 0);
