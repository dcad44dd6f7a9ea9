import { en } from 'zod/locales';
import * as z from 'zod/mini';
import { bidSettings } from '../bids/settings.ts';
import { wordsSettings } from '../copywriter/settings.ts';
import { tableShiftSettings } from '../features/tableShift.ts';
import { audienceSettings, callSettings, campaignSettings } from '../marketing/campaigns/settings.ts';
import { recommendationSettings } from '../marketing/recommend/settings.ts';
import { stockSettings } from '../marketing/stock/settings.ts';
import { purchaseSettings } from '../models/purchaseSettings.ts';
import { valueSettings } from '../value/settings.ts';
import { orderSettings } from './history/settings.ts';

/** What one run may take: of more, its uploads are refused with a word on which limit, and by how much. */
const limitSettings = z.strictObject({
  /** Of all its files together, as they are uploaded. */
  maxBytes: z._default(z.int().check(z.minimum(1)), 20_000_000_000),
  maxRows: z._default(z.int().check(z.minimum(1)), 200_000_000),
  /** From its first invocation on, where it is handed over from one to the next. */
  maxSeconds: z._default(z.int().check(z.minimum(60)), 43_200),
});

/** The part that says what is learnt from `training/`. */
const trainingSettings = z.strictObject({
  /** More rows of one customer are left out, so that nobody alone makes the model. */
  maxRowsPerCustomer: z._default(z.int().check(z.minimum(1)), 100),
  drift: z._default(tableShiftSettings, tableShiftSettings.parse({})),
});

/** The part that says when a table of ads is learnt from at once. */
const adSettings = z.strictObject({
  drift: z._default(tableShiftSettings, tableShiftSettings.parse({})),
});

/**
 * `settings.json` in the uploads bucket: everything a shop may choose, each with its default. A field we do not know is an
 * error, so that a misspelt one cannot be ignored in silence.
 */
export const settingsSchema = z.strictObject({
  /** ISO 4217 code of every amount in the uploads. */
  currency: z._default(
    z.string().check(z.regex(/^[A-Z]{3}$/, 'must be a three-letter ISO 4217 code such as EUR or CNY')),
    'USD',
  ),
  /** IANA name; it decides where a day begins. */
  timeZone: z._default(
    z.string().check(z.refine(isTimeZone, 'must be an IANA time zone such as Asia/Shanghai')),
    'UTC',
  ),
  /** The purchase model answers: who buys within so many days. */
  horizonDays: z._default(z.int().check(z.minimum(1), z.maximum(365)), 30),
  /** Above this share of bad rows a file is rejected. */
  maxBadRowShare: z._default(z.number().check(z.minimum(0), z.maximum(1)), 0.05),
  /** Seed of every random draw, so that the same upload gives the same result. */
  seed: z._default(z.int().check(z.minimum(0), z.maximum(2 ** 31 - 1)), 42),
  /** Superseded runs that stay readable, for cursors and for going back. */
  keepRuns: z._default(z.int().check(z.minimum(1), z.maximum(30)), 3),
  /** The table is found by keyed hashes of ids, and only the functions can read its pages. */
  hashIds: z._default(z.boolean(), false),
  limits: z._default(limitSettings, limitSettings.parse({})),
  training: z._default(trainingSettings, trainingSettings.parse({})),
  ads: z._default(adSettings, adSettings.parse({})),
  orders: z._default(orderSettings, orderSettings.parse({})),
  purchase: z._default(purchaseSettings, purchaseSettings.parse({})),
  value: z._default(valueSettings, valueSettings.parse({})),
  bids: z._default(bidSettings, bidSettings.parse({})),
  words: z._default(wordsSettings, wordsSettings.parse({})),
  campaigns: z._default(campaignSettings, campaignSettings.parse({})),
  calls: z._default(callSettings, callSettings.parse({})),
  audiences: audienceSettings,
  recommendations: z._default(recommendationSettings, recommendationSettings.parse({})),
  stock: z._default(stockSettings, stockSettings.parse({})),
});
export type Settings = z.infer<typeof settingsSchema>;

/** `zod/mini` has no words of its own. */
const { localeError: inEnglish } = en();

export interface SettingsProblem {
  /** Where in the file, as `value.weights.spend`; empty for the file as a whole. */
  path: string;
  message: string;
}

export type ParsedSettings = { ok: true; settings: Settings } | { ok: false; problems: SettingsProblem[] };

/** No file at all means the defaults. */
export function parseSettings(text: string | null): ParsedSettings {
  if (text === null) return { ok: true, settings: settingsSchema.parse({}) };
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const message = `settings.json is not JSON: ${error instanceof Error ? error.message : String(error)}`;
    return { ok: false, problems: [{ path: '', message }] };
  }
  const parsed = settingsSchema.safeParse(value, { error: inEnglish });
  if (parsed.success) return { ok: true, settings: parsed.data };
  return { ok: false, problems: parsed.error.issues.flatMap(problemsOf) };
}

function problemsOf(issue: z.core.$ZodIssue): SettingsProblem[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path.join('.'), message: issue.message }];
  return issue.keys.map((key) => ({
    path: [...issue.path, key].join('.'),
    message: 'is not a setting; docs/settings.md lists them all',
  }));
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
