import type { Worker } from 'node:worker_threads';
import type { Closeable } from '../../core/closeable.js';
import type { Log } from '../../core/log.js';
import type { SourceHealth } from '../../config/api/room-handle.js';
import type { StallStep } from '../../core/source-step.js';
import { spawnWorker } from '../../core/processes/spawn-worker.js';
import type { LedgerEntry } from '../../core/verdict.js';
import { ClipRing, type CompiledClips } from './clip-ring.js';
import type { FeedReport, FeedRequest } from './feed-message.js';

const LOOK_MS = 1000;
/** A silent feeder is not awaited: until then the layer shows its first frame. */
const FILL_TIMEOUT_MS = 2000;
const RESTART_MS = 500;

const TOLD = {
  fresh: { action: 'clip-goes-on', text: 'a clip goes on' },
  idle: { action: 'clip-stalled', text: 'a clip stalls: its first frame is shown' },
  slate: { action: 'clip-slate', text: 'a clip stalls: its slate is shown' },
} as const;

interface Watched {
  readonly id: string;
  readonly ring: ClipRing;
  lateFrames: number;
  step: StallStep;
}

/**
 * The main thread's end of the feeder: starts its thread with the first clip, gives it each layer's ring, and reports
 * once a second which clips are late. A dead thread is restarted with all rings still in use.
 */
export class ClipFeeder implements Closeable {
  private worker: Worker | undefined;
  private readonly feeds = new Map<number, CompiledClips>();
  private readonly waiting = new Map<number, () => void>();
  private watched: Watched[] = [];
  private readonly timer: NodeJS.Timeout;
  private next = 1;
  private closed = false;

  /** @param note records that a clip stalled, and that it resumed */
  constructor(
    private readonly log: Log,
    private readonly note: (entry: LedgerEntry) => void = () => undefined,
  ) {
    this.timer = setInterval(() => this.look(), LOOK_MS).unref();
  }

  /** Resolves when the first frames are in the ring. */
  async feed(clips: CompiledClips): Promise<void> {
    if (this.closed) return;
    const number = this.next++;
    this.feeds.set(number, clips);
    this.watched.push({ id: clips.id, ring: new ClipRing(clips.control), lateFrames: 0, step: 'fresh' });
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, FILL_TIMEOUT_MS);
      this.waiting.set(number, () => {
        clearTimeout(timer);
        resolve();
      });
      this.worker ??= this.start();
      this.worker.postMessage({ type: 'feed', clips, number } satisfies FeedRequest);
    });
    this.waiting.delete(number);
  }

  /** Reports clips that became late, stalled or resumed since the last check. */
  look(): void {
    for (const [number, { control }] of this.feeds) if (new ClipRing(control).gone) this.feeds.delete(number);
    this.watched = this.watched.filter((one) => !one.ring.gone);
    for (const one of this.watched) {
      const { lateFrames, step } = one.ring;
      const late = lateFrames - one.lateFrames;
      const layer = one.id;
      if (late > 0) this.log.warn({ layer, frames: late }, 'a clip’s frames came late');
      one.lateFrames = lateFrames;
      if (step === one.step) continue;
      const before = one.step;
      one.step = step;
      const { action, text } = TOLD[step];
      this.log[step === 'fresh' ? 'info' : 'warn']({ layer }, text);
      this.note({ kind: 'room', action, detail: { layer, before } });
    }
  }

  /** The fallback step of each clip layer at the last check. */
  sources(): SourceHealth[] {
    return this.watched.map(({ id, step }) => ({ id, kind: 'clip', step }));
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    for (const resolve of this.waiting.values()) resolve();
    await this.worker?.terminate();
  }

  private start(): Worker {
    const worker = spawnWorker(new URL('./feed-thread.js', import.meta.url), import.meta.url, {
      name: 'clip-feeder',
      resourceLimits: { maxYoungGenerationSizeMb: 2 },
    });
    worker.on('message', (message: FeedReport) => {
      if (message.type === 'filled') this.waiting.get(message.number)?.();
      else this.log.warn({ layer: message.id, error: message.error }, 'a clip cannot be read');
    });
    worker.on('error', (error) => this.log.error({ error: String(error) }, 'the clip feeder failed'));
    worker.once('exit', () => {
      if (this.worker !== worker) return;
      this.worker = undefined;
      setTimeout(() => this.startAgain(), RESTART_MS).unref();
    });
    worker.unref();
    return worker;
  }

  private startAgain(): void {
    if (this.closed || this.worker !== undefined) return;
    for (const [number, clips] of this.feeds) {
      if (new ClipRing(clips.control).gone) continue;
      this.worker ??= this.start();
      this.worker.postMessage({ type: 'feed', clips, number } satisfies FeedRequest);
    }
  }
}
