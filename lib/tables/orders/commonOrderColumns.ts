import { currencyOfWord } from '../cells/currencies.ts';
import { DecimalCells, FlagCells, TextCells, TimeCells } from '../commonColumns.ts';
import { WordCells } from '../commonWords.ts';
import type { OrderLayout } from './layout.ts';
import { isNotCaptured, isTest } from './lineReader.ts';
import { type LineStatus, StatusReader } from './statuses.ts';

/** By the code that common rows have for them. */
export const statuses: readonly LineStatus[] = ['sale', 'return', 'cancelled', 'unpaid', 'test'];

export type OrderColumns = ReturnType<typeof orderColumns>;

/** The columns that are read of common rows; one that is not there has an index below 0. */
export function orderColumns({ profile, at, currency: ofLayout }: OrderLayout, shopCurrency: string) {
  const usual = ofLayout ?? shopCurrency;
  const isShopMoney = (word: string) => (word.trim() === '' ? usual : currencyOfWord(word)) === shopCurrency;
  const reading = new StatusReader(profile?.statuses);
  const paidAt = at.status < 0 ? at.paidAt : -1;
  return {
    orderedAt: new TimeCells(at.orderedAt),
    customerId: new TextCells(at.customerId, 'id'),
    email: new TextCells(at.email, 'id'),
    orderId: new TextCells(at.orderId, 'id'),
    product: new TextCells(at.product),
    productName: new TextCells(at.productName),
    category: new TextCells(at.category),
    country: new TextCells(at.country),
    channel: new TextCells(at.channel),
    currency: new WordCells(at.currency, (word) => (isShopMoney(word) ? 0 : -1)),
    status: new WordCells(at.status, (word) => statuses.indexOf(reading.read(word) as LineStatus)),
    paidAt: new FlagCells(paidAt),
    cancelledAt: new FlagCells(at.cancelledAt),
    captured: new WordCells(at.captured, (word) => (isNotCaptured(word) ? 1 : 0)),
    test: new WordCells(at.test, (word) => (isTest(word) ? 1 : 0)),
    discount: new DecimalCells(at.discount),
    quantity: new DecimalCells(at.quantity),
    amount: new DecimalCells(at.amount),
    unitPrice: new DecimalCells(at.amount < 0 ? at.unitPrice : -1),
    refund: new DecimalCells(at.refund),
  };
}
