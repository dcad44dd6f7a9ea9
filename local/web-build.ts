import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type BuildFailure, build, formatMessages } from 'esbuild';

export interface WebFile {
  /** Below the site's root: `index.html`, `assets/main-1A2B3C4D.js`. */
  path: string;
  contents: Uint8Array;
}

/**
 * The dashboard as files to be served as they are: scripts and styles under names that change with what they hold, and one page
 * that names them. Charts are a part of their own, which is loaded after the page is usable.
 */
export async function buildWeb(directory: string): Promise<WebFile[]> {
  const outputs = await bundle(directory);
  const named = (ending: RegExp): string => {
    const found = outputs.find(({ path }) => ending.test(path));
    if (found === undefined) throw new Error(`the dashboard's build gave no file like ${ending}`);
    return found.path;
  };
  const template = await readFile(join(directory, 'web/index.html'), 'utf8');
  const page = template
    .replace('{{style}}', `/${named(/^assets\/main-\w+\.css$/)}`)
    .replace('{{script}}', `/${named(/^assets\/main-\w+\.js$/)}`);
  const icon = await readFile(join(directory, 'web/icon.svg'));
  return [
    { path: 'index.html', contents: Buffer.from(page) },
    { path: 'icon.svg', contents: icon },
    ...outputs,
  ];
}

/** Builds into a folder, in place of what it held. */
export async function writeWeb(directory: string, folder: string): Promise<WebFile[]> {
  const files = await buildWeb(directory);
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'assets'), { recursive: true });
  await Promise.all(files.map(({ path, contents }) => writeFile(join(folder, path), contents)));
  return files;
}

export const webFolder = (directory: string): string => join(directory, '.build/web');

async function bundle(directory: string): Promise<WebFile[]> {
  try {
    const { outputFiles, warnings } = await build({
      absWorkingDir: directory,
      entryPoints: { main: 'web/page/main.tsx' },
      outdir: '.build/web/assets',
      entryNames: '[name]-[hash]',
      chunkNames: '[name]-[hash]',
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'browser',
      target: ['es2022', 'chrome111', 'firefox113', 'safari16.4'],
      jsx: 'automatic',
      jsxImportSource: 'preact',
      define: { 'process.env.NODE_ENV': '"production"' },
      minify: true,
      legalComments: 'none',
      logLevel: 'silent',
      write: false,
    });
    for (const text of await formatMessages(warnings, { kind: 'warning' })) process.stderr.write(text);
    return outputFiles.map(({ path, contents }) => ({ path: `assets/${basename(path)}`, contents }));
  } catch (error) {
    const { errors } = error as BuildFailure;
    if (errors === undefined) throw error;
    const texts = await formatMessages(errors, { kind: 'error' });
    throw new Error(`The dashboard does not bundle:\n\n${texts.join('\n')}`);
  }
}
