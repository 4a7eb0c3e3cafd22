import type { Layer } from '../../config/sections/layer.js';
import type { Closeable } from '../../core/closeable.js';
import type { Log } from '../../core/log.js';
import type { FrameIndex } from '../../core/time.js';

export interface TimedLayersOptions {
  readonly layers: {
    showForLine(id: string, body: unknown, when: () => FrameIndex): Promise<unknown>;
    hideForLine(id: string, atFrame: FrameIndex): void;
  };
  readonly soon: () => FrameIndex;
  readonly log: Log;
  /** A layer has come or gone. */
  readonly onChange: () => void;
}

/** Layers that are shown for some time without a line, judged like all others. */
export class TimedLayers implements Closeable {
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(private readonly options: TimedLayersOptions) {}

  /** A layer with the same id is replaced, and its time begins anew. A refused layer is logged. */
  show(layer: Layer, forMs: number): void {
    const { layers, soon, log, onChange } = this.options;
    void layers.showForLine(layer.id, layer, soon).then(
      () => {
        onChange();
        clearTimeout(this.timers.get(layer.id));
        const timer = setTimeout(() => this.hide(layer.id), forMs);
        this.timers.set(layer.id, timer.unref());
      },
      (error: unknown) => log.warn({ layer: layer.id, reason: String(error) }, 'a layer of an answer is not shown'),
    );
  }

  async close(): Promise<void> {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }

  private hide(id: string): void {
    const { layers, soon, log, onChange } = this.options;
    this.timers.delete(id);
    try {
      layers.hideForLine(id, soon());
      onChange();
    } catch (error) {
      // The operator may have removed it.
      log.debug({ layer: id, reason: String(error) }, 'a layer of an answer has already gone');
    }
  }
}
