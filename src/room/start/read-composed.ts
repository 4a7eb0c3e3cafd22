import type { PresenterData } from '../../avatar/presenter-data.js';
import type { RoomConfig } from '../../config/room-config.js';
import type { Kernels } from '../../core/kernels.js';
import type { Log } from '../../core/log.js';
import type { DrawPicture } from '../../scene/assets/load-picture.js';
import { LayoutMaker, type LaidOut } from '../../scene/lay-out.js';
import { legibleBoxes } from '../../scene/placing/legible-boxes.js';
import type { SceneCompiler } from '../../scene/scene-compiler.js';
import { composedDigest } from '../../scene/layers/still-digest.js';
import type { Admission } from '../../admission/admission.js';
import { composedKey } from '../../admission/composed-words.js';
import { StillCanvas } from '../../render/still-canvas.js';
import { paintOver } from '../watches/picture-sampler.js';
import { stageDigest } from '../../stage/room-assets.js';

export interface ReadComposedOptions {
  readonly room: RoomConfig;
  readonly scene: Pick<SceneCompiler, 'still'>;
  readonly kernels: Kernels;
  readonly draw: DrawPicture;
  readonly presenter: PresenterData;
  readonly assistant?: PresenterData | undefined;
  readonly admission: Pick<Admission, 'judgeKept' | 'keepWords' | 'words' | 'willRead'>;
  readonly log: Log;
  /** Ends the work early: the pictures are read on air instead. */
  readonly signal: AbortSignal;
}

/**
 * Reads the composed picture with each product before the show, where it was never read: the reader's process has ended
 * when the encoders need their memory. The words are kept; the picture on air is judged by them, and read again unless
 * they are clean.
 */
export async function readComposed(options: ReadComposedOptions): Promise<void> {
  const { room, scene, kernels, draw, admission, presenter, assistant, log } = options;
  const opening = scene.still();
  if (!admission.willRead || opening === undefined) return;
  if (admission.judgeKept(composedKey(opening.digest, stageDigest(presenter, assistant))) !== undefined) return;
  // Their pictures were admitted when the scene was opened.
  const layouts = new LayoutMaker(room, { admit: async () => undefined, draw, kernels });
  try {
    let reading: Promise<void> | undefined;
    for (const product of new Set(room.script.segments.map((segment) => segment.product ?? null))) {
      if (options.signal.aborted) return;
      // Drawn while the one before is read.
      const drawing = layouts.layers(product).then((layers) => compose(layers.filter(isThroughout), options));
      const [composed] = await Promise.all([drawing, reading]);
      reading = composed && read(composed, admission);
    }
    await reading;
  } catch (error) {
    log.warn({ error: String(error) }, 'the composed picture was not read before the show; it is read on air');
  }
}

/** Layers on cue come with lines; the scene is without them in between. */
const isThroughout = ({ layer }: LaidOut): boolean => layer.shown !== 'on-cue';

interface Composed {
  readonly key: string;
  readonly rgba: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** The picture of these layers, without the texts that the engine wrote; undefined when an equal one was read. */
function compose(
  layers: readonly LaidOut[],
  { room, kernels, presenter, assistant, admission }: ReadComposedOptions,
): Composed | undefined {
  const { width, height } = room.video;
  const digest = stillOf(room, layers);
  if (digest === undefined) return undefined;
  const key = composedKey(digest, stageDigest(presenter, assistant));
  if (admission.judgeKept(key) !== undefined) return undefined;
  const canvas = new StillCanvas(room, kernels, presenter, assistant);
  for (const layer of layers) canvas.add(layer);
  const rgba = canvas.under({ x: 0, y: 0, width, height });
  const texts = layers.filter(({ text }) => text !== '').map(({ box }) => box);
  for (const box of legibleBoxes(texts)) paintOver(rgba, width, height, box);
  return { key, rgba, width, height };
}

async function read({ key, ...picture }: Composed, admission: ReadComposedOptions['admission']): Promise<void> {
  const { hits, lines } = await admission.words(picture, 'frame', false);
  if (!hits.some((hit) => hit.kind === 'unread-text')) admission.keepWords(key, lines);
}

/** The digest that the scene has when it shows these layers. */
function stillOf(
  { video }: Pick<RoomConfig, 'video'>,
  layers: readonly { readonly digest: string | undefined }[],
): string | undefined {
  return composedDigest(
    layers.map(({ digest }) => digest),
    `${video.width}x${video.height}`,
    video.background,
  );
}
