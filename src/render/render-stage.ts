import type { RoomConfig } from '../config/room-config.js';
import type { Layer } from '../config/sections/layer.js';
import { frameIndex, type FrameIndex } from '../core/time.js';
import type { LayerStage } from '../show/placing/line-layers.js';
import { listenTo } from '../show/listen-to.js';
import type { ShowCommand } from '../show/show-command.js';
import type { TextJudge } from '../moderation/index.js';
import type { SceneCompiler } from '../scene/scene-compiler.js';
import { layerTexts } from '../admission/texts/layer-texts.js';
import { refuseTexts } from '../admission/texts/refuse-texts.js';

export interface RenderStageParts {
  readonly room: RoomConfig;
  readonly judge: TextJudge;
  readonly scene: Pick<SceneCompiler, 'layer' | 'putLayer' | 'removeLayer'>;
  readonly send: (command: ShowCommand) => void;
  /** The frame that is drawn next. */
  readonly frame: () => FrameIndex;
}

/** Shows the layers of lines in an offline render, which waits until they are drawn: same room, same frames. */
export class RenderStage implements LayerStage {
  private readonly drawing = new Set<Promise<unknown>>();

  constructor(private readonly parts: RenderStageParts) {}

  show(layer: Layer, atFrame: FrameIndex, isWanted: () => boolean): Promise<unknown> {
    const shown = this.draw(layer, atFrame, isWanted);
    const settled = shown.catch(() => undefined).finally(() => void this.drawing.delete(settled));
    this.drawing.add(settled);
    return shown;
  }

  hide(id: string, atFrame: FrameIndex): void {
    const { scene, send, frame } = this.parts;
    if (scene.layer(id) !== undefined) {
      const update = scene.removeLayer(id, frameIndex(Math.max(frame(), atFrame)));
      send({ type: 'scene', update });
    }
  }

  /** Resolves when all layers of scheduled lines are drawn. */
  async settled(): Promise<void> {
    while (this.drawing.size > 0) await Promise.all(this.drawing);
  }

  private async draw(layer: Layer, atFrame: FrameIndex, isWanted: () => boolean): Promise<void> {
    const { room, judge, scene, send, frame } = this.parts;
    // Those of the room were judged at the start.
    if (!room.layers.includes(layer))
      refuseTexts(judge, room, layerTexts(layer, `layer "${layer.id}"`), () => undefined);
    let shownAt = atFrame;
    const when = (): FrameIndex => (shownAt = frameIndex(Math.max(frame(), atFrame)));
    send({ type: 'scene', update: await scene.putLayer(layer, when) });
    const listen = listenTo(layer, shownAt, room.rate);
    if (listen !== undefined) send(listen);
    if (!isWanted()) this.hide(layer.id, frame());
  }
}
