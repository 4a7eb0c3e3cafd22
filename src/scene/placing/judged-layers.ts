import type { RoomConfig } from '../../config/room-config.js';
import type { Layer } from '../../config/sections/layer.js';
import { buildLayer } from '../build-layer.js';
import type { BuildContext, BuiltLayer } from '../layers/build-context.js';
import type { PictureStore } from '../picture-store.js';

/** Characters that could draw a code out of text: box and block elements, shapes, braille, private use. */
const DRAWN = /[\u2500-\u25ff\u2800-\u28ff\ue000-\uf8ff\u{1fb00}-\u{1fbff}]/u;

/** Whether a text could be a code when it is drawn. */
export const couldBeCode = (text: string): boolean => DRAWN.test(text);

/** Draws layers and has them judged. Pictures are judged as they are loaded, texts here. */
export class JudgedLayers {
  constructor(
    private readonly room: RoomConfig,
    private readonly pictures: PictureStore,
  ) {}

  /** Only draws. `of` judges the result. */
  draw(layer: Layer, context: BuildContext): Promise<BuiltLayer | undefined> {
    return buildLayer(layer, context, this.where(layer));
  }

  /** A layer that may be shown; undefined when there is nothing to show now. Throws E_ASSET_REFUSED. */
  async of(layer: Layer, context: BuildContext, drawing = this.draw(layer, context)): Promise<BuiltLayer | undefined> {
    const built = await drawing;
    if (built !== undefined) await this.judgeText(this.where(layer), built);
    return built;
  }

  /** Text with drawing characters could be a code, so its picture is judged. */
  async judgeText(where: string, { text, sprites }: BuiltLayer): Promise<void> {
    if (text === undefined || !couldBeCode(text)) return;
    for (const { raster } of sprites) await this.pictures.judge(where, raster);
  }

  private where({ id }: Layer): string {
    const index = this.room.layers.findIndex((l) => l.id === id);
    return index < 0 ? `layer "${id}"` : `layers[${index}] "${id}"`;
  }
}
