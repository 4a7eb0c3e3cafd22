import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, sep } from 'node:path';
import type { Admission } from '../../admission/admission.js';
import { composedKey } from '../../admission/composed-words.js';
import type { PresenterData } from '../../avatar/presenter-data.js';
import { composedPictures } from '../../check/check-composed.js';
import type { RoomConfig } from '../../config/room-config.js';
import { templatePath } from '../../core/files/paths.js';
import type { Kernels } from '../../core/kernels.js';
import type { Log } from '../../core/log.js';
import { StillCanvas } from '../../render/still-canvas.js';
import type { DrawPicture } from '../../scene/assets/load-picture.js';
import type { ClipDeps } from '../../scene/clips/clip.js';
import { type LaidOut, LayoutMaker } from '../../scene/lay-out.js';
import { composedDigest } from '../../scene/layers/build-context.js';
import { legibleBoxes } from '../../scene/placing/placed-layers.js';
import type { SceneCompiler } from '../../scene/scene-compiler.js';
import type { SpeakerRole } from '../../show/agenda/agenda.js';
import { stageDigest } from '../../stage/room-assets.js';
import { paintOver } from '../watches/picture-sampler.js';

interface ReadComposedOptions {
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

interface AdmitStageOptions {
  readonly room: RoomConfig;
  readonly kernels: Kernels;
  readonly draw: DrawPicture;
  readonly presenter: PresenterData;
  readonly assistant: PresenterData | undefined;
  readonly clips: ClipDeps;
  readonly admission: Pick<Admission, 'admitComposed' | 'admitOnce'>;
}

/**
 * Refuses a room whose pictures show a code together, as `engine check` does: one split over two layers, or one that the
 * presenter holds. Drawing every product takes a second, so equal files are drawn once, and those of the package never.
 */
export async function admitStage({ admission, ...deps }: AdmitStageOptions): Promise<void> {
  const { room, presenter, assistant } = deps;
  const { video, layers, products, script } = room;
  const packs = [room.presenter.pack, ...(assistant === undefined ? [] : [room.assistant!.pack!])];
  const shown = script.segments.map((segment) => segment.product ?? null);
  const files = [...new Set(filesIn([layers, products]))];
  const isOwn = [...packs, ...files].every((file) => file.startsWith(templatePath() + sep));
  if (isOwn) return;
  const facts = await Promise.all(files.map(factsOf));
  const key = JSON.stringify([video, layers, products, shown, packs, stageDigest(presenter, assistant), facts]);
  await admission.admitOnce(`stage ${createHash('sha256').update(key).digest('hex')}`, async () => {
    for await (const { where, picture } of composedPictures(room, deps)) await admission.admitComposed(picture, where);
  });
}

/** All paths in a part of a room, which are absolute once it is loaded. */
function filesIn(value: unknown): string[] {
  if (typeof value === 'string') return isAbsolute(value) ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(filesIn) : [];
}

/** What tells that a file has changed; empty for a text that only looks like a path. */
const factsOf = (file: string): Promise<readonly number[]> =>
  stat(file).then(
    ({ size, mtimeMs }) => [size, mtimeMs],
    () => [],
  );

interface AdmitPersonOptions {
  readonly room: RoomConfig;
  readonly kernels: Kernels;
  readonly role: SpeakerRole;
  readonly pack: string;
  readonly person: PresenterData;
  readonly where: string;
  readonly admission: Pick<Admission, 'admitComposed'>;
}

/**
 * Refuses a person who is about to take over and shows a code. On air only the person is drawn, on the room's background:
 * laying out every product would take too long, and the gate judges the frames that show both.
 */
export async function admitPerson(options: AdmitPersonOptions): Promise<void> {
  const { room, kernels, role, pack, person, where, admission } = options;
  if (dirname(pack) === templatePath('presenters')) return;
  const { width, height } = room.video;
  const canvas = new StillCanvas(room, kernels, person, person);
  const type = role === 'host' ? 'presenter' : 'assistant';
  for (const layer of room.layers) if (layer.type === type) canvas.add({ layer, pictures: [] });
  const rgba = canvas.under({ x: 0, y: 0, width, height });
  await admission.admitComposed({ rgba, width, height }, where);
}
