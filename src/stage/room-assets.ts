import { loadMusic } from '../audio/load-music.js';
import type { FilmFeeder } from '../avatar/filmed/film-feeder.js';
import { loadPresenter, type LoadPresenterOptions } from '../avatar/load-presenter.js';
import type { PresenterData } from '../avatar/presenter-data.js';
import type { PresenterLook } from '../avatar/presenter-pack.js';
import type { RoomConfig } from '../config/room-config.js';
import type { Kernels } from '../core/kernels.js';
import type { Log } from '../core/log.js';
import type { SetLight } from '../core/media/set-light.js';
import type { FfmpegInfo } from '../encoder/process/find-ffmpeg.js';
import type { DrawPicture } from '../scene/assets/load-picture.js';
import type { ClipDeps } from '../scene/clips/clip.js';
import type { ClipFeeder } from '../scene/clips/clip-feeder.js';
import type { DayClock } from '../scene/sale/countdown-ends.js';
import { SceneCompiler } from '../scene/scene-compiler.js';
import { assistantBox, presenterBox } from '../scene/place-box.js';
import type { SceneUpdate } from '../scene/scene-update.js';
import type { Admission } from '../admission/admission.js';
import { slateOf } from '../admission/texts/layer-texts.js';

export interface RoomAssets {
  readonly scene: SceneCompiler;
  readonly opening: SceneUpdate;
  readonly slate: Uint8Array<SharedArrayBuffer>;
  readonly presenter: PresenterData;
  /** The second person on stage. */
  readonly assistant: PresenterData | undefined;
  readonly music: { readonly pcm: Int16Array<SharedArrayBuffer>; readonly loudnessLufs: number } | undefined;
}

export interface AssetDeps {
  readonly room: RoomConfig;
  readonly kernels: Kernels;
  readonly draw: DrawPicture;
  /** Draws layers that are added on air. */
  readonly drawPut?: DrawPicture;
  readonly ffmpeg: FfmpegInfo;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Aborts the work on clips that are loaded later; default `signal`. */
  readonly stop?: AbortSignal;
  /** Reads clips ahead; undefined offline. */
  readonly feeder?: ClipFeeder;
  /** Reads the film of a filmed presenter ahead; undefined offline. */
  readonly filmFeeder?: FilmFeeder;
  /** The time of day, for countdowns; undefined offline. */
  readonly day?: DayClock;
  /** Load only the first pictures; see SceneCompiler.open. */
  readonly fastStart: boolean;
}

/** Loads everything a room shows and plays. All errors are EngineErrors that name the layer and file. */
export async function loadRoomAssets(deps: AssetDeps, admission: Admission): Promise<RoomAssets> {
  const { room, kernels, draw, drawPut, ffmpeg, log, signal, fastStart, day } = deps;
  const clips = clipDeps(deps, admission);
  const scene = new SceneCompiler(room, {
    kernels,
    log,
    admit: admission.admit,
    draw,
    ...(drawPut === undefined ? {} : { drawPut }),
    clips,
    ...(day === undefined ? {} : { day }),
  });
  const opened = scene.open({ tryProducts: !fastStart });
  const light = (): Promise<SetLight | undefined> => opened.then(() => scene.setLight);
  const [opening, slate, presenter, assistant, music] = await Promise.all([
    opened,
    scene.slate(slateOf(room)),
    loadPresenter(room.presenter.pack, {
      box: presenterBox(room),
      kernels,
      log,
      signal,
      ...lookOf(room.presenter),
      ffmpegPath: async () => ffmpeg.decoder.path,
      feeder: deps.filmFeeder,
      light,
    }),
    loadAssistant(room, {
      kernels,
      log,
      signal,
      ffmpegPath: async () => ffmpeg.decoder.path,
      feeder: deps.filmFeeder,
      light,
    }),
    room.audio.music === undefined
      ? undefined
      : loadMusic(room.audio.music.src, { ffmpegPath: ffmpeg.decoder.path, signal }),
  ]);
  return { scene, opening, slate, presenter, assistant, music };
}

/** The assistant's pictures, in a room where it is on stage. */
export async function loadAssistant(
  room: RoomConfig,
  deps: Pick<LoadPresenterOptions, 'kernels' | 'log' | 'signal' | 'ffmpegPath' | 'feeder' | 'light'>,
): Promise<PresenterData | undefined> {
  const { assistant } = room;
  const box = assistantBox(room);
  if (assistant?.pack === undefined || box === undefined) return undefined;
  return loadPresenter(assistant.pack, { box, ...deps, ...lookOf(assistant) });
}

/** All that stands on stage, as one digest. */
export const stageDigest = (host: PresenterData, assistant: PresenterData | undefined): string =>
  assistant === undefined ? host.digest : `${host.digest}+${assistant.digest}`;

/** The digest of a stage with another host. */
export const withHost = (stage: string, host: PresenterData): string =>
  stage.includes('+') ? `${host.digest}${stage.slice(stage.indexOf('+'))}` : host.digest;

/** The digest of a stage with another assistant. */
export const withAssistant = (stage: string, assistant: PresenterData): string =>
  `${stage.split('+')[0]!}+${assistant.digest}`;

/** The clothes that a room names, as an option of loadPresenter. */
export const lookOf = ({
  look,
}: {
  readonly look?: RoomConfig['presenter']['look'] | undefined;
}): { look?: PresenterLook } => (look === undefined ? {} : { look });

/** A scene's clip dependencies, from the room's. */
export function clipDeps(
  { ffmpeg, log, signal, stop, feeder }: Pick<AssetDeps, 'ffmpeg' | 'log' | 'signal' | 'stop' | 'feeder'>,
  { admitClip }: Pick<Admission, 'admitClip'>,
): ClipDeps {
  const { path, version } = ffmpeg.decoder;
  return {
    ffmpeg: { path, version },
    admit: admitClip,
    log,
    signal: stop === undefined ? signal : AbortSignal.any([signal, stop]),
    ...(feeder === undefined ? {} : { feeder }),
  };
}
