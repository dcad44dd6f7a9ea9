import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type Problem, problemBody } from './problem.ts';

type Result = APIGatewayProxyStructuredResultV2;

export const jsonResult = (answer: object): Result => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json', ...always },
  body: jsonText(answer),
});

/** As JSON.stringify; what a field yields is written piece by piece, so that none of it stays longer than its text needs. */
function jsonText(answer: object): string {
  if (!Object.values(answer).some(isYielding)) return JSON.stringify(answer);
  const pieces: string[] = [];
  for (const [name, value] of Object.entries(answer)) {
    if (value === undefined) continue;
    pieces.push(`${pieces.length === 0 ? '{' : ','}${JSON.stringify(name)}:`);
    if (isYielding(value)) pushListInPlace(pieces, value);
    else pieces.push(JSON.stringify(value));
  }
  return pieces.concat('}').join('');
}

function pushListInPlace(pieces: string[], entries: Iterable<unknown>): void {
  let before = '[';
  for (const entry of entries) {
    pieces.push(before, JSON.stringify(entry));
    before = ',';
  }
  pieces.push(before === '[' ? '[]' : ']');
}

const isYielding = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Symbol.iterator in value;

/** 302: the address lives for a short while, so it is to be asked for again. */
export const redirectResult = (answer: object, url: string): Result => ({
  ...jsonResult(answer),
  statusCode: 302,
  headers: { 'content-type': 'application/json', ...always, location: url },
});

export const problemResult = (problem: Problem): Result => ({
  statusCode: problem.status,
  headers: { 'content-type': 'application/problem+json', ...always, ...problem.headers },
  body: JSON.stringify(problemBody(problem)),
});

export const noContent = (headers: Record<string, string>): Result => ({
  statusCode: 204,
  headers: { ...always, ...headers },
});

export const withoutBody = ({ body: _, ...result }: Result): Result => result;

/** Answers are about customers and change with every run, so nobody on the way may keep them. */
const always = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
