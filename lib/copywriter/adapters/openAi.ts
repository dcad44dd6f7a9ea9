import * as z from 'zod/mini';
import { parseDraft } from '../parseDraft.ts';
import { type Writer, WriterFailed, type WritingRequest } from '../writer.ts';
import { failureOf } from './failure.ts';
import type { KeyStore } from './keyStore.ts';

export interface OpenAiOptions {
  /** What stands before `/v1/chat/completions`. */
  baseUrl: string;
  model: string;
  /** `jsonObject` for servers that know no schemas. */
  output: 'jsonSchema' | 'jsonObject';
  /** Null for a server that asks for no key. */
  key: KeyStore | null;
}

const answerSchema = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.optional(z.nullable(z.string())),
        message: z.object({
          content: z.optional(z.nullable(z.string())),
          refusal: z.optional(z.nullable(z.string())),
        }),
      }),
    )
    .check(z.minLength(1)),
  usage: z.optional(z.nullable(z.object({ total_tokens: z.optional(z.number()) }))),
});

const server = 'the model’s server';

/** Any server of OpenAI's chat completions: Ollama, vLLM, DeepSeek, Qwen and others. Sent once, to this address alone. */
export function openAiWriter({ baseUrl, model, output, key }: OpenAiOptions): Writer {
  return {
    name: 'openAi',
    model,
    write: async (request) => {
      const url = chatUrl(baseUrl);
      const body = JSON.stringify({
        model,
        stream: false,
        ...lengthLimit(url, request),
        ...chat(request, output),
      });
      const signal = AbortSignal.timeout(request.timeoutMs);
      const answer = parseAnswer(await post(url, { body, signal, key }));
      const tokens = answer.usage?.total_tokens ?? null;
      const [{ message, finish_reason: ended }] = answer.choices as [(typeof answer.choices)[number]];
      if (ended === 'length')
        throw new WriterFailed('cutOff', 'the model’s answer was cut off (words.maxTokens)', tokens);
      if (ended === 'content_filter' || message.refusal)
        throw new WriterFailed('refused', 'the model declined to answer', tokens);
      return { draft: parseDraft(message.content ?? '', { fields: request.task.fields, tokens }), tokens };
    },
  };
}

function chatUrl(baseUrl: string): URL {
  const root = baseUrl.endsWith('/') ? baseUrl.slice(0, -1) : baseUrl;
  const address = `${root.endsWith('/v1') ? root : `${root}/v1`}/chat/completions`;
  const url = URL.canParse(address) ? new URL(address) : null;
  const isThisMachine = url !== null && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isThisMachine)) return url;
  throw new WriterFailed('notConfigured', 'the address of the model’s server (openAiUrl) must be https', 0);
}

/** OpenAI's own newer models refuse the name that everybody else's servers know. */
const lengthLimit = (url: URL, { maxTokens }: WritingRequest) =>
  url.hostname === 'api.openai.com' ? { max_completion_tokens: maxTokens } : { max_tokens: maxTokens };

const chat = ({ prompt: { system, user, schema } }: WritingRequest, output: OpenAiOptions['output']) => ({
  messages: [
    { role: 'system', content: system },
    { role: 'user', content: user },
  ],
  response_format:
    output === 'jsonObject'
      ? { type: 'json_object' }
      : { type: 'json_schema', json_schema: { name: 'texts', strict: true, schema } },
});

/** The answer's text. */
async function post(
  url: URL,
  { body, signal, key }: { body: string; signal: AbortSignal; key: KeyStore | null },
): Promise<string> {
  const secret = await key?.read();
  const headers = {
    'content-type': 'application/json',
    ...(secret !== undefined && { authorization: `Bearer ${secret}` }),
  };
  try {
    // a redirection would carry key and facts to another server
    const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'error' });
    if (response.ok) return await textWithin(response);
    await response.body?.cancel();
    if (response.status === 429)
      throw new WriterFailed('throttled', `${server} takes no more requests at the moment`, 0);
    if (response.status === 401 || response.status === 403) key?.forget();
    throw new WriterFailed(
      'failed',
      `${server} answered ${response.status}`,
      response.status < 500 ? 0 : null,
    );
  } catch (error) {
    throw failureOf(error, server);
  }
}

const maxAnswerBytes = 1_000_000;

async function textWithin({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxAnswerBytes) throw new WriterFailed('malformed', `${server} did not stop answering`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function parseAnswer(text: string): z.infer<typeof answerSchema> {
  try {
    return answerSchema.parse(JSON.parse(text));
  } catch {
    throw new WriterFailed('malformed', `what ${server} answered was no chat completion`);
  }
}
