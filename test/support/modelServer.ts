import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readBody } from 'node:stream/consumers';

/**
 * Amazon Bedrock's Converse, OpenAI's chat completions and Parameter Store on one port of this machine, as their servers are on a good
 * day and on a bad one. What is answered, a test decides.
 */
export interface ModelServer {
  url: string;
  /** Every request for a text, in order. */
  asked: Asked[];
  /** Names of parameters that were read. */
  parameters: string[];
  /** What becomes of requests from now on. */
  behave(decide: (asked: Asked) => Behaviour): void;
  close(): Promise<void>;
}

export interface Asked {
  protocol: Protocol;
  model: string;
  system: string;
  /** The request for a text, parsed: `fields`, `facts` and the like. */
  task: Question;
  maxTokens: number;
  authorization: string | undefined;
  /** As it came. */
  body: Record<string, unknown>;
}

export type Protocol = 'bedrock' | 'openAi';

export interface Question {
  task: string[];
  fields: { name: string; purpose: string; maxCharacters: number }[];
  facts: { placeholder: string; meaning: string; value?: string; mustStandInEveryVariant?: true }[];
  yourLastAnswerWasRejectedBecause?: string[];
}

export type Behaviour =
  | { fields: Record<string, unknown> }
  /** What the model says where JSON is expected. */
  | { says: string }
  | { status: number }
  /** Bytes that are no answer of the protocol. */
  | { raw: string }
  | 'slow'
  | 'cutOff'
  | 'brokenConnection'
  | 'refusal';

/** Of every answer. */
export const tokensPerAnswer = 400;
export const storedKey = 'sk-test-0123456789';

export async function startModelServer(): Promise<ModelServer> {
  const asked: Asked[] = [];
  const parameters: string[] = [];
  let decide: (asked: Asked) => Behaviour = () => ({ status: 500 });
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = JSON.parse(await readBody(request));
    if (request.headers['x-amz-target'] === 'AmazonSSM.GetParameter') {
      parameters.push(body.Name);
      sendJson(response, 200, {
        Parameter: { Name: body.Name, Type: 'SecureString', Value: storedKey },
      });
      return;
    }
    const one =
      request.url === '/v1/chat/completions' ? chatRequest(body) : converseRequest(request.url ?? '', body);
    const { authorization } = request.headers;
    asked.push({ ...one, authorization });
    behave(response, asked.at(-1) as Asked, decide);
  };
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    parameters,
    behave: (next) => {
      decide = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a body is whatever JSON came over the wire
function chatRequest(body: any): Omit<Asked, 'authorization'> {
  const [system, user] = body.messages;
  return {
    protocol: 'openAi',
    model: body.model,
    system: system.content,
    task: JSON.parse(user.content),
    maxTokens: body.max_tokens,
    body,
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a body is whatever JSON came over the wire
function converseRequest(url: string, body: any): Omit<Asked, 'authorization'> {
  return {
    protocol: 'bedrock',
    model: decodeURIComponent(/^\/model\/([^/]+)\/converse$/.exec(url)?.[1] ?? ''),
    system: body.system[0].text,
    task: JSON.parse(body.messages[0].content[0].text),
    maxTokens: body.inferenceConfig.maxTokens,
    body,
  };
}

function behave(response: ServerResponse, asked: Asked, decide: (asked: Asked) => Behaviour): void {
  const behaviour = decide(asked);
  const answer = asked.protocol === 'openAi' ? chatAnswer : converseAnswer;
  const send = (said: string, end: End): void => sendJson(response, 200, answer(asked, said, end));
  if (behaviour === 'slow') return;
  if (behaviour === 'brokenConnection') breakConnection(response);
  else if (behaviour === 'cutOff') send('{"subjectA":"Half a te', 'cutOff');
  else if (behaviour === 'refusal') send('', 'refusal');
  else if ('status' in behaviour) sendFailure(response, behaviour.status);
  else if ('raw' in behaviour) sendText(response, 200, behaviour.raw);
  else send('says' in behaviour ? behaviour.says : JSON.stringify(behaviour.fields), 'done');
}

function breakConnection(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 5000 });
  response.write('{"output":{"mess');
  setImmediate(() => response.destroy());
}

type End = 'done' | 'cutOff' | 'refusal';

function chatAnswer({ model }: Asked, content: string, end: End): unknown {
  const finish_reason = { done: 'stop', cutOff: 'length', refusal: 'content_filter' }[end];
  const message =
    end === 'refusal' ? { role: 'assistant', content: null, refusal: 'no' } : { role: 'assistant', content };
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    model,
    choices: [{ index: 0, finish_reason, message }],
    usage: { prompt_tokens: 300, completion_tokens: 100, total_tokens: tokensPerAnswer },
  };
}

function converseAnswer({ body }: Asked, said: string, end: End): unknown {
  const stopReason = { done: 'end_turn', cutOff: 'max_tokens', refusal: 'guardrail_intervened' }[end];
  const usage = { inputTokens: 300, outputTokens: 100, totalTokens: tokensPerAnswer };
  const asTool = body.toolConfig !== undefined && end === 'done';
  const content = asTool
    ? [{ toolUse: { toolUseId: 'tooluse_1', name: 'texts', input: JSON.parse(said) } }]
    : [{ text: said }];
  return {
    output: { message: { role: 'assistant', content } },
    stopReason: asTool ? 'tool_use' : stopReason,
    usage,
    metrics: { latencyMs: 12 },
  };
}

function sendFailure(response: ServerResponse, status: number): void {
  const name = { 429: 'ThrottlingException', 400: 'ValidationException', 403: 'AccessDeniedException' }[
    status
  ];
  response.setHeader('x-amzn-errortype', name ?? 'InternalServerException');
  // what it says of the request is not to be repeated to anybody
  sendJson(response, status, {
    message: 'your prompt was: secret',
    error: { message: 'your prompt was: secret' },
  });
}

const sendJson = (response: ServerResponse, status: number, body: unknown): void =>
  sendText(response, status, JSON.stringify(body));

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(text);
}
