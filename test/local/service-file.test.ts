import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectDirectory } from '../../local/cloud.ts';
import { parseService, serviceNames } from '../../local/service.ts';
import { readServiceFile } from '../../local/service-file.ts';

describe('our quick reading of serverless.yml', () => {
  it('equals what the framework resolves', () => {
    const framework = join(projectDirectory, 'node_modules/serverless/bin/serverless.js');
    const printed = execFileSync(process.execPath, [framework, 'print', '--format', 'json'], {
      cwd: projectDirectory,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const resolved = JSON.parse(printed);
    expect(readServiceFile(projectDirectory)).toEqual(parseService(resolved));
  });

  it('finds the names of buckets and table', () => {
    expect(serviceNames(readServiceFile(projectDirectory))).toEqual({
      uploadsBucket: 'valuecast-local-uploads',
      resultsBucket: 'valuecast-local-results',
      tableName: 'valuecast-local',
    });
  });
});
