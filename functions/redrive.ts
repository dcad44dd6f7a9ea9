import * as z from 'zod/mini';
import type { LookOptions } from '../lib/pipeline/runIfChanged.ts';

const redriveSchema = z.object({ redrive: z.literal(true) });

/** `{"redrive": true}`, as docs/operations.md has it, asks for a run that is left alone; any other event only says "look again". */
export const lookOptions = (event: unknown): LookOptions => ({
  redrive: redriveSchema.safeParse(event).success,
});
