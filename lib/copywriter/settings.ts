import * as z from 'zod/mini';

export const writerNameSchema = z.enum(['template', 'bedrock', 'openAi']);
export type WriterName = z.infer<typeof writerNameSchema>;

export const languageSchema = z.enum(['en', 'zh']);
export type Language = z.infer<typeof languageSchema>;

/**
 * The part of settings.json that says who writes. Which model, and at which address, is the deployment's to say: whoever may upload
 * a file must not be able to send the shop's figures, or its key, to a server of their choice.
 */
export const wordsSettings = z.strictObject({
  writer: z._default(writerNameSchema, 'template'),
  /** Of texts for which a request names none. */
  language: z._default(languageSchema, 'en'),
  /** Longest answer that a model may give. */
  maxTokens: z._default(z.int().check(z.minimum(200), z.maximum(8000)), 1500),
  /** Tokens of all prompts and answers in a day (UTC); 0 asks no model. */
  dailyTokens: z._default(z.int().check(z.minimum(0), z.maximum(1_000_000_000)), 200_000),
  /** For one answer of a model; there are at most two. */
  timeoutSeconds: z._default(z.number().check(z.gt(0), z.maximum(12)), 10),
});
export type WordsSettings = z.infer<typeof wordsSettings>;
