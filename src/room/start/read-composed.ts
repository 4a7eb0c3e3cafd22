import type { PresenterData } from '../../avatar/presenter-data.js';
import type { RoomConfig } from '../../config/room-config.js';
import type { Kernels } from '../../core/kernels.js';
import type { Log } from '../../core/log.js';
import type { DrawPicture } from '../../scene/assets/load-picture.js';
import { LayoutMaker } from '../../scene/lay-out.js';
import { legibleBoxes } from '../../scene/placing/legible-boxes.js';
import type { SceneCompiler } from '../../scene/scene-compiler.js';
import { composedDigest } from '../../scene/layers/still-digest.js';
import type { Admission } from '../../admission/admission.js';
import { composedKey } from '../../admission/composed-words.js';
import { StillCanvas } from '../../render/still-canvas.js';
import { paintOver } from '../watches/paint-over.js';
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
  const { room, scene, admission, presenter, assistant, log } = options;
  const opening = scene.still();
  if (!admission.willRead || opening === undefined) return;
  if (admission.judgeKept(composedKey(opening.digest, stageDigest(presenter, assistant))) !== undefined) return;
  try {
    for (const product of new Set(room.script.segments.map((segment) => segment.product ?? null))) {
      if (options.signal.aborted) return;
      await readWith(product, options);
    }
  } catch (error) {
    log.warn({ error: String(error) }, 'the composed picture was not read before the show; it is read on air');
  }
}

async function readWith(product: string | null, options: ReadComposedOptions): Promise<void> {
  const { room, kernels, draw, presenter, assistant, admission } = options;
  const { width, height } = room.video;
  // Its pictures were admitted when the scene was opened.
  const layers = await new LayoutMaker(room, { admit: async () => undefined, draw, kernels }).layers(product);
  const digest = stillOf(room, layers);
  if (digest === undefined) return;
  const canvas = new StillCanvas(room, kernels, presenter, assistant);
  for (const layer of layers) canvas.add(layer);
  const rgba = canvas.under({ x: 0, y: 0, width, height });
  const texts = layers.filter(({ text }) => text !== '').map(({ box }) => box);
  for (const box of legibleBoxes(texts)) paintOver(rgba, width, height, box);
  const { hits, lines } = await admission.words({ rgba, width, height }, 'frame', false);
  if (hits.some((hit) => hit.kind === 'unread-text')) return;
  admission.keepWords(composedKey(digest, stageDigest(presenter, assistant)), lines);
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
