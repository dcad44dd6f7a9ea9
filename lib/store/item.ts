import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** What the table's attributes hold. Anything deeper is stored as JSON text or as a compressed page. */
export type Scalar = string | number | boolean | Uint8Array;
export type Item = Record<string, Scalar>;

export const encodeItem = (item: Item): Record<string, AttributeValue> =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, encodeValue(value)]));

export const decodeItem = (item: Record<string, AttributeValue>): Item =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, decodeValue(value)]));

export function encodeValue(value: Scalar): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  return { B: value };
}

function decodeValue(value: AttributeValue): Scalar {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.B !== undefined) return value.B;
  throw new Error(`the table holds an attribute of a type that is not ours: ${Object.keys(value).join()}`);
}
