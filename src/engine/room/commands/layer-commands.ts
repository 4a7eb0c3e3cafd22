import { SerialQueue } from '../../../core/serial-queue.js';
import type { FrameIndex } from '../../../core/time.js';
import { RemovedTexts } from '../../texts/removed-texts.js';
import { layerTexts } from '../../texts/layer-texts.js';
import { putLayer, type PutLayerParts } from './put-layer.js';

/** Layers that are put in and taken out on air, one after another: each is judged beside those that stand there, and stood there. */
export class LayerCommands {
  private readonly turns = new SerialQueue();
  private readonly gone: RemovedTexts;

  constructor(
    private readonly parts: PutLayerParts,
    private readonly soon: () => FrameIndex,
    nowMs: () => number,
  ) {
    this.gone = new RemovedTexts(parts.judge, nowMs);
  }

  put(id: string, body: unknown): Promise<{ id: string; atFrame: number }> {
    return this.turns.take(() => putLayer(this.parts, this.gone, id, body, this.soon));
  }

  /** At once: what comes off need not wait for what comes. */
  remove(id: string): void {
    const { scene, loop } = this.parts;
    const layer = scene.layer(id);
    loop.send({ type: 'scene', update: scene.removeLayer(id, this.soon()) });
    if (layer !== undefined) this.gone.add(layerTexts(layer, `layer "${id}"`));
  }
}
