import { SerialQueue } from '../../../core/serial-queue.js';
import type { FrameIndex } from '../../../core/time.js';
import { RemovedTexts } from '../../texts/removed-texts.js';
import { layerTexts } from '../../texts/layer-texts.js';
import { putLayer, type PutLayerParts } from './put-layer.js';

/**
 * Adds and removes layers on air. Commands for one layer id run in order; different ids run in parallel, since drawing
 * and scanning a picture may take seconds.
 */
export class LayerCommands {
  private readonly turns = new Map<string, { readonly turns: SerialQueue; waiting: number }>();
  private readonly removed: RemovedTexts;

  constructor(
    private readonly parts: PutLayerParts,
    private readonly soon: () => FrameIndex,
    nowMs: () => number,
  ) {
    this.removed = new RemovedTexts(parts.judge, nowMs);
  }

  /** `when`: the frame from which it is shown, asked once it is ready; it may throw. */
  async put(id: string, body: unknown, when = this.soon): Promise<{ id: string; atFrame: number }> {
    const mine = this.turns.get(id) ?? { turns: new SerialQueue(), waiting: 0 };
    this.turns.set(id, mine);
    mine.waiting += 1;
    try {
      return await mine.turns.take(() => putLayer(this.parts, this.removed, id, body, when));
    } finally {
      mine.waiting -= 1;
      if (mine.waiting === 0) this.turns.delete(id);
    }
  }

  /** Removes at once, without waiting for a layer that is still being prepared. */
  remove(id: string, atFrame = this.soon()): void {
    const { scene, loop } = this.parts;
    const layer = scene.layer(id);
    loop.send({ type: 'scene', update: scene.removeLayer(id, atFrame) });
    if (layer !== undefined) this.removed.add(layerTexts(layer, `layer "${id}"`));
  }
}
