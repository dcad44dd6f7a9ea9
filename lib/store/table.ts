import { setTimeout as sleep } from 'node:timers/promises';
import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { decodeItem, encodeItem, encodeValue, type Item, type Scalar } from './item.ts';
import type { Key } from './keys.ts';
import { partitionPrefixOf, type Scope } from './tenants.ts';

export interface Table extends Scope {
  client: DynamoDBClient;
  name: string;
  /** Milliseconds since 1970; decides which items have expired. */
  clock?: () => number;
  /** Of keyed hashes of ids, and of sealed pages. */
  idKey?: string;
  /** What is written is found by keyed hashes of its ids, and sealed. */
  hashIds?: boolean;
}

/** A DynamoDB expression with `#name` for every attribute; `values` holds what stands as `:name` in it. */
interface Expression {
  expression: string;
  values?: Record<string, Scalar>;
}

/** The item as the last successful write left it; null when there is none or it has expired. */
export async function getItem(table: Table, key: Key): Promise<Item | null> {
  const command = new GetItemCommand({
    TableName: table.name,
    Key: encodeIn(table, { ...key }),
    ConsistentRead: true,
  });
  const { Item: found } = await table.client.send(command);
  if (found === undefined) return null;
  const item = decodeFrom(table, found);
  return isLive(table, item) ? item : null;
}

/** What DynamoDB takes in one request. */
const keysAtOnce = 100;
const mostRepetitions = 8;

/** The live items of these keys, in no order; keys without one have none. Throws when the table keeps refusing some. */
export async function getItems(table: Table, keys: readonly Key[]): Promise<Item[]> {
  const batches: Key[][] = [];
  for (let at = 0; at < keys.length; at += keysAtOnce) batches.push(keys.slice(at, at + keysAtOnce));
  return (await Promise.all(batches.map((batch) => getBatch(table, batch)))).flat();
}

/** DynamoDB may answer a part of a batch and hand back the other keys, with no error. */
async function getBatch(table: Table, keys: readonly Key[]): Promise<Item[]> {
  const found: Item[] = [];
  let left = keys.map((key) => encodeIn(table, { ...key }));
  for (let repetition = 0; left.length > 0; repetition++) {
    if (repetition > mostRepetitions)
      throw new Error(`the table still refuses ${left.length} of ${keys.length} keys`);
    // Full jitter: readers that were refused together must not come back together.
    if (repetition > 0) await sleep(Math.random() * 10 * 2 ** repetition);
    const request = { RequestItems: { [table.name]: { Keys: left, ConsistentRead: true } } };
    const { Responses, UnprocessedKeys } = await table.client.send(new BatchGetItemCommand(request));
    found.push(...(Responses?.[table.name] ?? []).map((item) => decodeFrom(table, item)));
    left = UnprocessedKeys?.[table.name]?.Keys ?? [];
  }
  return found.filter((item) => isLive(table, item));
}

/** Writes the item, or returns false where the condition does not hold. */
export async function putItem(table: Table, item: Key & Item, condition?: Expression): Promise<boolean> {
  const command = new PutItemCommand({
    TableName: table.name,
    Item: encodeIn(table, item),
    ...(condition !== undefined && { ConditionExpression: condition.expression, ...bindings([condition]) }),
  });
  return (await unlessRefused(table.client.send(command))) !== null;
}

/** Changes one item and returns it as it is then; null where the condition does not hold. */
export async function updateItem(
  table: Table,
  key: Key,
  { update, condition }: { update: Expression; condition: Expression },
): Promise<Item | null> {
  const command = new UpdateItemCommand({
    TableName: table.name,
    Key: encodeIn(table, { ...key }),
    UpdateExpression: update.expression,
    ConditionExpression: condition.expression,
    ...bindings([update, condition]),
    ReturnValues: 'ALL_NEW',
  });
  const answer = await unlessRefused(table.client.send(command));
  return answer === null ? null : decodeFrom(table, answer.Attributes ?? {});
}

/** Also where there is none; answers whether there was one. */
export async function deleteItem(table: Table, key: Key): Promise<boolean> {
  const command = new DeleteItemCommand({
    TableName: table.name,
    Key: encodeIn(table, { ...key }),
    ReturnValues: 'ALL_OLD',
  });
  return (await table.client.send(command)).Attributes !== undefined;
}

export interface Query {
  /** Begins with the partition: `#pk = :name`, or `#listPartition = :name` of an index. */
  keys: Expression;
  index?: string;
  newestFirst?: boolean;
  filter?: Expression;
  /** Attributes wanted; all by default. */
  only?: string[];
  /** Items read at a time. */
  pageSize?: number;
  startAfter?: Item;
}

/** All live items that match, in order, page after page for as long as the caller goes on. */
export async function* queryItems(table: Table, query: Query): AsyncGenerator<Item> {
  const { index, newestFirst = false, filter, only, pageSize, startAfter } = query;
  const keys = keysIn(table, query.keys);
  let start = startAfter === undefined ? undefined : encodeIn(table, startAfter);
  const wanted = only && { expression: [...only, 'expiresAtSeconds'].map((name) => `#${name}`).join(', ') };
  do {
    const command = new QueryCommand({
      TableName: table.name,
      IndexName: index,
      ConsistentRead: index === undefined,
      ScanIndexForward: !newestFirst,
      KeyConditionExpression: keys.expression,
      FilterExpression: filter?.expression,
      ProjectionExpression: wanted?.expression,
      ...bindings([keys, filter, wanted]),
      Limit: pageSize,
      ExclusiveStartKey: start,
    });
    const { Items = [], LastEvaluatedKey } = await table.client.send(command);
    for (const found of Items) {
      const item = decodeFrom(table, found);
      if (isLive(table, item)) yield item;
    }
    start = LastEvaluatedKey;
  } while (start !== undefined);
}

/** The attributes that begin with a tenant's prefix. */
const partitions = ['pk', 'listPartition'];

/** An item or a key as the table has it. */
export const encodeIn = (table: Table, item: Item) =>
  encodeItem(mapPartitions(item, (name) => partitionPrefixOf(table.tenant) + name));

const decodeFrom = (table: Table, item: Parameters<typeof decodeItem>[0]): Item =>
  mapPartitions(decodeItem(item), (name) => name.slice(partitionPrefixOf(table.tenant).length));

const mapPartitions = (item: Item, change: (name: string) => string): Item => ({
  ...item,
  ...Object.fromEntries(
    partitions.flatMap((name) => (item[name] === undefined ? [] : [[name, change(String(item[name]))]])),
  ),
});

/** A query that names no partition could reach into others. */
function keysIn(table: Table, { expression, values = {} }: Expression): Expression {
  const [, name] = /^#(?:pk|listPartition) = :(\w+)(?: AND |$)/.exec(expression) ?? [];
  if (name === undefined) throw new Error(`queryItems needs a partition first; got ${expression}`);
  return {
    expression,
    values: { ...values, [name]: partitionPrefixOf(table.tenant) + String(values[name]) },
  };
}

// DynamoDB removes expired items up to days late, and a local one never.
function isLive({ clock = Date.now }: Table, { expiresAtSeconds }: Item): boolean {
  return typeof expiresAtSeconds !== 'number' || expiresAtSeconds > clock() / 1000;
}

/** Every attribute name is aliased, since many everyday words are reserved. */
function bindings(expressions: (Expression | undefined)[]) {
  const used = expressions.filter((expression) => expression !== undefined);
  const names = used.flatMap(({ expression }) => expression.match(/#\w+/g) ?? []);
  const values = used.flatMap((expression) => Object.entries(expression.values ?? {}));
  return {
    ...(names.length > 0 && {
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [name, name.slice(1)])),
    }),
    ...(values.length > 0 && {
      ExpressionAttributeValues: Object.fromEntries(
        values.map(([name, value]) => [`:${name}`, encodeValue(value)]),
      ),
    }),
  };
}

async function unlessRefused<Answer>(sent: Promise<Answer>): Promise<Answer | null> {
  try {
    return await sent;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return null;
    throw error;
  }
}
