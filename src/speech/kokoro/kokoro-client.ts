import { lstatSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import { spawnChild } from '../../core/processes/child-process.js';
import { sleep } from '../../core/sleep.js';
import { isOwnFolder, makeOwnFolder } from '../../core/files/own-folder.js';
import { readMessages, sendMessage, type KokoroJob, type KokoroReply, type KokoroRequest } from './kokoro-messages.js';

/** A socket's path has at most 107 bytes. */
const MAX_PATH_BYTES = 100;

/**
 * The socket of this user's voice process: engines with the same models and the same protocol share one. The folder
 * belongs to this user and nobody else may write to it, so nobody else answers there.
 *
 * @throws Error when no such folder can be had
 */
async function voiceSocket(modelFolder: string, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const name = `kokoro-${createHash('sha256').update(`1|${modelFolder}`).digest('hex').slice(0, 12)}.sock`;
  const places = [env['XDG_RUNTIME_DIR'], tmpdir(), '/tmp'].filter((place) => place !== undefined && place !== '');
  for (const place of places) {
    const folder = join(place!, `showroom-run-${process.getuid?.() ?? 'user'}`);
    const path = join(folder, name);
    if (Buffer.byteLength(path) > MAX_PATH_BYTES) continue;
    try {
      await makeOwnFolder(folder);
      if (isOwnFolder(folder)) return path;
    } catch {
      continue;
    }
  }
  throw new Error('no folder of this user for the socket of the voice process');
}

const START_TIMEOUT_MS = 20_000;
const TRY_EVERY_MS = 40;

export interface KokoroSound {
  readonly pcm: Int16Array;
  /** Samples of each id, with the zeros at both ends. */
  readonly samples: readonly number[];
}

interface Pending {
  readonly resolve: (sound: KokoroSound) => void;
  readonly reject: (error: Error) => void;
}

/** The voice process went away. */
class Gone extends Error {}

export interface KokoroClientOptions {
  /** Folder of the installed model. */
  readonly folder: string;
  readonly env?: NodeJS.ProcessEnv;
  /** How long the voice process stays without work, and without engines. */
  readonly idleMs?: number;
  readonly lonelyMs?: number;
}

/** An engine's connection to the voice process, which it starts when nobody has. */
export class KokoroClient implements Closeable {
  private readonly pending = new Map<number, Pending>();
  private connection: Promise<Socket> | undefined;
  private nextId = 1;
  private closed = false;

  constructor(private readonly options: KokoroClientOptions) {}

  /** Rejects with E_SPEECH_FAILED or E_CLOSED, or the signal's reason. */
  async speak(job: KokoroJob, signal: AbortSignal): Promise<KokoroSound> {
    for (let tries = 1; ; tries += 1) {
      signal.throwIfAborted();
      try {
        return await this.ask(job, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (this.closed) throw new EngineError('E_CLOSED', { where: 'kokoro', found: 'the speech service is closed' });
        if (error instanceof Gone && tries < 2) continue;
        throw new EngineError('E_SPEECH_FAILED', {
          where: 'the voice process of kokoro',
          expected: 'speech',
          found: error instanceof Error ? error.message : 'no answer',
          todo: 'run `engine model list`; install the model again if it is damaged',
          cause: error,
        });
      }
    }
  }

  /** Loads the model ahead of a likely job. */
  warm(): void {
    this.connected().then(
      (socket) => sendMessage(socket, { kind: 'warm', id: 0 }),
      () => undefined, // the job that needs it reports the fault
    );
  }

  async close(): Promise<void> {
    this.closed = true;
    const socket = await this.connection?.catch(() => undefined);
    socket?.destroy();
    this.fail(new Gone('the engine closes'));
  }

  private async ask(job: KokoroJob, signal: AbortSignal): Promise<KokoroSound> {
    const socket = await this.connected();
    const id = this.nextId++;
    const request: KokoroRequest = { kind: 'speak', id, ...job };
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        if (!this.pending.delete(id)) return;
        if (!socket.destroyed) sendMessage(socket, { kind: 'cancel', id });
        this.rest(socket);
        reject(signal.reason as Error);
      };
      const done = (): void => signal.removeEventListener('abort', onAbort);
      signal.addEventListener('abort', onAbort, { once: true });
      this.pending.set(id, {
        resolve: (sound) => (done(), resolve(sound)),
        reject: (error) => (done(), reject(error)),
      });
      socket.ref();
      if (socket.destroyed) this.fail(new Gone('the voice process ended'));
      else sendMessage(socket, request);
    });
  }

  private connected(): Promise<Socket> {
    if (this.closed) return Promise.reject(new Gone('the engine closes'));
    this.connection ??= this.open().catch((error: unknown) => {
      this.connection = undefined;
      throw error;
    });
    return this.connection;
  }

  private async open(): Promise<Socket> {
    const path = await voiceSocket(this.options.folder, this.options.env);
    const deadline = performance.now() + START_TIMEOUT_MS;
    let started = false;
    for (;;) {
      const socket = await tryConnect(path);
      if (socket !== undefined) {
        this.listenTo(socket);
        return socket;
      }
      if (!started) {
        startHost(path, this.options);
        started = true;
      }
      if (performance.now() > deadline)
        throw new Error(`the voice process did not start in ${START_TIMEOUT_MS / 1000} s`);
      await sleep(TRY_EVERY_MS, new AbortController().signal);
    }
  }

  private listenTo(socket: Socket): void {
    readMessages<KokoroReply>(socket, (reply, pcm) => {
      const waiting = this.pending.get(reply.id);
      this.pending.delete(reply.id);
      this.rest(socket);
      if (reply.kind === 'done') waiting?.resolve({ pcm, samples: reply.samples });
      else waiting?.reject(new Error(reply.message));
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.connection = undefined;
      this.fail(new Gone('the voice process ended'));
    });
    this.rest(socket);
  }

  /** A connection without a job does not keep the engine alive. */
  private rest(socket: Socket): void {
    if (this.pending.size === 0) socket.unref();
  }

  private fail(error: Error): void {
    for (const waiting of this.pending.values()) waiting.reject(error);
    this.pending.clear();
  }
}

function tryConnect(path: string): Promise<Socket | undefined> {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined || (process.getuid !== undefined && stat.uid !== process.getuid()))
    return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}

/** A process of its own session that outlives this engine: other rooms may speak with it. */
function startHost(path: string, { folder, idleMs, lonelyMs }: KokoroClientOptions): void {
  const here = import.meta.url;
  const isSource = here.endsWith('.ts');
  const module = fileURLToPath(new URL(isSource ? './kokoro-host.ts' : './kokoro-host.js', here));
  const node = [
    ...(isSource ? [`--import=${import.meta.resolve('tsx')}`] : []),
    '--max-semi-space-size=2',
    '--max-old-space-size=128',
  ];
  const args = [...node, module, folder, path, String(idleMs ?? 600_000), String(lonelyMs ?? 60_000)];
  spawnChild('/bin/sh', ['-c', '"$0" "$@" </dev/null >/dev/null 2>&1 &', process.execPath, ...args], {
    detached: true,
    stdio: 'ignore',
    env: { MALLOC_ARENA_MAX: '1' },
  }).unref();
}
