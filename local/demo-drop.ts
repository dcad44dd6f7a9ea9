import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { demoShop } from './demo-shop.ts';

const seed = 42;

/** What the demo's files become. */
export const demoDatasets = [
  'customers',
  'training',
  'scoring/demo.csv',
  'ads',
  'orders',
  'products',
  'campaigns',
];

/** Uploads the demo shop, unless the bucket holds tables of somebody's own: those are not mixed with it. */
export async function dropDemo({ endpoint, bucket }: { endpoint: string; bucket: string }): Promise<boolean> {
  const client = new S3Client({
    endpoint,
    region: 'eu-central-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  try {
    const { files } = demoShop({ seed });
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
    const ours = new Set([...files.map(({ key }) => key), 'settings.json']);
    if (Contents.some(({ Key = '' }) => !ours.has(Key))) return false;
    await Promise.all(
      files.map(({ key, body }) =>
        client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: 'text/csv' })),
      ),
    );
    return true;
  } finally {
    client.destroy();
  }
}
