import type { WriterName } from '../lib/copywriter/settings.ts';
import { templateWriter, type Writer } from '../lib/copywriter/writer.ts';
import type { Fallback } from '../lib/copywriter/writeWords.ts';
import { parseSettings, type Settings, settingsSchema } from '../lib/pipeline/settings.ts';
import { type Objects, readText } from '../lib/store/objects.ts';
import type { ModelEnvironment } from './wiring/apiWiring.ts';

/** What the words go by at this moment: settings.json, or the defaults where it cannot be used. */
export async function readSettings(objects: Objects, bucket: string): Promise<WordsSettingsRead> {
  const parsed = await readText(objects, { bucket, key: 'settings.json' }).then(parseSettings, () => null);
  if (parsed?.ok) return { settings: parsed.settings, problem: null };
  return { settings: settingsSchema.parse({}), problem: parsed === null ? unreadSettings : badSettings };
}

export interface WordsSettingsRead {
  settings: Settings;
  problem: Fallback | null;
}

const badSettings: Fallback = {
  code: 'badSettings',
  message: 'settings.json is not as docs/settings.md describes it; GET /runs says where',
};
const unreadSettings: Fallback = { code: 'badSettings', message: 'settings.json could not be read' };

/** The writer of this name, or why there is none. Its client is loaded here, so that templates need not wait for it. */
export async function makeWriter(
  name: WriterName,
  environment: ModelEnvironment,
): Promise<Writer | Fallback> {
  if (name === 'bedrock') return makeBedrock(environment);
  return name === 'openAi' ? makeOpenAi(environment) : templateWriter;
}

async function makeBedrock(environment: ModelEnvironment): Promise<Writer | Fallback> {
  const modelId = environment.BEDROCK_INFERENCE_PROFILE || environment.BEDROCK_MODEL;
  if (modelId === '') return notConfigured('bedrockModel');
  const { bedrockWriter } = await import('../lib/copywriter/adapters/bedrock.ts');
  const { BEDROCK_GUARDRAIL: id, BEDROCK_GUARDRAIL_VERSION: version, BEDROCK_OUTPUT: output } = environment;
  return bedrockWriter({ modelId, output, guardrail: id === '' ? null : { id, version } });
}

async function makeOpenAi(environment: ModelEnvironment): Promise<Writer | Fallback> {
  const { OPENAI_URL: baseUrl, OPENAI_MODEL: model, OPENAI_OUTPUT: output } = environment;
  if (baseUrl === '' || model === '') return notConfigured('openAiUrl and openAiModel');
  const [{ openAiWriter }, { parameterKeyStore }] = await Promise.all([
    import('../lib/copywriter/adapters/openAi.ts'),
    import('../lib/copywriter/adapters/keyStore.ts'),
  ]);
  const { OPENAI_KEY_PARAMETER: parameter, OPENAI_KEY_SECRET: secret } = environment;
  const keyName = secret === '' ? parameter : `/aws/reference/secretsmanager/${secret}`;
  return openAiWriter({ baseUrl, model, output, key: keyName === '' ? null : parameterKeyStore(keyName) });
}

const notConfigured = (parameters: string): Fallback => ({
  code: 'notConfigured',
  message: `this deployment names no such model: its parameters ${parameters} are empty`,
});
