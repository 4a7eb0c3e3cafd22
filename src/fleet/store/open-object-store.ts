import { isAbsolute, resolve } from 'node:path';
import { EngineError } from '../../core/errors.js';
import { FolderStore } from './folder-store.js';
import type { ObjectStore } from './object-store.js';
import { S3Store } from './s3-store.js';

/** A folder, or `s3://BUCKET/PREFIX` with the variables that AWS's own tools read. */
export function openObjectStore(place: string, env: NodeJS.ProcessEnv): ObjectStore {
  if (!place.startsWith('s3://')) {
    if (/^\w+:\/\//.test(place)) throw wrong(place);
    return new FolderStore(isAbsolute(place) ? place : resolve(place));
  }
  const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*?))?\/*$/.exec(place) ?? [];
  if (bucket === undefined) throw wrong(place);
  const region = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  const endpoint = env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL'] ?? `https://s3.${region}.amazonaws.com`;
  const needed = (name: string): string => {
    const value = env[name];
    if (value !== undefined && value !== '') return value;
    throw new EngineError('E_ENV_MISSING', {
      where: `store ${place}`,
      expected: `environment variable ${name}`,
      found: 'not set',
      todo: 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and AWS_ENDPOINT_URL for a service other than AWS',
    });
  };
  return new S3Store({
    bucket,
    prefix,
    endpoint: endpoint.replace(/\/+$/, ''),
    region,
    accessKeyId: needed('AWS_ACCESS_KEY_ID'),
    secretAccessKey: needed('AWS_SECRET_ACCESS_KEY'),
    sessionToken: env['AWS_SESSION_TOKEN'],
  });
}

const wrong = (found: string): EngineError =>
  new EngineError('E_BAD_REQUEST', {
    where: '--store',
    expected: 'a folder that all workers mount, or s3://BUCKET/PREFIX',
    found: found.slice(0, 200),
  });
