import * as z from 'zod/mini';

/** What a manifest says of a lookup, for its readers. */
export const lookupExtentSchema = z.object({
  buckets: z.number(),
  /** It is found by keyed hashes of the ids. */
  isHashed: z.optional(z.boolean()),
});
export type LookupExtent = z.infer<typeof lookupExtentSchema>;
