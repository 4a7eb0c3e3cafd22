import { AwsClient } from 'aws4fetch';
import { parseDocument } from 'htmlparser2';
import { EngineError } from '../../core/errors.js';
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
      retries: 3,
      ...(sessionToken === undefined ? {} : { sessionToken }),
    });
  }

  async put(key: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    await this.ask(key, this.url(key), { method: 'PUT', body: bytes as BodyInit }, signal);
  }

  async get(key: string, signal?: AbortSignal): Promise<Buffer | undefined> {
    const answer = await this.ask(key, this.url(key), { method: 'GET' }, signal);
    return answer === undefined ? undefined : Buffer.from(await answer.arrayBuffer());
  }

  async has(key: string): Promise<boolean> {
    return (await this.ask(key, this.url(key), { method: 'HEAD' })) !== undefined;
  }

  async remove(key: string): Promise<void> {
    await this.ask(key, this.url(key), { method: 'DELETE' });
  }

  async list(prefix: string, signal?: AbortSignal): Promise<string[]> {
    const whole = this.key(prefix);
    const keys: string[] = [];
    let after = '';
    for (;;) {
      const query = new URLSearchParams({ 'list-type': '2', prefix: whole });
      if (after !== '') query.set('continuation-token', after);
      const answer = await this.ask(prefix, `${this.bucketUrl()}?${query}`, { method: 'GET' }, signal);
      const page = pageOf((await answer?.text()) ?? '');
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
  private async ask(key: string, url: string, init: RequestInit, signal?: AbortSignal): Promise<Response | undefined> {
    const limit = AbortSignal.timeout(LIMIT_MS);
    let answer: Response;
    try {
      const within = signal === undefined ? limit : AbortSignal.any([limit, signal]);
      answer = await this.client.fetch(url, { ...init, signal: within });
    } catch (cause) {
      throw this.fault(key, cause instanceof Error ? cause.message : String(cause), cause);
    }
    if (answer.ok) return answer;
    const text = await answer.text().catch(() => '');
    const code = /<Code>([\w.]+)<\/Code>/.exec(text)?.[1];
    if (answer.status === 404 && code !== 'NoSuchBucket') return undefined;
    throw this.fault(key, `HTTP ${answer.status}${code === undefined ? '' : ` ${code}`}`);
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
