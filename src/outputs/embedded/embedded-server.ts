import { createHash, randomBytes } from 'node:crypto';
import type { Worker } from 'node:worker_threads';
import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import { type PreparedWorkers, spawnWorker } from '../../core/processes/spawn-worker.js';
import type { EmbeddedServerReply, EmbeddedServerStart } from './embedded-server-worker.js';

/** Receives an avatar that is pushed to the embedded server. */
export interface AvatarIngest {
  readonly key: string;
  readonly onPublish: (publishing: boolean) => void;
  /** A whole FLV tag of video or sound. */
  readonly onTag: (tag: Uint8Array) => void;
}

export interface EmbeddedServerOptions {
  /** Loopback by default. */
  host?: string;
  /** 0 takes a free port. */
  rtmpPort: number;
  /** 0 takes a free port. */
  flvPort: number;
  log: Log;
  /** The engine that sends an avatar to `rtmp://host/avatar/KEY`; without it nobody may. */
  avatar?: AvatarIngest | undefined;
  /** May hold a preloading thread. */
  prepared?: PreparedWorkers | undefined;
}

const MODULE = new URL('./embedded-server-worker.js', import.meta.url);
const THREAD = {
  stdout: true,
  stderr: true,
  resourceLimits: { maxOldGenerationSizeMb: 96 },
};
const CLOSE_MS = 1500;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 15_000;
/** A death after this much uptime does not lengthen the restart delay. */
const FORGIVEN_AFTER_MS = 10_000;
/** Beyond any run's length, and still within the 32-bit range of the server's arithmetic. */
const SIGNATURE_EXPIRES = 2_147_483_647;

/**
 * The embedded RTMP and HTTP-FLV server (node-media-server) in its own thread, which isolates its garbage collection
 * and its faults. A dead thread is replaced. Anyone who knows the address may play; publishing needs a signature made
 * with a random secret that never leaves this object. An avatar is taken in beside that and is never played.
 */
export class EmbeddedServer implements Closeable {
  private readonly secret = randomBytes(24).toString('hex');
  private readonly host: string;
  private worker: Worker | undefined;
  private ports = { rtmp: 0, flv: 0 };
  private closing = false;
  private waitMs = FIRST_WAIT_MS;
  private returning: Promise<void> | undefined;
  private wake: () => void = () => undefined;

  constructor(private readonly options: EmbeddedServerOptions) {
    this.host = options.host ?? '127.0.0.1';
  }

  /** Preloads the code of the next server's thread. */
  static prepare(workers: PreparedWorkers): void {
    workers.prepare(MODULE, import.meta.url, THREAD);
  }

  /** @throws EngineError E_PORT_IN_USE and others */
  async start(): Promise<void> {
    try {
      await this.open(this.options.rtmpPort, this.options.flvPort);
    } catch (e) {
      await this.close();
      throw e;
    }
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
    this.closing = true;
    this.wake();
    await this.endWorker();
    await this.returning;
  }

  /** Resolves once the thread listens. */
  private open(rtmpPort: number, flvPort: number): Promise<void> {
    const { avatar } = this.options;
    const data: EmbeddedServerStart = {
      host: this.host,
      rtmpPort,
      flvPort,
      secret: this.secret,
      avatarKey: avatar?.key,
    };
    const worker = this.options.prepared?.take(MODULE) ?? spawnWorker(MODULE, import.meta.url, THREAD);
    worker.postMessage(data);
    this.worker = worker;
    // Its console output is not shown, but must be drained.
    worker.stdout.resume();
    worker.stderr.resume();
    return new Promise((resolve, reject) => {
      let servingSinceMs: number | undefined;
      let reason: string | undefined;
      worker.on('message', (reply: EmbeddedServerReply) => {
        if (reply.type === 'ready') {
          this.ports = { rtmp: reply.rtmpPort, flv: reply.flvPort };
          servingSinceMs = performance.now();
          resolve();
        } else if (reply.type === 'failed') {
          reject(this.listenError(reply));
        } else if (reply.type === 'avatar') {
          avatar?.onPublish(reply.publishing);
        } else if (reply.type === 'avatar-tag') {
          avatar?.onTag(reply.tag);
        } else {
          const { reason: why, connections } = reply;
          this.options.log.warn(
            { reason: why, connections },
            'the embedded server ended connections; its stream goes on',
          );
        }
      });
      worker.on('error', (e) => (reason = e.message));
      worker.once('exit', (code) => {
        if (this.worker === worker) this.worker = undefined;
        avatar?.onPublish(false);
        const found = reason ?? `its thread ended with code ${code}`;
        reject(new EngineError('E_INTERNAL', { where: 'embedded server', found }));
        if (servingSinceMs === undefined || this.closing) return;
        this.options.log.error({ reason: found }, 'the embedded server died; restarting it');
        if (performance.now() - servingSinceMs >= FORGIVEN_AFTER_MS) this.waitMs = FIRST_WAIT_MS;
        this.returning = this.comeBack();
      });
    });
  }

  /** Restarts on the same ports, so players, pullers and publishers find it again. */
  private async comeBack(): Promise<void> {
    while (!this.closing) {
      await this.pause(this.waitMs);
      if (this.closing) return;
      this.waitMs = Math.min(LONGEST_WAIT_MS, 2 * this.waitMs);
      try {
        return await this.open(this.ports.rtmp, this.ports.flv);
      } catch (e) {
        if (!this.closing) this.options.log.error({ reason: String(e) }, 'the embedded server does not start');
        await this.endWorker();
      }
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async endWorker(): Promise<void> {
    const { worker } = this;
    if (worker === undefined) return;
    const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.postMessage({ type: 'close' });
    const timer = setTimeout(() => void worker.terminate(), CLOSE_MS);
    await gone;
    clearTimeout(timer);
  }

  private listenError(reply: EmbeddedServerReply & { type: 'failed' }): EngineError {
    const option = reply.which === 'rtmp' ? 'control.rtmpPort' : 'control.flvPort';
    const where = `embedded ${reply.which === 'rtmp' ? 'RTMP' : 'HTTP-FLV'} server, port ${reply.port}`;
    if (reply.code === 'EADDRINUSE') {
      return new EngineError('E_PORT_IN_USE', {
        where,
        expected: 'a free port',
        found: 'a port another program uses',
        todo: `set ${option} to another port, or to 0 for any free one`,
        details: { port: reply.port, option },
      });
    }
    return new EngineError('E_INTERNAL', { where, found: `${reply.code}: ${reply.message}`, details: { option } });
  }
}
