import type { Layer } from '../../config/sections/layer.js';
import type { RoomConfig } from '../../config/room-config.js';
import { EngineError } from '../../core/errors.js';
import { frameIndex, type FrameIndex } from '../../core/time.js';
import type { LayerStage } from '../../show/placing/line-layers.js';

export interface LineStageTarget {
  readonly room: Pick<RoomConfig, 'layers'>;
  readonly layers: {
    showForLine(id: string, body: unknown, when: () => FrameIndex): Promise<unknown>;
    hideForLine(id: string, atFrame: FrameIndex): void;
  };
  readonly scene: { layer(id: string): Layer | undefined };
  readonly soon: () => FrameIndex;
  /** A layer that is not the room file's has come or gone. */
  readonly onChange: () => void;
}

/** Shows the layers of lines by the same judged way as layers of the API. Lines are scheduled after `connect`. */
export class LineStage implements LayerStage {
  private target: LineStageTarget | undefined;

  connect(target: LineStageTarget): void {
    this.target = target;
  }

  async show(layer: Layer, atFrame: FrameIndex, isWanted: () => boolean): Promise<void> {
    if (this.target === undefined) return;
    const { room, layers, soon, onChange } = this.target;
    const own = room.layers.find(({ id }) => id === layer.id);
    if (own !== undefined && own.shown !== 'on-cue') {
      throw new EngineError('E_LAYER_INVALID', {
        where: `layer "${layer.id}"`,
        expected: 'an id that no layer of the room has, or one of its layers with `shown: "on-cue"`',
        found: 'a layer that is always shown',
      });
    }
    await layers.showForLine(layer.id, layer, () => {
      if (isWanted()) return frameIndex(Math.max(soon(), atFrame));
      throw new EngineError('E_CLOSED', { where: `layer "${layer.id}"`, found: 'a line that is not spoken any more' });
    });
    if (own === undefined) onChange();
  }

  hide(id: string, atFrame: FrameIndex): void {
    if (this.target?.scene.layer(id) === undefined) return;
    const { layers, soon } = this.target;
    layers.hideForLine(id, frameIndex(Math.max(soon(), atFrame)));
  }
}
