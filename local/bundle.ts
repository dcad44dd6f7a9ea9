import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import {
  type BuildFailure,
  type BuildOptions,
  build,
  formatMessages,
  type Metafile,
  type OutputFile,
} from 'esbuild';
import JSZip from 'jszip';
import { bindingName, nativeBinding } from './native-binding.ts';
import type { Service } from './service.ts';

export interface FunctionBundle {
  functionName: string;
  /** Absolute path of the one file that holds the function and all it imports. */
  file: string;
  /** The file's path inside the zip; serverless.yml names it as the handler. */
  entry: string;
  bytes: number;
  /** Whether it queries with DuckDB: then the SQL lies beside it, and its zip carries the native binding. */
  usesDuckDb: boolean;
}

/**
 * One self-contained CommonJS file per function, the AWS SDK included: what runs is what was tested, and it loads in
 * half the time of the runtime's own copy. `module` before `main` is what lets unused parts of the SDK be dropped.
 */
export async function bundleFunctions(directory: string, service: Service): Promise<FunctionBundle[]> {
  const output = join(directory, '.build');
  const functions = Object.entries(service.functions).map(([functionName, { handler }]) => ({
    functionName,
    module: handler.replace(/\.\w+$/, ''),
  }));
  const { files, metafile } = await esbuild({
    absWorkingDir: directory,
    entryPoints: functions.map(({ module }) => ({ in: `./${module}.ts`, out: module })),
    outdir: output,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    sourcemap: 'linked',
    // the sources lie where the map says: 60 MB less to write at every start
    sourcesContent: false,
    logLevel: 'silent',
    metafile: true,
    external: ['@duckdb/node-bindings-*', 'detect-libc'],
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: `const importMetaUrl=require('node:url').pathToFileURL(__filename).href;` },
  });
  await Promise.all(files.map(({ path, contents }) => writeWhole(path, contents)));
  await cp(join(directory, sqlSources), join(output, sqlFolder), { recursive: true });
  return functions.map(({ functionName, module }) => {
    const file = join(output, `${module}.cjs`);
    const built = metafile.outputs[relative(directory, file)];
    const usesDuckDb = built?.imports.some(({ path }) => path.startsWith(bindingName)) ?? false;
    return { functionName, file, entry: `${module}.cjs`, bytes: built?.bytes ?? 0, usesDuckDb };
  });
}

/** A bundle finds the SQL where its source did: in the folder `sql` beside it. */
const sqlSources = 'lib/features/sql';
const sqlFolder = 'functions/sql';

/** A hash of all that the functions' results can depend on; it is part of a run's identity. */
export async function codeVersion(directory: string): Promise<string> {
  const hash = createHash('sha256');
  for (const path of await sourceFiles(directory))
    hash.update(`${path}\0`).update(await readFile(join(directory, path)));
  return hash.digest('hex').slice(0, 12);
}

/** Zips a function. The date is fixed, so that the same code gives the same bytes and a deployment skips it. */
export async function zipFunction(
  directory: string,
  bundle: FunctionBundle,
  zipPath: string,
): Promise<{ bytes: number }> {
  const zip = new JSZip();
  const options = { date: new Date('2000-01-01T00:00:00Z'), unixPermissions: 0o644, createFolders: false };
  for (const [entry, file] of await zipEntries(directory, bundle)) {
    zip.file(entry, await readFile(file), options);
  }
  const content = await zip.generateAsync({
    type: 'nodebuffer',
    compression: 'DEFLATE',
    compressionOptions: { level: bundle.usesDuckDb ? 6 : 9 },
    platform: 'UNIX',
  });
  await writeFile(zipPath, content);
  return { bytes: content.length };
}

/** Where each file of the zip comes from. */
async function zipEntries(
  directory: string,
  { entry, file, usesDuckDb }: FunctionBundle,
): Promise<[entry: string, file: string][]> {
  if (!usesDuckDb) return [[entry, file]];
  const sql = join(directory, sqlSources);
  const binding = await nativeBinding(directory);
  return [
    [entry, file],
    ...(await readdir(sql)).sort().map((name): [string, string] => [`${sqlFolder}/${name}`, join(sql, name)]),
    ...(await readdir(binding))
      .sort()
      .map((name): [string, string] => [`node_modules/${bindingName}/${name}`, join(binding, name)]),
  ];
}

async function esbuild(options: BuildOptions): Promise<{ files: OutputFile[]; metafile: Metafile }> {
  try {
    const { warnings, outputFiles = [], metafile } = await build({ ...options, write: false });
    for (const text of await formatMessages(warnings, { kind: 'warning' })) process.stderr.write(text);
    return { files: outputFiles, metafile: metafile ?? { inputs: {}, outputs: {} } };
  } catch (error) {
    const { errors } = error as BuildFailure;
    if (errors === undefined) throw error;
    const texts = await formatMessages(errors, { kind: 'error' });
    throw new Error(`The functions do not bundle:\n\n${texts.join('\n')}`);
  }
}

/** A running local cloud may load the file at this moment: it finds the old one or the new one, never half of it. */
async function writeWhole(path: string, contents: Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(temporary, contents);
  await rename(temporary, path);
}

async function sourceFiles(directory: string): Promise<string[]> {
  const folders = await Promise.all(
    ['functions', 'lib'].map(async (folder) =>
      (await readdir(join(directory, folder), { recursive: true })).map((path) => `${folder}/${path}`),
    ),
  );
  const sources = folders.flat().filter((path) => /\.(ts|sql|json)$/.test(path));
  return ['package-lock.json', ...sources].sort();
}
