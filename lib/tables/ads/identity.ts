import { idFault, textOf } from '../cells/texts.ts';
import type { AdNames } from './adRows.ts';
import type { AdField } from './fields.ts';
import type { AdLayout } from './layout.ts';
import type { AdPlatform } from './profiles.ts';

/** Longer names are no names of ads; the parts of one may each be long. */
const longestId = 512;

/**
 * Tells which ad a row is about: by the ad's own id where the table has one, else by the ids or names of what is bid on:
 * the keyword, else the ad group, else the campaign. Where there is none of them, by file and row number.
 */
export class AdIdentity {
  readonly #layout: AdLayout;
  readonly #file: string;
  readonly #copies = new Map<string, string>();

  constructor(layout: AdLayout, key: string) {
    this.#layout = layout;
    this.#file = key.slice(key.indexOf('/') + 1);
  }

  /** Whether rows are named by file and row number. */
  get synthetic(): boolean {
    return levelFields.every((field) => this.#layout.at[field] < 0);
  }

  /** The names of a row's ad, or the column at fault and why. */
  namesOf(cells: readonly string[], rowNumber: number): AdNames | { field: AdField; reason: string } {
    const text = (field: AdField) => this.#text(cells, field);
    const names = {
      platform: this.#layout.profile?.platform ?? platformOf(text('platform')),
      campaign: text('campaign') ?? text('campaignId'),
      campaignId: text('campaignId'),
      adGroup: text('adGroup') ?? text('adGroupId'),
      adGroupId: text('adGroupId'),
      keyword: text('keyword'),
      // Microsoft writes [82945799304067], lest a spreadsheet rounds it
      keywordId: text('keywordId')?.replace(/^\[(\d+)\]$/, '$1') ?? null,
      matchType: text('matchType'),
      entity: text('entity'),
    };
    if (this.synthetic) return { id: `${this.#file}:${rowNumber}`, ...names };
    for (const field of idFields) {
      const fault = idFault(text(field) ?? '');
      if (fault !== null) return { field, reason: fault };
    }
    const id = this.#layout.at.adId >= 0 ? text('adId') : this.#idOf(names);
    const field = levelFields.find((level) => this.#layout.at[level] >= 0) ?? 'campaign';
    if (id === null) return { field, reason: 'the id is empty' };
    if (id.length > longestId) return { field, reason: `the id is longer than ${longestId} characters` };
    return { id: this.#copy(id), ...names };
  }

  /** A segment or a device, as it stands. */
  textOf(cells: readonly string[], field: AdField): string | null {
    return this.#text(cells, field);
  }

  #idOf({
    campaign,
    campaignId,
    adGroup,
    adGroupId,
    keyword,
    keywordId,
    matchType,
  }: Omit<AdNames, 'id'>): string | null {
    const { at } = this.#layout;
    if (at.keyword >= 0 || at.keywordId >= 0) {
      if (keywordId !== null) return adGroupId === null ? keywordId : `${adGroupId}~${keywordId}`;
      return path([campaign, adGroup, keyword, keyword === null ? null : matchType]);
    }
    if (at.adGroup >= 0 || at.adGroupId >= 0) return adGroupId ?? path([campaign, adGroup]);
    return campaignId ?? campaign;
  }

  #text(cells: readonly string[], field: AdField): string | null {
    const index = this.#layout.at[field];
    if (index < 0) return null;
    const text = textOf(cells[index] ?? '');
    return text === null || /^-+$/.test(text) ? null : this.#copy(text);
  }

  /** One copy of each text, as a cell may hold on to the whole piece of the file that it was cut from. */
  #copy(text: string): string {
    const known = this.#copies.get(text);
    if (known !== undefined) return known;
    const copy = Buffer.from(text).toString();
    this.#copies.set(copy, copy);
    return copy;
  }
}

const levelFields = [
  'adId',
  'keywordId',
  'keyword',
  'adGroupId',
  'adGroup',
  'campaignId',
  'campaign',
] as const;
const idFields = ['adId', 'keywordId', 'adGroupId', 'campaignId'] as const;

/** `Brand › Shoes › red shoes › Exact`; the sign between the names is doubled where a name has it. */
function path(parts: readonly (string | null)[]): string | null {
  const named = parts.filter((part) => part !== null);
  return named.length === 0 ? null : named.map((part) => part.replaceAll('›', '››')).join(' › ');
}

const platforms: readonly [RegExp, AdPlatform][] = [
  [/google|adwords|谷歌/i, 'google'],
  [/microsoft|bing/i, 'microsoft'],
  [/amazon|亚马逊/i, 'amazon'],
  [/meta|facebook|instagram/i, 'meta'],
  [/巨量|千川|抖音|ocean/i, 'oceanEngine'],
  [/直通车|万相台|阿里妈妈|alimama/i, 'alimama'],
];
const platformOf = (word: string | null): AdPlatform | null =>
  word === null ? null : (platforms.find(([pattern]) => pattern.test(word))?.[1] ?? null);
