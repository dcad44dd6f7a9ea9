import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { WriterFailed } from '../writer.ts';

/** The key of a model's server: read when it is first needed, and kept in memory alone. */
export interface KeyStore {
  /** Throws `WriterFailed`. */
  read(): Promise<string>;
  /** The server did not accept it: it may have been replaced since it was read. */
  forget(): void;
}

/**
 * A SecureString of Parameter Store, or by the name `/aws/reference/secretsmanager/<name>` a secret of Secrets Manager, which
 * Parameter Store hands out too (AWS Systems Manager user guide, "Referencing AWS Secrets Manager secrets").
 */
export function parameterKeyStore(name: string): KeyStore {
  const client = new SSMClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 2000 },
  });
  let known: string | null = null;
  return {
    read: async () => (known ??= await readParameter(client, name)),
    forget: () => {
      known = null;
    },
  };
}

async function readParameter(client: SSMClient, name: string): Promise<string> {
  const { Parameter } = await client
    .send(new GetParameterCommand({ Name: name, WithDecryption: true }))
    .catch(() => ({ Parameter: undefined }));
  const key = Parameter?.Value?.trim() ?? '';
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new WriterFailed(
    'noKey',
    'the key of the model’s server could not be read: docs/operations.md says where it belongs',
    0,
  );
}
