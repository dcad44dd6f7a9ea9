import type { HandlerName } from './world.ts';

/** A dataset with what may be uploaded to it, and what its readers ask. */
export interface Scenario {
  name: string;
  dataset: string;
  handler: HandlerName;
  lastingFiles: string[];
  /** By file, its versions; the last one of the first file is refused. */
  files: { key: string; versions: string[] }[];
  /** Questions whose answers name the run they come from. */
  questions: string[];
  /** Tiers and moves are told beside those of the run before, so that they hang on what was published when. */
  isHistorical?: boolean;
  /** Uploaded and handled before the plan begins. */
  before: { key: string; body: string; handler: HandlerName }[];
}

const customers = (rows: string[]) => `customer_id,spend,orders,browsing_minutes\n${rows.join('\n')}\n`;

export const segmentScenario: Scenario = {
  name: 'customers',
  dataset: 'customers',
  handler: 'segment',
  lastingFiles: ['customers.csv'],
  files: [
    {
      key: 'customers/may.csv',
      versions: [
        customers(['ana,100,5,10', 'bo,200,10,20', 'bad,x,1,1', ...many('m', 40)]),
        customers(['ana,999,6,11', 'cy,20,1,2', ...many('n', 40)]),
        'customer_id\nana\n',
      ],
    },
    {
      key: 'customers/june.csv',
      versions: [customers(['dee,300,15,30']), customers(['dee,1,1,1', 'ana,5,5,5'])],
    },
  ],
  questions: ['/segments', '/segments/high/customers?limit=3', '/customers/ana'],
  before: [],
};

function many(prefix: string, count: number): string[] {
  return Array.from(
    { length: count },
    (_, at) => `${prefix}${at},${10 + ((at * 37) % 90)},${1 + (at % 9)},${at % 60}`,
  );
}

const training = `customer_id,visits,purchased\n${Array.from(
  { length: 200 },
  (_, row) => `t${row},${row % 10},${row % 10 > 4 !== (row % 7 === 0) ? 1 : 0}`,
).join('\n')}\n`;

export const scoreScenario: Scenario = {
  name: 'scoring',
  dataset: 'scoring/next.csv',
  handler: 'score',
  lastingFiles: ['scores/next.csv'],
  files: [
    {
      key: 'scoring/next.csv',
      versions: [
        'customer_id,visits\nana,1\nbo,9\n',
        'customer_id,visits\nana,7\ncy,2\n',
        'customer_id\nana\n',
      ],
    },
  ],
  questions: [],
  before: [{ key: 'training/history.csv', body: training, handler: 'train' }],
};

const orders = (rows: string[]) =>
  `customer_id,order_id,ordered_at,product,quantity,unit_price\n${rows.join('\n')}\n`;
const orderRows = (of: number, price: number): string[] =>
  Array.from(
    { length: 30 },
    (_, at) => `c${at % 6},${of}${at},2026-0${1 + (at % 5)}-1${at % 9} 10:00,p${at % 4},1,${price + at}.00`,
  );

export const ordersScenario: Scenario = {
  name: 'orders',
  dataset: 'orders',
  handler: 'orders',
  lastingFiles: ['customer-values.csv'],
  isHistorical: true,
  files: [
    {
      key: 'orders/may.csv',
      versions: [
        orders(orderRows(1, 5)),
        orders([...orderRows(2, 9), 'c1,9,soon,p,1,1.00']),
        'order_id\n1\n',
      ],
    },
    {
      key: 'events/may.csv',
      versions: [
        'user_id,event_time,event\nc1,2026-05-01 10:00,view\n',
        'user_id,event_time,event\nc2,2026-05-02 10:00,cart\n',
      ],
    },
  ],
  questions: [],
  before: [],
};
