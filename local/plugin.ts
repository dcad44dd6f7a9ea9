import { join } from 'node:path';
import type { Offline } from './offline.ts';
import { parseService, type Service } from './service.ts';
import type { LocalSettings } from './settings.ts';
import { serveTenantsInPlace } from './tenants.ts';

/**
 * Our part of the `serverless` command: `package` and `deploy` get one bundle per function, `offline start` gets the
 * local cloud around the HTTP API, `invoke local` gets the bundles and the local cloud's addresses. What a command
 * does not need is not loaded.
 */
export class ValuecastPlugin {
  readonly hooks: Record<string, () => void | Promise<void>>;
  readonly #serverless: Serverless;
  readonly #options: Record<string, unknown>;
  readonly #log: (line: string) => void;
  #offline: Offline | null = null;

  constructor(serverless: Serverless, options: Record<string, unknown>, utils: FrameworkUtilities) {
    this.#serverless = serverless;
    this.#options = options;
    this.#log = (line) => utils.log.notice(line);
    this.hooks = {
      initialize: () => {
        this.#serveTenants();
        return this.#prepareLocalInvocation();
      },
      'before:package:createDeploymentArtifacts': () => this.#packageFunctions(),
      'before:deploy:function:packageFunction': () => this.#packageFunctions(),
      'before:offline:start': () => {
        throw this.#error('Use `serverless offline start`: only that stops the local cloud properly.');
      },
      'before:offline:start:init': () => this.#startOffline(),
      'after:offline:start:init': () => this.#announce(),
      'before:offline:start:end': () => this.#stopOffline(),
    };
  }

  #serveTenants(): void {
    const { provider } = this.#serverless.service;
    if (String(provider.environment.TENANT_CLAIM ?? '') === '') return;
    if (Object.keys(provider.httpApi?.authorizers ?? {}).length === 0)
      throw this.#error('tenantClaim names a claim of a token: it goes with callers=jwt.');
    serveTenantsInPlace(this.#serverless.service);
  }

  async #packageFunctions(): Promise<void> {
    const { bundleFunctions, codeVersion, zipFunction } = await import('./bundle.ts');
    const directory = this.#serverless.serviceDir;
    const [bundles, version] = await Promise.all([
      this.#explained(bundleFunctions(directory, this.#service())),
      codeVersion(directory),
    ]);
    this.#serverless.service.provider.environment.CODE_VERSION = version;
    for (const bundle of bundles) {
      const artifact = join(directory, '.serverless', `${bundle.functionName}.zip`);
      const { bytes } = await this.#explained(zipFunction(directory, bundle, artifact));
      const definition = this.#serverless.service.functions[bundle.functionName];
      if (definition) definition.package = { ...definition.package, artifact };
      this.#log(`${bundle.functionName}.zip ${Math.ceil(bytes / 1024)} KiB`);
    }
  }

  async #prepareLocalInvocation(): Promise<void> {
    if (this.#serverless.processedInput.commands.join(' ') !== 'invoke local') return;
    const { bundleFunctions } = await import('./bundle.ts');
    const { assertUp } = await import('./ports.ts');
    const settings = await this.#settings();
    await this.#explained(assertUp(settings));
    await this.#explained(bundleFunctions(this.#serverless.serviceDir, this.#invoked()));
    this.#serverless.service.provider.environment = await this.#useLocalEnvironment(settings);
    for (const definition of Object.values(this.#serverless.service.functions))
      definition.handler = `.build/${definition.handler}`;
  }

  /** The service with the one function that is asked for; with all where that is left to the framework to refuse. */
  #invoked(): Service {
    const service = this.#service();
    const name = String(this.#options.function ?? this.#options.f ?? '');
    const asked = service.functions[name];
    return asked ? { ...service, functions: { [name]: asked } } : service;
  }

  async #startOffline(): Promise<void> {
    const { startOffline } = await import('./offline.ts');
    const { writeWeb, webFolder } = await import('./web-build.ts');
    const { webFunction } = await import('./web-function.ts');
    const { assertMayAskNobody } = await import('./no-auth.ts');
    const { service, serviceDir } = this.#serverless;
    // before our own settings of AWS's variables
    await this.#explained(
      Promise.resolve(service.custom['serverless-offline']).then((offline) =>
        assertMayAskNobody(process.env, { host: String(offline?.host) }),
      ),
    );
    const settings = await this.#settings();
    const environment = await this.#useLocalEnvironment(settings);
    await this.#explained(writeWeb(serviceDir, webFolder(serviceDir)));
    const name = `${service.service}-${service.provider.stage}-web`;
    service.functions.web = { name, ...webFunction, events: structuredClone(webFunction.events) };
    service.provider.environment = environment;
    service.custom['serverless-offline'] = {
      ...service.custom['serverless-offline'],
      httpPort: settings.httpPort,
      lambdaPort: settings.lambdaPort,
    };
    keepRunning(this.#log);
    this.#offline = await this.#explained(
      startOffline({
        directory: this.#serverless.serviceDir,
        service: this.#service(),
        settings,
        environment,
        log: this.#log,
        onActivity: (pending) => tellParent({ kind: 'pending', pending }),
      }),
    );
  }

  #announce(): void {
    this.#offline?.sweep();
    tellParent({ kind: 'ready' });
    // Whoever started us is gone: so are we, through the same door as with Ctrl-C.
    if (process.connected) process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  }

  async #stopOffline(): Promise<void> {
    setTimeout(() => process.exit(0), 2500).unref();
    await this.#offline?.stop();
  }

  #service(): Service {
    return parseService(this.#serverless.service);
  }

  async #settings(): Promise<LocalSettings> {
    const { readSettings } = await import('./settings.ts');
    const { httpPort, lambdaPort } = this.#options;
    return readSettings({
      ...process.env,
      ...(httpPort !== undefined && { VALUECAST_HTTP_PORT: String(httpPort) }),
      ...(lambdaPort !== undefined && { VALUECAST_LAMBDA_PORT: String(lambdaPort) }),
    });
  }

  /** Also sets it for this process: no command that comes here may ever reach AWS. */
  async #useLocalEnvironment(settings: LocalSettings): Promise<Record<string, string>> {
    const { codeVersion } = await import('./bundle.ts');
    const { functionEnvironment } = await import('./environment.ts');
    const service = this.#service();
    if (service.provider.stage !== 'local')
      throw this.#error(`The local cloud is stage local, not ${service.provider.stage}.`);
    const version = await codeVersion(this.#serverless.serviceDir);
    const environment = functionEnvironment(service, settings, version);
    for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN']) delete process.env[name];
    Object.assign(process.env, environment);
    return environment;
  }

  /** An error that says all by its message is shown as that, without a stack. */
  async #explained<Value>(promise: Promise<Value>): Promise<Value> {
    try {
      return await promise;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      tellParent({ kind: 'failed', message });
      throw this.#error(message);
    }
  }

  #error(message: string): Error {
    return new this.#serverless.classes.Error(message, 'VALUECAST');
  }
}

/** What the cloud tells `npm start`, which runs it as a child process. */
export type CloudMessage =
  | { kind: 'ready' }
  | { kind: 'failed'; message: string }
  /** Events and invocations that are on their way. */
  | { kind: 'pending'; pending: number };

const tellParent = (message: CloudMessage): void => {
  if (process.connected) process.send?.(message);
};

/** The API runs in this process: what it leaves unhandled is told, and ends a request rather than the cloud. */
function keepRunning(log: (line: string) => void): void {
  const tell = (error: unknown) =>
    log(`Unhandled in the API: ${error instanceof Error ? error.stack : String(error)}`);
  process.on('unhandledRejection', tell);
  process.on('uncaughtException', tell);
}

/** The part of the framework's object that we touch. */
interface Serverless {
  serviceDir: string;
  processedInput: { commands: string[] };
  service: {
    service: string;
    provider: {
      stage: string;
      environment: Record<string, unknown>;
      httpApi?: { authorizers?: Record<string, unknown> };
    };
    functions: Record<
      string,
      { handler: string; name?: string; events?: unknown[]; package?: Record<string, unknown> }
    >;
    custom: Record<string, Record<string, unknown>>;
    resources: unknown;
  };
  classes: { Error: new (message: string, code: string) => Error };
}

interface FrameworkUtilities {
  log: { notice(line: string): void };
}
