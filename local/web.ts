import { projectDirectory } from './cloud.ts';
import { webFolder, writeWeb } from './web-build.ts';

/** `npm run web:build`: the dashboard's files in .build/web, ready for a bucket. */

const files = await writeWeb(projectDirectory, webFolder(projectDirectory));
process.stdout.write(
  files.map(({ path, contents }) => `.build/web/${path}  ${contents.length} bytes\n`).join(''),
);
