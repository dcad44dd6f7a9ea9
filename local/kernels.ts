import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import asc from 'assemblyscript/asc';
import { build } from 'esbuild';

/** What is built ahead and embedded, so that a bundle of one file has it: by path, the text of each generated module. */
export async function generateKernels(directory: string): Promise<Map<string, string>> {
  const modules = kernels.map(async ({ source, target, name }): Promise<[string, string]> => {
    const wasm = await compileKernel(join(directory, source));
    return [target, module(name, { source, text: wasm.toString('base64') })];
  });
  return new Map(await Promise.all(modules));
}

const kernels = [
  {
    source: 'assembly/stageKernel.ts',
    target: 'lib/features/staging/generated/stageKernelWasm.ts',
    name: 'stageKernelWasm',
  },
  {
    source: 'assembly/treeKernel.ts',
    target: 'lib/models/trees/generated/treeKernelWasm.ts',
    name: 'treeKernelWasm',
  },
  {
    source: 'assembly/shapKernel.ts',
    target: 'lib/models/trees/generated/shapKernelWasm.ts',
    name: 'shapKernelWasm',
  },
  {
    source: 'assembly/denseKernel.ts',
    target: 'lib/math/dense/generated/denseKernelWasm.ts',
    name: 'denseKernelWasm',
  },
  {
    source: 'assembly/rowKernel.ts',
    target: 'lib/tables/generated/rowKernelWasm.ts',
    name: 'rowKernelWasm',
  },
];

export async function generateWorkers(directory: string): Promise<Map<string, string>> {
  const modules = workers.map(async ({ source, target, name }): Promise<[string, string]> => {
    const text = await bundleWorker(directory, source);
    return [target, module(name, { source, text })];
  });
  return new Map(await Promise.all(modules));
}

const workers = [
  {
    source: 'lib/features/staging/writerMain.ts',
    target: 'lib/features/staging/generated/writerSource.ts',
    name: 'writerSource',
  },
  {
    source: 'lib/models/trees/workerMain.ts',
    target: 'lib/models/trees/generated/workerSource.ts',
    name: 'workerSource',
  },
];

/** Shared memory, so that workers see one copy of the rows. */
async function compileKernel(source: string): Promise<Buffer> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [
      'kernel.ts',
      ...['--outFile', 'kernel.wasm', '--runtime', 'stub', '-O3', '--noAssert'],
      ...['--importMemory', '--initialMemory', '1', '--maximumMemory', '65536', '--sharedMemory'],
      ...['--enable', 'threads', '--enable', 'simd', '--enable', 'bulk-memory'],
    ],
    {
      readFile: async (name) => (name === 'kernel.ts' ? await readFile(source, 'utf8') : null),
      writeFile: (_, contents) => {
        if (typeof contents !== 'string') binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error || binary === undefined) throw new Error(`${source} does not compile:\n${stderr.toString()}`);
  return Buffer.from(binary);
}

/** A script without imports, which a worker can be started from by its text. */
async function bundleWorker(directory: string, source: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: directory,
    entryPoints: [source],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    // in a string, their marks look like a mistake
    supported: { 'template-literal': false },
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

const module = (name: string, { source, text }: { source: string; text: string }): string =>
  `// Generated from ${source} by \`npm run kernels\`: edit that, and run it again.\nexport const ${name} =\n  ${JSON.stringify(text)};\n`;

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const directory = join(import.meta.dirname, '..');
  // the worker has the kernel inside
  for (const generate of [generateKernels, generateWorkers])
    for (const [path, text] of await generate(directory)) {
      await writeFile(join(directory, path), text);
      process.stdout.write(`${path}: ${text.length} characters\n`);
    }
}
