import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type Problem, problemBody } from './problem.ts';

type Result = APIGatewayProxyStructuredResultV2;

export const jsonResult = (answer: unknown): Result => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json', ...always },
  body: JSON.stringify(answer),
});

/** 302: the address lives for a short while, so it is to be asked for again. */
export const redirectResult = (answer: unknown, url: string): Result => ({
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
