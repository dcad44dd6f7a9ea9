import { describe, expect, it } from 'vitest';
import { adProfiles } from '../../../lib/tables/ads/profiles.ts';
import { orderProfiles } from '../../../lib/tables/orders/profiles.ts';
import { recogniseTable } from '../../../lib/tables/recognise.ts';
import { demoShop } from '../../../local/demo-shop.ts';

const recognise = (text: string | Uint8Array) =>
  recogniseTable({
    key: 'any.csv',
    open: async function* () {
      yield Buffer.from(text);
    },
  });

describe('a table is recognised', () => {
  it.each(demoShop({ seed: 42 }).files.map(({ key, body }) => [key, body] as const))(
    'in the demo shop’s %s',
    async (key, body) => {
      const head = Buffer.from(body).subarray(0, 2000);
      expect((await recognise(head)).folder).toBe(key.split('/')[0]);
    },
  );

  it.each(orderProfiles.map((profile) => [profile.title, profile] as const))(
    'in an export of %s',
    async (title, profile) => {
      const columns = [...new Set([...profile.signature, ...Object.values(profile.columns).flat()])];
      const { folder, readings } = await recognise(`${columns.join(profile.spaced ? ' ' : ',')}\n`);
      expect(folder).toBe('orders');
      expect(readings[0]).toMatchObject({ folder: 'orders', layout: title, problem: null });
    },
  );

  it.each([
    ['订单编号,标题,价格,购买数量,商品属性', 'orderReport'],
    ['子订单编号,主订单编号,商品标题,商品价格,购买数量,买家会员名,订单创建时间', null],
    ['订单编号,买家会员名,买家实际支付金额,订单创建时间', null],
  ])('%s: what it needs beside it is told', async (columns, needs) => {
    const { folder, readings } = await recognise(`${columns}\n`);
    expect(folder).toBe('orders');
    expect(readings[0]).toMatchObject({ folder: 'orders', problem: null, needs });
  });

  it.each(adProfiles.map((profile) => [profile.title, profile] as const))(
    'in an export of %s',
    async (title, profile) => {
      const columns = [
        ...new Set([...profile.signature, ...Object.values(profile.columns).map(([first]) => first ?? '')]),
      ];
      const { folder, readings } = await recognise(`${columns.map((name) => `"${name}"`).join(',')}\n`);
      expect(folder).toBe('ads');
      expect(readings.find((one) => one.folder === 'ads')?.layout).toBe(title);
    },
  );

  it.each([
    ['session_id,user_id,event_time,event_type,page\n', 'events'],
    ['用户ID,访问时间,停留时长\n', 'events'],
    ['user_id,order_date,amount\nu1,2026-01-02,3\n', 'orders'],
    ['Administrative,ProductRelated,BounceRates,Revenue\n0,1,.2,FALSE\n', 'training'],
    ['customer_id,age,country\nc1,30,DE\n', 'scoring'],
    ['customer_id,email,phone,consent_email,consent_sms\nc1,a@example.com,,yes,no\n', 'contacts'],
    ['客户ID,手机号,同意短信营销\nc1,13800000000,是\n', 'contacts'],
    [
      'customer_id,email,accepts_email_marketing,total_spent,total_orders\nc1,a@example.com,yes,9,1\n',
      'customers',
    ],
    [
      'customer_id,group,channel,offer,date,converted,revenue\nc1,control,email,,2026-01-02,0,0\n',
      'campaigns',
    ],
    ['客户ID,分组,是否下单\nc1,实验组,是\n', 'campaigns'],
    ['sku,name,price,cost,stock,lead_time_days\na,b,1,1,2,3\n', 'products'],
    ['product_id,title,category\na,b,c\n', 'products'],
  ])('%j as %s, below a title too', async (text, folder) => {
    expect((await recognise(text)).folder).toBe(folder);
    // nothing tells the names of a table to score
    if (folder !== 'scoring') expect((await recognise(`Report of May\n\n${text}`)).folder).toBe(folder);
  });

  it('in any encoding, below a title, with any separator', async () => {
    const utf16 = Buffer.concat([
      Buffer.from([0xff, 0xfe]),
      Buffer.from('user_id;order_date;amount\n1;2;3\n', 'utf16le'),
    ]);
    expect((await recognise(utf16)).folder).toBe('orders');
    expect((await recognise('Orders of May\n\nuser_id\torder_date\tamount\n1\t2\t3\n')).folder).toBe(
      'orders',
    );
  });

  it('as nothing where nothing fits, with the reason of every folder', async () => {
    const { folder, readings } = await recognise('1,2,3\n4,5,6\n');
    expect(folder).toBeNull();
    for (const { problem } of readings) expect(problem).toMatch(/\w/);
  });
});
