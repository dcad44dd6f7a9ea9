import * as z from 'zod/mini';
import { folderNames } from '../../lib/tables/recognise.ts';
import { ofRun } from './ofRun.ts';

/** What the routes for files take and give. */

/** What S3 takes in one request. */
export const maxUploadBytes = 5 * 1024 ** 3;
/** Header and a few rows, of any encoding; base64 makes four thirds of it. */
const maxHeadCharacters = 200_000;

const folder = z.enum(folderNames).check(z.describe('Folder of the uploads bucket.'));

export const uploadRequestSchema = z.strictObject({
  fileName: z
    .string()
    .check(
      z.minLength(1),
      z.maxLength(200),
      z.describe('As it is on the disk of who uploads; .csv or .csv.gz.'),
    ),
  sizeBytes: z.int().check(z.minimum(1), z.maximum(maxUploadBytes)),
  head: z
    .string()
    .check(
      z.maxLength(maxHeadCharacters),
      z.regex(/^[A-Za-z0-9+/]*={0,2}$/, 'must be base64'),
      z.describe('The first bytes of the table in base64, unzipped: enough for the column names.'),
    ),
  folder: z.optional(
    folder.check(z.describe('Where it is to go; the one that fits best when this is left out.')),
  ),
});

export const uploadSchema = z.object({
  folder: z
    .nullable(folder)
    .check(z.describe('The one asked for, or the one that fits best; null where the table fits none.')),
  readings: z
    .array(
      z.object({
        folder,
        layout: z.nullable(z.string()).check(z.describe('The system whose export it was recognised as.')),
        columns: z.array(
          z.object({
            header: z.string(),
            readAs: z.nullable(z.string()).check(z.describe('Null for a column that is not used.')),
          }),
        ),
        problem: z.nullable(z.string()).check(z.describe('Why it could not be read there, and what to do.')),
        needs: z
          .nullable(z.literal('orderReport'))
          .check(
            z.describe(
              'What else has to be in the folder for it to be read: of an item report (宝贝报表) the order report (订单报表).',
            ),
          ),
      }),
    )
    .check(z.describe('How each folder would read the table.')),
  upload: z
    .nullable(
      z.object({
        key: z.string(),
        replaces: z
          .boolean()
          .check(z.describe('Whether a file of this name is there, which this one would take the place of.')),
        method: z.literal('PUT'),
        url: z.string().check(z.describe('Takes exactly these bytes, of exactly this size and type.')),
        headers: z.record(z.string(), z.string()),
        expiresAt: z.string(),
      }),
    )
    .check(z.describe('Where to put the file; null without a folder.')),
});

export const fileListSchema = z.object({
  files: z.array(
    z.object({
      key: z.string().check(z.describe('In the results bucket.')),
      dataset: z.string(),
      ...ofRun,
    }),
  ),
});

export const fileSchema = z.object({
  key: z.string(),
  url: z.string().check(z.describe('Where it can be had, for a short while, by whoever has the address.')),
  expiresAt: z.string(),
});
