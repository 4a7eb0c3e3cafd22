import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';

interface Answer {
  readonly status: number;
  readonly body?: string | Buffer;
}

/**
 * A bucket in memory that speaks as much of the S3 API as the engine uses, and verifies each signature itself (AWS
 * Signature Version 4) and the hash of each body. ListObjectsV2 answers in pages of 50 keys.
 */
export class S3Server {
  readonly objects = new Map<string, Buffer>();
  /** Requests by method. */
  readonly requests: Record<string, number> = {};
  isDown = false;

  private constructor(
    private readonly server: Server,
    readonly bucket: string,
    readonly accessKeyId: string,
    private readonly secret: string,
  ) {}

  static async start(bucket = 'shows', accessKeyId = 'AKIDEXAMPLE', secret = 'example-secret'): Promise<S3Server> {
    const self: { s3?: S3Server } = {};
    const server = createServer((request, reply) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const { status, body = '' } = self.s3!.answer(request, Buffer.concat(parts));
        reply.writeHead(status, {
          'content-type': typeof body === 'string' ? 'application/xml' : 'binary/octet-stream',
        });
        reply.end(request.method === 'HEAD' ? undefined : body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    self.s3 = new S3Server(server, bucket, accessKeyId, secret);
    return self.s3;
  }

  get port(): number {
    return (this.server.address() as { port: number }).port;
  }

  get env(): Record<string, string> {
    return {
      AWS_ACCESS_KEY_ID: this.accessKeyId,
      AWS_SECRET_ACCESS_KEY: this.secret,
      AWS_REGION: 'eu-test-1',
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${this.port}`,
    };
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: IncomingMessage, body: Buffer): Answer {
    const { method = 'GET' } = request;
    this.requests[method] = (this.requests[method] ?? 0) + 1;
    if (this.isDown) return fault(503, 'SlowDown');
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    const wrong = this.signatureFault(request, url, body);
    if (wrong !== undefined) return fault(403, wrong);
    const [, bucket, ...rest] = url.pathname.split('/').map(decodeURIComponent);
    if (bucket !== this.bucket) return fault(404, 'NoSuchBucket');
    const key = rest.join('/');
    if (key === '') return this.list(url.searchParams);
    const there = this.objects.get(key);
    if (method === 'PUT') this.objects.set(key, body);
    else if (method === 'DELETE') this.objects.delete(key);
    else if (there === undefined) return fault(404, 'NoSuchKey');
    return { status: method === 'DELETE' ? 204 : 200, ...(method === 'GET' ? { body: there! } : {}) };
  }

  private list(query: URLSearchParams): Answer {
    const prefix = query.get('prefix') ?? '';
    const after = query.get('continuation-token') ?? '';
    const all = [...this.objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    const page = all.slice(0, 50);
    const more =
      all.length > page.length ? `<NextContinuationToken>${escape(page.at(-1)!)}</NextContinuationToken>` : '';
    const contents = page.map((key) => `<Contents><Key>${escape(key)}</Key><Size>1</Size></Contents>`).join('');
    return {
      status: 200,
      body: `<?xml version="1.0"?><ListBucketResult><Name>${this.bucket}</Name>${contents}${more}</ListBucketResult>`,
    };
  }

  private signatureFault(request: IncomingMessage, url: URL, body: Buffer): string | undefined {
    const header = request.headers.authorization ?? '';
    const [, id, date, region, service, signed, given] =
      /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
        header,
      ) ?? [];
    if (given === undefined) return 'AccessDenied';
    if (id !== this.accessKeyId) return 'InvalidAccessKeyId';
    const contentHash = String(request.headers['x-amz-content-sha256'] ?? '');
    if (contentHash !== 'UNSIGNED-PAYLOAD' && contentHash !== sha256(body)) return 'XAmzContentSHA256Mismatch';
    const query = [...url.searchParams]
      .map(([name, value]) => `${encode(name)}=${encode(value)}`)
      .sort()
      .join('&');
    const names = signed!.split(';');
    const headers = names.map(
      (name) =>
        `${name}:${String(request.headers[name] ?? '')
          .trim()
          .replaceAll(/ +/g, ' ')}\n`,
    );
    const path = url.pathname
      .split('/')
      .map((part) => encode(decodeURIComponent(part)))
      .join('/');
    const canonical = [request.method, path, query, headers.join(''), signed, contentHash].join('\n');
    const scope = `${date}/${region}/${service}/aws4_request`;
    const toSign = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, sha256(Buffer.from(canonical))].join(
      '\n',
    );
    let key: Buffer = Buffer.from(`AWS4${this.secret}`);
    for (const part of [date!, region!, service!, 'aws4_request'])
      key = createHmac('sha256', key).update(part).digest();
    const expected = createHmac('sha256', key).update(toSign).digest('hex');
    return expected === given ? undefined : 'SignatureDoesNotMatch';
  }
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const fault = (status: number, code: string): Answer => ({
  status,
  body: `<?xml version="1.0"?><Error><Code>${code}</Code></Error>`,
});
