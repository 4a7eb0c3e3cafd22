import type { Worker } from 'node:worker_threads';
import type { GateEvent } from '../../compliance/gate/gate-event.js';
import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import { spawnWorker } from '../../core/spawn-worker.js';
import { LoopBoard, newLoopBoardBuffers } from './loop-board.js';
import type { LoopInit, LoopReport, LoopRequest } from './loop-message.js';

export interface LoopClientEvents {
  onGate(event: GateEvent): void;
  /** The thread ended by itself: the room cannot go on. */
  onDeath(error: EngineError): void;
}

const STILL_TIMEOUT_MS = 2000;
const STOP_TIMEOUT_MS = 1500;

/** The main thread's end of the loop's thread. */
export class LoopClient implements Closeable {
  readonly board: LoopBoard;
  private closing = false;
  private readonly stills = new Set<(picture: Uint8Array) => void>();
  private markStopped: () => void = () => undefined;
  private readonly stopped = new Promise<void>((resolve) => (this.markStopped = resolve));

  private constructor(
    private readonly worker: Worker,
    board: LoopBoard,
    private readonly events: LoopClientEvents,
  ) {
    this.board = board;
  }

  /** Resolves once the thread has built the room and can take messages. */
  static async start(init: Omit<LoopInit, 'board'>, events: LoopClientEvents): Promise<LoopClient> {
    const buffers = newLoopBoardBuffers();
    const workerData: LoopInit = { ...init, board: buffers };
    const worker = spawnWorker(new URL('./loop-worker.js', import.meta.url), import.meta.url, {
      name: 'frame-loop',
      // The encoders' pipes are opened on the main thread and closed on this one.
      trackUnmanagedFds: false,
      resourceLimits: { maxYoungGenerationSizeMb: 6 },
      workerData,
    });
    const client = new LoopClient(worker, new LoopBoard(buffers), events);
    await client.listen();
    return client;
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
        this.events.onDeath(error);
      };
      this.worker.on('message', (message: LoopReport) => {
        switch (message.type) {
          case 'ready':
            return resolve();
          case 'gate':
            return this.events.onGate(message.event);
          case 'still':
            for (const take of this.stills) take(message.picture);
            this.stills.clear();
            return;
          case 'stopped':
            this.markStopped();
        }
      });
      this.worker.on('error', (cause) => died(cause.message, cause));
      this.worker.on('exit', (code) => died(`it ended with ${code}`));
    });
  }

  send(message: LoopRequest): void {
    if (!this.closing || message.type === 'stop') this.worker.postMessage(message);
  }

  /** A copy of the newest picture that left, I420. */
  still(): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.stills.delete(take);
        reject(
          new EngineError('E_TIMEOUT', { where: 'still picture', expected: 'a frame', found: 'none left in time' }),
        );
      }, STILL_TIMEOUT_MS);
      const take = (picture: Uint8Array): void => {
        clearTimeout(timer);
        resolve(picture);
      };
      this.stills.add(take);
      this.send({ type: 'still' });
    });
  }

  /** Ends the ticking; the encoders get the end of their input. A thread that hangs is ended. */
  async close(): Promise<void> {
    if (!this.closing) {
      this.closing = true;
      this.worker.postMessage({ type: 'stop' } satisfies LoopRequest);
    }
    const timeout = new Promise<void>((resolve) => setTimeout(resolve, STOP_TIMEOUT_MS).unref());
    await Promise.race([this.stopped, timeout]);
    await this.worker.terminate();
  }
}
