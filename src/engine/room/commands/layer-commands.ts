import type { Layer } from '../../../config/sections/layer.js';
import { COMMAND_LIMIT_MS, SerialQueue } from '../../../core/serial-queue.js';
import type { FrameIndex } from '../../../core/time.js';
import { RemovedTexts } from '../../texts/removed-texts.js';
import { layerTexts } from '../../texts/layer-texts.js';
import type { EditHistory } from './edit-history.js';
import { putLayer, type PutLayerParts } from './put-layer.js';

/**
 * Adds and removes layers on air. Commands for one layer id run in order; different ids run in parallel, since drawing
 * and scanning a picture may take seconds.
 */
export class LayerCommands {
  private readonly turns = new Map<string, { readonly turns: SerialQueue; waiting: number }>();
  private readonly removed: RemovedTexts;
  /** Layers that commands have put or removed, as they are now. */
  private readonly changed = new Map<string, Layer | undefined>();

  constructor(
    private readonly parts: PutLayerParts,
    private readonly soon: () => FrameIndex,
    nowMs: () => number,
    private readonly history?: EditHistory,
  ) {
    this.removed = new RemovedTexts(parts.judge, nowMs);
  }

  async put(id: string, body: unknown): Promise<{ id: string; atFrame: number }> {
    return this.apply(id, body, (before) =>
      this.history?.register(`layer "${id}"`, async (requireNewest) => {
        if (before === undefined) this.takeOut(id);
        else await this.apply(id, before, undefined, requireNewest);
      }),
    );
  }

  /** Removes at once, without waiting for a layer that is still being prepared. */
  remove(id: string): void {
    const before = this.takeOut(id);
    if (before !== undefined)
      this.history?.register(`remove layer "${id}"`, async (requireNewest) => {
        await this.apply(id, before, undefined, requireNewest);
      });
  }

  /** Layers that differ from the room file's; undefined for a removed one. */
  edited(): ReadonlyMap<string, Layer | undefined> {
    return this.changed;
  }

  /** Shows a layer of a line, which is no edit; `when`: the frame from which it is shown, asked once it is ready. */
  async showForLine(id: string, body: unknown, when: () => FrameIndex): Promise<void> {
    await this.inTurn(id, () => putLayer(this.parts, this.removed, id, body, when));
  }

  hideForLine(id: string, atFrame: FrameIndex): void {
    this.withdraw(id, atFrame);
  }

  /** `applied`: called in the same turn, with the layer as it was at its begin. */
  private apply(
    id: string,
    body: unknown,
    applied?: (before: Layer | undefined) => void,
    begins?: () => void,
  ): Promise<{ id: string; atFrame: number }> {
    return this.inTurn(id, async (late) => {
      begins?.();
      const before = this.parts.scene.layer(id);
      const done = await putLayer(this.parts, this.removed, id, body, this.soon, late);
      this.changed.set(id, this.parts.scene.layer(id));
      applied?.(before);
      return done;
    });
  }

  private async inTurn<T>(id: string, task: (late: AbortSignal) => Promise<T>): Promise<T> {
    const mine = this.turns.get(id) ?? {
      turns: new SerialQueue({ limitMs: COMMAND_LIMIT_MS, where: `layer "${id}"` }),
      waiting: 0,
    };
    this.turns.set(id, mine);
    mine.waiting += 1;
    try {
      return await mine.turns.take(task);
    } finally {
      mine.waiting -= 1;
      if (mine.waiting === 0) this.turns.delete(id);
    }
  }

  private takeOut(id: string): Layer | undefined {
    const layer = this.withdraw(id, this.soon());
    this.changed.set(id, undefined);
    return layer;
  }

  private withdraw(id: string, atFrame: FrameIndex): Layer | undefined {
    const { scene, loop } = this.parts;
    const layer = scene.layer(id);
    loop.send({ type: 'scene', update: scene.removeLayer(id, atFrame) });
    if (layer !== undefined) this.removed.add(layerTexts(layer, `layer "${id}"`));
    return layer;
  }
}
