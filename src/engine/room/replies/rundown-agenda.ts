import type { Layer } from '../../../config/sections/layer.js';
import type { Closeable } from '../../../core/closeable.js';
import type { Log } from '../../../core/log.js';
import type { LineRequest } from '../../../director/agenda/agenda-line.js';
import type { AgendaPort } from '../../../director/replies/agenda-port.js';
import type { Rundown } from '../../../director/rundown.js';

/** A line without a place for so long will not be spoken. */
const MAX_WAIT_MS = 120_000;
const SAMPLES_PER_MS = 48;

export interface RundownAgendaOptions {
  readonly rundown: Pick<Rundown, 'insert'>;
  readonly putLayer: (id: string, layer: Layer) => Promise<unknown>;
  readonly removeLayer: (id: string) => void;
  /** Milliseconds until a frame is drawn. */
  readonly untilFrameMs: (frame: number) => number;
  /** Frames of so many milliseconds. */
  readonly framesOf: (ms: number) => number;
  readonly log: Log;
}

/** Puts requested lines before the script's next line, and shows their layers while they are spoken. */
export class RundownAgenda implements AgendaPort, Closeable {
  private readonly waiting = new Map<string, { request: LineRequest; timer: NodeJS.Timeout }>();
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(private readonly options: RundownAgendaOptions) {}

  add(request: LineRequest): { id: string } | undefined {
    const { text, caption = text, language } = request;
    const line = this.options.rundown.insert({
      text,
      caption,
      next: true,
      ...(language === undefined ? {} : { language }),
    });
    if (line === undefined) return undefined;
    const timer = this.later(MAX_WAIT_MS, () => {
      this.waiting.delete(line.id);
      request.onOutcome?.({ outcome: 'failed', reason: 'the line was not spoken' });
    });
    this.waiting.set(line.id, { request, timer });
    return { id: line.id };
  }

  /** A line got its place in the show. */
  scheduled(id: string, startFrame: number, samples: number): void {
    const entry = this.waiting.get(id);
    if (entry === undefined) return;
    this.waiting.delete(id);
    clearTimeout(entry.timer);
    this.timers.delete(entry.timer);
    const lengthMs = samples / SAMPLES_PER_MS;
    const { layers = [], onOutcome } = entry.request;
    const startsInMs = this.options.untilFrameMs(startFrame);
    for (const { layer, tailMs = 0 } of layers) {
      this.later(startsInMs, () => this.show(layer, lengthMs + tailMs));
    }
    onOutcome?.({ outcome: 'scheduled', startFrame, endFrame: startFrame + this.options.framesOf(lengthMs) });
  }

  /** Shows a layer for some time. A refused layer is logged. */
  show(layer: Layer, forMs: number): void {
    const { putLayer, removeLayer, log } = this.options;
    void putLayer(layer.id, layer).then(
      () => this.later(forMs, () => removeLayer(layer.id)),
      (error: unknown) => log.warn({ layer: layer.id, error }, 'the layer of an answer is not shown'),
    );
  }

  async close(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    this.waiting.clear();
  }

  private later(delayMs: number, work: () => void): NodeJS.Timeout {
    const timer = setTimeout(
      () => {
        this.timers.delete(timer);
        work();
      },
      Math.max(0, delayMs),
    );
    timer.unref();
    this.timers.add(timer);
    return timer;
  }
}
