// The framework loads plugins with require, and ours is TypeScript: it is built here, in memory, in some 30 ms.
const Module = require('node:module');
const { pathToFileURL } = require('node:url');
const { buildSync } = require('esbuild');

const { outputFiles } = buildSync({
  absWorkingDir: __dirname,
  entryPoints: ['./plugin.ts'],
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  packages: 'external',
  define: { 'import.meta.url': JSON.stringify(pathToFileURL(__filename).href) },
  sourcemap: 'inline',
  write: false,
});

process.setSourceMapsEnabled(true);
const built = new Module(__filename, module);
built.filename = __filename;
built.paths = module.paths;
built._compile(outputFiles[0].text, __filename);
module.exports = built.exports.ValuecastPlugin;
