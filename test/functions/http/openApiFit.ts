import { expect } from 'vitest';
import type { Answer } from './localApi.ts';
import { misfits } from './misfits.ts';

/** Expects status, type and body of an answer to be among those that the document gives for an operation. */
export function expectToFit(method: string, path: string, answer: Answer): void {
  expect(misfits(method, path, answer), answer.text.slice(0, 500)).toEqual([]);
}
