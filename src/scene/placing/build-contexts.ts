import type { RoomConfig } from '../../config/room-config.js';
import type { Light } from '../../config/sections/daylight.js';
import type { Product } from '../../config/sections/product.js';
import type { Kernels } from '../../core/kernels.js';
import type { DrawPicture } from '../assets/load-picture.js';
import type { ClipDeps } from '../clips/clip.js';
import { ClipStore } from '../clips/clip-store.js';
import { comparison } from '../layers/beside.js';
import type { BuildContext } from '../layers/build-context.js';
import { type Admit, PictureStore } from '../picture-store.js';
import { canvasOf, type Canvas } from '../place-box.js';
import type { CountdownEnds } from '../sale/countdown-ends.js';
import { loadSharp } from '../sharp.js';
import { TextMeasure } from '../text/text-measure.js';

interface BuildDeps {
  readonly kernels: Kernels;
  readonly admit: Admit;
  readonly draw: DrawPicture;
  readonly clips?: ClipDeps;
}

/** The inputs with which a room's layers are drawn. */
export class BuildContexts {
  readonly canvas: Canvas;
  readonly pictures: PictureStore;
  /** Light of the layers that are drawn from now on. */
  light: Light = 'day';
  private readonly measure = new TextMeasure(loadSharp);
  private readonly clips: ClipStore;

  constructor(
    private readonly room: RoomConfig,
    { kernels, draw, admit, clips }: BuildDeps,
    private readonly countdowns: CountdownEnds,
  ) {
    this.canvas = canvasOf(room.video.width, room.video.height);
    this.pictures = new PictureStore(draw, admit);
    this.clips = new ClipStore(kernels, room.rate, clips);
  }

  /** `draw`: another process than the room's own for pictures. */
  of(product: Product | null, draw?: DrawPicture): BuildContext {
    const { room, canvas, measure, pictures, clips, countdowns, light } = this;
    return {
      room,
      canvas,
      measure,
      product,
      ...comparison(product, room),
      sharp: loadSharp,
      picture: (request) => pictures.load(request, draw),
      judge: (where, raster) => pictures.judgeOnce(where, raster, []),
      light,
      clip: (request) => clips.load(request),
      millisecondsUntil: (epochMs) => countdowns.millisecondsUntil(epochMs),
    };
  }
}
