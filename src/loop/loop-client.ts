import type { Worker } from 'node:worker_threads';
import type { GateEvent } from '../compliance/gate/gate-event.js';
import type { WatchEvent } from '../compliance/watch/watch-event.js';
import type { Closeable } from '../core/closeable.js';
import { EngineError } from '../core/errors.js';
import type { FrameIndex } from '../core/time.js';
import { type PreparedWorkers, spawnWorker } from '../core/processes/spawn-worker.js';
import { LoopBoard, newLoopBoardBuffers, type LoopBoardBuffers } from './loop-board.js';
import type { LoopInit, LoopReport, LoopRequest } from './build-frame-loop.js';

export interface LoopClientEvents {
  /** `picture`: the withheld I420 frame, when evidence is kept. */
  onGate(event: GateEvent, picture?: Uint8Array): void;
  onWatch(event: WatchEvent): void;
  /** The thread ended by itself: the room cannot go on. */
  onDeath(error: EngineError): void;
}

export interface Dumped {
  readonly fromFrame: FrameIndex;
  readonly frames: number;
}

const MODULE = new URL('./loop-worker.js', import.meta.url);
const THREAD = {
  name: 'frame-loop',
  // The encoders' pipes are opened on the main thread and closed on the loop's thread.
  trackUnmanagedFds: false,
};
const ANSWER_TIMEOUT_MS = 2000;
const STOP_TIMEOUT_MS = 1500;

/** Controls the loop's thread from the main thread. */
export class LoopClient implements Closeable {
  readonly board: LoopBoard;
  private readonly ready: Promise<void>;
  private closing = false;
  private built = false;
  private readonly stills = new Set<(picture: Uint8Array) => void>();
  private readonly canvases = new Set<(picture: Uint8Array) => void>();
  private readonly dumps: { resolve(dumped: Dumped): void; reject(error: EngineError): void }[] = [];
  private markStopped: () => void = () => undefined;
  private readonly stopped = new Promise<void>((resolve) => (this.markStopped = resolve));

  private constructor(
    private readonly worker: Worker,
    private readonly buffers: LoopBoardBuffers,
    private readonly events: LoopClientEvents,
  ) {
    this.board = new LoopBoard(buffers);
    this.ready = this.listen();
    this.ready.catch(() => undefined); // awaited by `build`
  }

  /** Loads the code for the next client's thread in advance. */
  static prepare(workers: PreparedWorkers): void {
    workers.prepare(MODULE, import.meta.url, THREAD);
  }

  /** Starts the thread, which loads its code and waits for its room. */
  static spawn(events: LoopClientEvents, prepared?: PreparedWorkers): LoopClient {
    const worker = prepared?.take(MODULE) ?? spawnWorker(MODULE, import.meta.url, THREAD);
    return new LoopClient(worker, newLoopBoardBuffers(), events);
  }

  /** Resolves once the thread has built the room. Send no other message before. */
  build(init: Omit<LoopInit, 'board'>): Promise<void> {
    this.built = true;
    this.worker.postMessage({ ...init, board: this.buffers } satisfies LoopInit);
    return this.ready;
  }

  private listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      const died = (found: string, cause?: unknown): void => {
        this.markStopped();
        if (this.closing) return;
        this.closing = true;
        const error = new EngineError('E_INTERNAL', {
          where: 'frame loop',
          expected: 'a running thread',
          found,
          cause,
        });
        reject(error);
        for (const waiting of this.dumps.splice(0)) waiting.reject(error);
        this.events.onDeath(error);
      };
      this.worker.on('message', (message: LoopReport) => {
        switch (message.type) {
          case 'ready':
            return resolve();
          case 'gate':
            return this.events.onGate(message.event, message.picture);
          case 'watch':
            return this.events.onWatch(message.event);
          case 'dumped':
            this.dumps.shift()?.resolve({ fromFrame: message.fromFrame, frames: message.frames });
            return;
          case 'still':
          case 'canvas': {
            const waiting = message.type === 'still' ? this.stills : this.canvases;
            for (const take of waiting) take(message.picture);
            waiting.clear();
            return;
          }
          case 'stopped':
            this.markStopped();
        }
      });
      this.worker.on('error', (cause) => died(cause.message, cause));
      this.worker.on('exit', (code) => died(`exit code ${code}`));
    });
  }

  send(message: LoopRequest): void {
    if (!this.closing || message.type === 'stop') this.worker.postMessage(message);
  }

  /**
   * Drops the frames in the gate's window and returns which. Throws E_TIMEOUT when the thread does not answer in time;
   * it still drops the frames once it runs again. The request stays queued for that late answer, so that the next
   * request does not receive it.
   */
  dump(timeoutMs = ANSWER_TIMEOUT_MS): Promise<Dumped> {
    return new Promise((resolve, reject) => {
      if (this.closing) {
        reject(new EngineError('E_CLOSED', { where: 'dump', found: 'a room that is stopping' }));
        return;
      }
      const late = new EngineError('E_TIMEOUT', {
        where: 'dump',
        expected: `an answer of the frame loop in ${timeoutMs} ms`,
        found: 'no answer (thread hung or CPU starved)',
        todo: 'the thread drops the window once it runs again; if it does not, restart the engine',
      });
      const timer = setTimeout(() => reject(late), timeoutMs);
      const settle = <T>(resolveWith: (value: T) => void) => {
        return (value: T): void => {
          clearTimeout(timer);
          resolveWith(value);
        };
      };
      this.dumps.push({ resolve: settle(resolve), reject: settle(reject) });
      this.send({ type: 'dump' });
    });
  }

  /** A copy of the last released picture, I420. */
  still(): Promise<Uint8Array> {
    return this.picture('still', this.stills);
  }

  /** A copy of the picture as drawn, I420, before the gate replaces it. */
  canvas(): Promise<Uint8Array> {
    return this.picture('canvas', this.canvases);
  }

  private picture(type: 'still' | 'canvas', waiting: Set<(picture: Uint8Array) => void>): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(take);
        reject(
          new EngineError('E_TIMEOUT', { where: 'still picture', expected: 'a frame', found: 'no frame in time' }),
        );
      }, ANSWER_TIMEOUT_MS);
      const take = (picture: Uint8Array): void => {
        clearTimeout(timer);
        resolve(picture);
      };
      waiting.add(take);
      this.send({ type });
    });
  }

  /** Stops the ticks and ends the encoders' input. A hung thread is terminated. */
  async close(): Promise<void> {
    if (!this.closing) {
      this.closing = true;
      if (this.built) this.worker.postMessage({ type: 'stop' } satisfies LoopRequest);
    }
    const stopped = new EngineError('E_CLOSED', { where: 'dump', found: 'a room that has stopped' });
    for (const waiting of this.dumps.splice(0)) waiting.reject(stopped);
    const timeout = new Promise<void>((resolve) => setTimeout(resolve, STOP_TIMEOUT_MS).unref());
    if (this.built) await Promise.race([this.stopped, timeout]);
    await this.worker.terminate();
  }
}
