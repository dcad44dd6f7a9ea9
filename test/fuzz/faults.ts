import type { Answer } from '../functions/http/localApi.ts';
import { misfits, problemMisfits } from '../functions/http/misfits.ts';
import type { FuzzRequest } from './requests.ts';

/** What no answer may be, whatever the request was. */
export function faultsOf(request: FuzzRequest, answer: Answer): string[] {
  const { status, text } = answer;
  const all = text + JSON.stringify(answer.headers);
  return [
    ...(status >= 500 || status < 200 ? [`answers ${status}`] : []),
    ...(traces.test(all) ? ['tells of our code'] : []),
    ...(status >= 400 ? echoes(request, all) : []),
    ...shapeFaults(request, answer),
  ];
}

/** A line of a stack, a place in our files, or an error's own words. */
const traces =
  /\n\s+at |\bat [\w.<>]+ \(|node_modules|node:internal|\.[cm]?[jt]s:\d|\b(?:Type|Range|Syntax|Reference)Error\b|Exception\b/;

/** A refusal says what is understood, never what came. */
function echoes({ path, query, body, headers, method }: FuzzRequest, text: string): string[] {
  if (/secret|example\.com|__proto__/.test(text)) return ['repeats what was sent'];
  const sent = [...Object.values(headers), ...query.map(([, value]) => value), method];
  const whole = sent.filter((value) => value.length > 12 && text.includes(value));
  if (path.length > 40 && text.includes(path)) whole.push(path);
  if (body !== null && body.length > 12 && text.includes(body)) whole.push(body);
  return whole.map((value) => `repeats ${JSON.stringify(value.slice(0, 60))}`);
}

function shapeFaults({ method, operation }: FuzzRequest, answer: Answer): string[] {
  if (method === 'HEAD' || answer.status === 204)
    return answer.text === '' ? [] : [`${method} is answered with a body`];
  if (operation !== null && method === operation.method) return misfits(method, operation.path, answer);
  return answer.status >= 400 ? problemMisfits(answer) : [];
}
