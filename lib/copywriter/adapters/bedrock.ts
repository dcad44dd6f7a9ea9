import {
  BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  type ConverseCommandOutput,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { parseDraft } from '../parseDraft.ts';
import type { Prompt } from '../prompt.ts';
import { type Writer, WriterFailed, type WritingRequest } from '../writer.ts';
import { failureOf } from './failure.ts';

export interface BedrockOptions {
  /** Id of a model, or of an inference profile. */
  modelId: string;
  /** How the answer is held to its schema: by the API, or as the input of a tool, for models that know tools alone. */
  output: 'jsonSchema' | 'tool';
  guardrail: { id: string; version: string } | null;
}

/** Amazon Bedrock's Converse. The request is sent once: whoever asked has a template to go on with. */
export function bedrockWriter({ modelId, output, guardrail }: BedrockOptions): Writer {
  // This client's own handler keeps HTTP/2 sessions, which do not survive that a function is frozen between requests.
  const requestHandler = new NodeHttpHandler({ connectionTimeout: 2000 });
  const client = new BedrockRuntimeClient({ maxAttempts: 1, requestHandler });
  return {
    name: 'bedrock',
    model: guardrail === null ? modelId : `${modelId} guardrail ${guardrail.id} ${guardrail.version}`,
    write: async (request) => {
      const input = converseInput(request, { modelId, output, guardrail });
      const answer = await send(client, input, request.timeoutMs);
      const tokens = answer.usage?.totalTokens ?? null;
      refuseUnfinished(answer, tokens);
      return { draft: parseDraft(textOf(answer), { fields: request.task.fields, tokens }), tokens };
    },
  };
}

const converseInput = (
  { prompt, maxTokens }: WritingRequest,
  { modelId, output, guardrail }: BedrockOptions,
): ConverseCommandInput => ({
  modelId,
  system: [{ text: prompt.system }],
  messages: [{ role: 'user', content: [{ text: prompt.user }] }],
  inferenceConfig: { maxTokens },
  ...(output === 'tool'
    ? { toolConfig: toolFor(prompt) }
    : { outputConfig: { textFormat: formatFor(prompt) } }),
  ...(guardrail && {
    guardrailConfig: { guardrailIdentifier: guardrail.id, guardrailVersion: guardrail.version },
  }),
});

const answerName = 'texts';

const toolFor = ({ schema }: Prompt): NonNullable<ConverseCommandInput['toolConfig']> => ({
  tools: [
    {
      toolSpec: {
        name: answerName,
        description: 'Takes the texts that were asked for',
        inputSchema: { json: schema as never },
      },
    },
  ],
  toolChoice: { tool: { name: answerName } },
});

const formatFor = ({
  schema,
}: Prompt): NonNullable<NonNullable<ConverseCommandInput['outputConfig']>['textFormat']> => ({
  type: 'json_schema',
  structure: { jsonSchema: { name: answerName, schema: JSON.stringify(schema) } },
});

async function send(
  client: BedrockRuntimeClient,
  input: ConverseCommandInput,
  timeoutMs: number,
): Promise<ConverseCommandOutput> {
  try {
    return await client.send(new ConverseCommand(input), { abortSignal: AbortSignal.timeout(timeoutMs) });
  } catch (error) {
    throw failureOf(error, 'Amazon Bedrock');
  }
}

const cutOff = ['max_tokens', 'model_context_window_exceeded'];
const refusals = ['content_filtered', 'guardrail_intervened', 'refusal'];

function refuseUnfinished(
  { stopReason = 'end_turn' }: Pick<ConverseCommandOutput, 'stopReason'>,
  tokens: number | null,
): void {
  if (cutOff.includes(stopReason))
    throw new WriterFailed('cutOff', 'the model’s answer was cut off (words.maxTokens)', tokens);
  if (refusals.includes(stopReason))
    throw new WriterFailed('refused', 'the model, or the guardrail before it, declined to answer', tokens);
}

function textOf({ output }: ConverseCommandOutput): string {
  const content = output?.message?.content ?? [];
  const tool = content.find(({ toolUse }) => toolUse?.name === answerName)?.toolUse;
  return tool === undefined ? content.map(({ text }) => text ?? '').join('') : JSON.stringify(tool.input);
}
