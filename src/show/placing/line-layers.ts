import type { Layer } from '../../config/sections/layer.js';
import { frameIndex, millisecondsToFrames, type FrameIndex, type FrameRate } from '../../core/time.js';
import type { LineLayer } from '../agenda/agenda.js';

/** Shows layers on air, judged like every other layer. */
export interface LayerStage {
  /**
   * Judges, draws and shows a layer from a frame on, or as soon after it as it is ready. Rejects when it is refused, or
   * when `isWanted` turned false before it was shown.
   */
  show(layer: Layer, atFrame: FrameIndex, isWanted: () => boolean): Promise<unknown>;
  /** Removes a layer from a frame on; a layer that is gone already is no fault. */
  hide(id: string, atFrame: FrameIndex): void;
}

export interface LineLayersOptions {
  readonly rate: FrameRate;
  readonly stage: LayerStage | undefined;
  /** A layer could not be shown; its line is spoken without it. */
  readonly onFault: (line: string, layer: string, error: unknown) => void;
}

/** Lead with which the end of a layer is sent to the loop. */
const END_LEAD_MS = 200;

interface Holder {
  readonly line: string;
  /** Where it gives way: the end of its line; else of its tail. */
  readonly minEndFrame: number;
  endFrame: number;
}

interface Held {
  readonly layer: Layer;
  readonly holders: Holder[];
}

/**
 * The layers that come and go with lines.
 *
 * Problem: consecutive lines often name the same layer, which must not flicker between them; a line may be taken back or
 * cut; a layer takes time to draw.
 * Rule: each line holds its layers from its first frame to its end; a layer is removed when nobody holds it any more. It
 * counts as shown until then, so that texts added before then are judged beside it. A layer with the same id and another
 * content replaces the previous one. A viewer's question stays for a moment after its answer, but not beside the layers
 * of the next line.
 */
export class LineLayers {
  private readonly held = new Map<string, Held>();

  constructor(private readonly options: LineLayersOptions) {}

  begin(line: string, layers: readonly LineLayer[], startFrame: FrameIndex, endFrame: FrameIndex): void {
    const { stage, rate, onFault } = this.options;
    if (stage === undefined) return;
    if (layers.length > 0) this.endTails(startFrame);
    for (const { layer, tailMs = 0, givesWay = false } of layers) {
      const until = endFrame + (tailMs === 0 ? 0 : millisecondsToFrames(tailMs, rate));
      const before = this.held.get(layer.id);
      const holder: Holder = { line, minEndFrame: givesWay ? endFrame : until, endFrame: until };
      if (before !== undefined && before.layer === layer) {
        before.holders.push(holder);
        continue;
      }
      const held: Held = { layer, holders: [holder] };
      this.held.set(layer.id, held);
      const isWanted = (): boolean => this.held.get(layer.id) === held;
      stage.show(layer, startFrame, isWanted).catch((error: unknown) => {
        if (!isWanted()) return;
        this.held.delete(layer.id);
        onFault(line, layer.id, error);
      });
    }
  }

  private endTails(atFrame: FrameIndex): void {
    for (const { holders } of this.held.values())
      for (const one of holders) one.endFrame = Math.max(one.minEndFrame, Math.min(one.endFrame, atFrame));
  }

  /** The line was taken back or cut: its layers leave at that frame, unless another line shows them. */
  end(line: string, atFrame: FrameIndex): void {
    for (const [id, { holders }] of this.held) {
      const mine = holders.findIndex((one) => one.line === line);
      if (mine < 0) continue;
      holders.splice(mine, 1);
      if (holders.length === 0) this.remove(id, atFrame);
    }
  }

  /** Removes the layers whose lines have ended. */
  update(now: FrameIndex): void {
    const soon = now + millisecondsToFrames(END_LEAD_MS, this.options.rate);
    for (const [id, { holders }] of this.held) {
      const last = Math.max(...holders.map(({ endFrame }) => endFrame));
      if (last <= soon) this.remove(id, frameIndex(Math.max(last, now)));
    }
  }

  private remove(id: string, atFrame: FrameIndex): void {
    this.held.delete(id);
    this.options.stage?.hide(id, atFrame);
  }
}
