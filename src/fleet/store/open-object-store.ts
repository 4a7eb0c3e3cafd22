import { access, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { AwsClient } from 'aws4fetch';
import { parseDocument } from 'htmlparser2';
import { EngineError } from '../../core/errors.js';
import { OWNER_ONLY_FOLDER } from '../../core/files/own-folder.js';
import { replaceFile } from '../../core/files/replace-file.js';
import { type HeldAnswer, heldFetch } from '../../core/net/held-fetch.js';
import { sleep } from '../../core/sleep.js';
import type { ObjectStore } from './object-store.js';

/** A folder that all machines mount, such as NFS (`noac` or `actimeo=0`, so that a claim is seen at once). */
export class FolderStore implements ObjectStore {
  readonly name: string;
  private next = 0;

  constructor(private readonly folder: string) {
    this.name = folder;
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    const file = this.path(key);
    await this.tried(key, async () => {
      await mkdir(dirname(file), { recursive: true, mode: OWNER_ONLY_FOLDER });
      // Several writes of one process, and processes of several machines with the same number.
      this.next += 1;
      const draft = join(dirname(file), `.${process.pid}-${Math.random().toString(36).slice(2, 10)}-${this.next}.tmp`);
      await replaceFile(file, bytes, { draft });
    });
  }

  get(key: string): Promise<Buffer | undefined> {
    return this.tried(key, () => readFile(this.path(key)));
  }

  async has(key: string): Promise<boolean> {
    return (await this.tried(key, () => access(this.path(key)).then(() => true))) === true;
  }

  async list(prefix: string): Promise<string[]> {
    // Only whole folders are asked for.
    const folder = this.path(prefix);
    const found = await this.tried(prefix, () => readdir(folder, { recursive: true, withFileTypes: true }));
    return (found ?? [])
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map((entry) => join(entry.parentPath, entry.name).slice(this.folder.length + 1))
      .map((path) => path.split(sep).join('/'))
      .sort();
  }

  async remove(key: string): Promise<void> {
    await this.tried(key, () => rm(this.path(key), { force: true }));
  }

  private readonly path = (key: string): string => join(this.folder, ...key.split('/').filter(Boolean));

  private async tried<T>(key: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      throw new EngineError('E_FLEET_STORE', {
        where: `${this.folder}: ${key}`,
        expected: 'a folder that this user may write',
        found: code ?? String(cause),
        todo: 'mount it, or make room on its disk',
        cause,
      });
    }
  }
}

interface S3Place {
  readonly bucket: string;
  /** Before every key; without slashes at its ends. */
  readonly prefix: string;
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

const LIMIT_MS = 20_000;
const MAX_OBJECT_BYTES = 1024 ** 3;
const MAX_LIST_BYTES = 16 * 1024 * 1024;
/** A service that is busy (429, 5xx) is asked again after these. */
const RETRIES_MS = [100, 400, 1600];

/** A bucket of S3 or of a service that speaks its API. Requests are signed by aws4fetch (Signature Version 4). */
export class S3Store implements ObjectStore {
  readonly name: string;
  private readonly client: AwsClient;

  constructor(private readonly place: S3Place) {
    const { accessKeyId, secretAccessKey, sessionToken, region } = place;
    this.name = `s3://${place.bucket}/${place.prefix}`;
    this.client = new AwsClient({
      accessKeyId,
      secretAccessKey,
      region,
      service: 's3',
      ...(sessionToken === undefined ? {} : { sessionToken }),
    });
  }

  async put(key: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    const answer = await this.ask(key, this.url(key), { method: 'PUT', body: bytes as BodyInit }, signal);
    await answer?.drop();
  }

  async get(key: string, signal?: AbortSignal): Promise<Buffer | undefined> {
    const answer = await this.ask(key, this.url(key), { method: 'GET' }, signal);
    return answer === undefined ? undefined : await answer.bytes(MAX_OBJECT_BYTES);
  }

  async has(key: string): Promise<boolean> {
    return (await this.ask(key, this.url(key), { method: 'HEAD' })) !== undefined;
  }

  async remove(key: string): Promise<void> {
    const answer = await this.ask(key, this.url(key), { method: 'DELETE' });
    await answer?.drop();
  }

  async list(prefix: string, signal?: AbortSignal): Promise<string[]> {
    const whole = this.key(prefix);
    const keys: string[] = [];
    let after = '';
    for (;;) {
      const query = new URLSearchParams({ 'list-type': '2', prefix: whole });
      if (after !== '') query.set('continuation-token', after);
      const answer = await this.ask(prefix, `${this.bucketUrl()}?${query}`, { method: 'GET' }, signal);
      const page = pageOf((await answer?.text(MAX_LIST_BYTES)) ?? '');
      keys.push(...page.keys);
      if (page.next === undefined) break;
      after = page.next;
    }
    const { length } = this.place.prefix === '' ? '' : `${this.place.prefix}/`;
    return keys.map((key) => key.slice(length)).sort();
  }

  private readonly key = (key: string): string => (this.place.prefix === '' ? key : `${this.place.prefix}/${key}`);
  private readonly bucketUrl = (): string => `${this.place.endpoint}/${this.place.bucket}`;
  private readonly url = (key: string): string =>
    `${this.bucketUrl()}/${this.key(key).split('/').map(encodeURIComponent).join('/')}`;

  /** Undefined for an object that is not there. */
  private async ask(
    key: string,
    url: string,
    init: RequestInit,
    signal?: AbortSignal,
  ): Promise<HeldAnswer | undefined> {
    const limit = AbortSignal.timeout(LIMIT_MS);
    let answer: HeldAnswer;
    try {
      answer = await this.signed(url, init, signal === undefined ? limit : AbortSignal.any([limit, signal]));
    } catch (cause) {
      throw this.fault(key, cause instanceof Error ? cause.message : String(cause), cause);
    }
    if (answer.ok) return answer;
    const text = await answer.beginning();
    const code = /<Code>([\w.]+)<\/Code>/.exec(text)?.[1];
    if (answer.status === 404 && code !== 'NoSuchBucket') return undefined;
    throw this.fault(key, `HTTP ${answer.status}${code === undefined ? '' : ` ${code}`}`);
  }

  private async signed(url: string, init: RequestInit, signal: AbortSignal): Promise<HeldAnswer> {
    for (let attempt = 0; ; attempt++) {
      const { headers } = await this.client.sign(url, init);
      const answer = await heldFetch(url, { ...init, headers, signal });
      const againMs = RETRIES_MS[attempt];
      if (againMs === undefined || (answer.status !== 429 && answer.status < 500)) return answer;
      await answer.drop();
      await sleep(againMs, signal);
    }
  }

  private fault(key: string, found: string, cause?: unknown): EngineError {
    return new EngineError('E_FLEET_STORE', {
      where: `${this.name}: ${key}`,
      expected: 'a bucket that answers',
      found,
      todo: 'check AWS_ENDPOINT_URL, AWS_REGION and the keys; the bucket must exist',
      ...(cause === undefined ? {} : { cause }),
    });
  }
}

/** One answer of ListObjectsV2. */
function pageOf(xml: string): { keys: string[]; next: string | undefined } {
  const keys: string[] = [];
  let next: string | undefined;
  const visit = (nodes: ReturnType<typeof parseDocument>['children'], parent: string): void => {
    for (const node of nodes) {
      if (!('children' in node)) continue;
      const name = 'name' in node ? String(node.name) : '';
      const text = node.children.map((child) => ('data' in child ? child.data : '')).join('');
      if (parent === 'Contents' && name === 'Key') keys.push(text);
      else if (name === 'NextContinuationToken') next = text;
      else visit(node.children as typeof nodes, name);
    }
  };
  visit(parseDocument(xml, { xmlMode: true, decodeEntities: true }).children, '');
  return { keys, next };
}

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
