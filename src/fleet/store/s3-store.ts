import { AwsClient } from 'aws4fetch';
import { parseDocument } from 'htmlparser2';
import { EngineError } from '../../core/errors.js';
import type { HeldAnswer } from '../../core/net/held-answer.js';
import { heldFetch } from '../../core/net/held-fetch.js';
import { sleep } from '../../core/sleep.js';
import type { ObjectStore } from './object-store.js';

export interface S3Place {
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
