import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { webHeaders } from './web-headers.ts';

/**
 * The dashboard on this machine, as CloudFront and a bucket serve it on AWS (resources/web.yml). It lies beside the API, so that
 * the page's own origin answers its questions; its files are those of local/web-build.ts.
 */
export async function handler({
  rawPath,
}: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  if (rawPath === '/config.json') return answer('application/json', JSON.stringify(config), 'no-store');
  const path = rawPath === '/' ? '/index.html' : rawPath;
  const type = types[/\.(\w+)$/.exec(path)?.[1] ?? ''];
  if (type === undefined || !/^\/(index\.html|icon\.svg|assets\/[\w-]+\.(js|css))$/.test(path))
    return notFound();
  try {
    const body = await readFile(join(root, path), 'utf8');
    return answer(
      type,
      body,
      path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    );
  } catch {
    return notFound();
  }
}

/** The bundle is `.build/local/web-function.cjs`. */
const root = fileURLToPath(new URL('../web', import.meta.url));

const config = { apiUrl: '', signIn: null };

const types: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

const answer = (type: string, body: string, caching: string): APIGatewayProxyStructuredResultV2 => ({
  statusCode: 200,
  headers: {
    'content-type': type,
    'cache-control': caching,
    ...webHeaders([process.env.AWS_ENDPOINT_URL_S3 ?? '']),
  },
  body,
});

const notFound = (): APIGatewayProxyStructuredResultV2 => ({
  statusCode: 404,
  headers: { 'content-type': 'text/plain; charset=utf-8', ...webHeaders([]) },
  body: 'There is no such file. The dashboard is at /',
});

/** How the local cloud takes it in, beside the functions of serverless.yml. */
export const webFunction = {
  handler: 'local/web-function.handler',
  timeout: 10,
  events: ['/', '/config.json', '/icon.svg', '/assets/{file}'].map((path) => ({
    httpApi: { method: 'GET', path },
  })),
};
