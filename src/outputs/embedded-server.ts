import { createHash, randomBytes } from 'node:crypto';
import type { Worker } from 'node:worker_threads';
import type { Closeable } from '../core/closeable.js';
import { EngineError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import { spawnWorker } from '../core/spawn-worker.js';
import type { EmbeddedServerReply, EmbeddedServerStart } from './embedded-server-worker.js';

export interface EmbeddedServerOptions {
  /** Loopback by default. */
  host?: string;
  /** 0 takes a free one. */
  rtmpPort: number;
  /** 0 takes a free one. */
  flvPort: number;
  log: Log;
  /** Called when the server died after its start; what published to it fails by itself. */
  onEnd?(error: EngineError): void;
}

const CLOSE_MS = 1500;
/** Far enough away for any run, and still a 32-bit number for the server's arithmetic. */
const SIGNATURE_EXPIRES = 2_147_483_647;

/**
 * The embedded RTMP and HTTP-FLV server (node-media-server) in a thread of its own, so that its garbage and
 * its faults stay there. Whoever knows the address may play; publishing takes a signature made of a random
 * secret that never leaves this object.
 */
export class EmbeddedServer implements Closeable {
  private readonly secret = randomBytes(24).toString('hex');
  private readonly host: string;
  private worker: Worker | undefined;
  private ports = { rtmp: 0, flv: 0 };
  private closing = false;

  constructor(private readonly options: EmbeddedServerOptions) {
    this.host = options.host ?? '127.0.0.1';
  }

  /** @throws EngineError E_PORT_IN_USE and others */
  async start(): Promise<void> {
    const data: EmbeddedServerStart = {
      host: this.host,
      rtmpPort: this.options.rtmpPort,
      flvPort: this.options.flvPort,
      secret: this.secret,
    };
    const worker = spawnWorker(new URL('./embedded-server-worker.js', import.meta.url), import.meta.url, {
      workerData: data,
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 3 },
    });
    this.worker = worker;
    // Its log lines on the console are not ours to show; unread they would pile up.
    worker.stdout.resume();
    worker.stderr.resume();
    await new Promise<void>((resolve, reject) => {
      worker.on('message', (reply: EmbeddedServerReply) => {
        if (reply.type === 'ready') {
          this.ports = { rtmp: reply.rtmpPort, flv: reply.flvPort };
          resolve();
        } else if (reply.type === 'failed') {
          reject(this.listenError(reply));
        } else {
          this.options.log.warn({ reason: reply.reason }, 'embedded server dropped a connection');
        }
      });
      worker.on('error', (e) => this.ended(e.message, reject));
      worker.on('exit', (code) => this.ended(`its thread ended with code ${code}`, reject));
    }).catch(async (e: unknown) => {
      await this.close();
      throw e;
    });
  }

  get rtmpPort(): number {
    return this.ports.rtmp;
  }
  get flvPort(): number {
    return this.ports.flv;
  }

  /** Secret address to publish `name` to. */
  publishUrl(name: string): string {
    const path = `/live/${name}`;
    const hash = createHash('md5').update(`${path}-${SIGNATURE_EXPIRES}-${this.secret}`).digest('hex');
    return `rtmp://${this.host}:${this.ports.rtmp}${path}?sign=${SIGNATURE_EXPIRES}-${hash}`;
  }

  /** Address to play `name` from over RTMP. */
  rtmpUrl(name: string): string {
    return `rtmp://${this.host}:${this.ports.rtmp}/live/${name}`;
  }

  /** Address to play `name` from over HTTP-FLV. */
  flvUrl(name: string): string {
    return `http://${this.host}:${this.ports.flv}/live/${name}.flv`;
  }

  async close(): Promise<void> {
    const worker = this.worker;
    if (worker === undefined || this.closing) return;
    this.closing = true;
    const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.postMessage({ type: 'close' });
    const timer = setTimeout(() => void worker.terminate(), CLOSE_MS);
    await gone;
    clearTimeout(timer);
  }

  private ended(reason: string, reject: (error: EngineError) => void): void {
    const error = new EngineError('E_INTERNAL', { where: 'embedded server', found: reason });
    reject(error);
    if (!this.closing) this.options.onEnd?.(error);
  }

  private listenError(reply: EmbeddedServerReply & { type: 'failed' }): EngineError {
    const option = reply.which === 'rtmp' ? 'control.rtmpPort' : 'control.flvPort';
    const where = `embedded ${reply.which === 'rtmp' ? 'RTMP' : 'HTTP-FLV'} server, port ${reply.port}`;
    if (reply.code === 'EADDRINUSE') {
      return new EngineError('E_PORT_IN_USE', {
        where,
        expected: 'a free port',
        found: 'one that another program uses',
        todo: `set ${option} to another port, or to 0 for any free one`,
        details: { port: reply.port, option },
      });
    }
    return new EngineError('E_INTERNAL', { where, found: `${reply.code}: ${reply.message}`, details: { option } });
  }
}
