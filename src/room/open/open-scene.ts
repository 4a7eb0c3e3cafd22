import { FilmFeeder } from '../../avatar/filmed/film-feeder.js';
import type { RoomConfig } from '../../config/room-config.js';
import type { CloseStack } from '../../core/close-stack.js';
import type { Kernels } from '../../core/kernels.js';
import { isAnotherOnAir } from '../../core/processes/on-air-marks.js';
import type { Log } from '../../core/log.js';
import type { LedgerEntry } from '../../core/verdict.js';
import type { FfmpegInfo } from '../../encoder/process/find-ffmpeg.js';
import { ClipFeeder } from '../../scene/clips/clip-feeder.js';
import { PictureProcess } from '../../scene/drawing/picture-process.js';
import type { DayClock } from '../../scene/sale/countdown-ends.js';
import type { SceneCompiler } from '../../scene/scene-compiler.js';
import type { Admission } from '../../admission/admission.js';
import { loadRoomAssets, type RoomAssets } from '../../stage/room-assets.js';

export interface OpenSceneOptions {
  readonly room: RoomConfig;
  readonly kernels: Kernels;
  readonly log: Log;
  readonly ffmpeg: Promise<FfmpegInfo>;
  readonly admission: Admission;
  readonly note: (entry: LedgerEntry) => void;
  readonly fastStart: boolean;
  readonly day: DayClock;
  /** Resolves when texts can be drawn. */
  readonly warming: Promise<unknown>;
  /** Aborts the loading. */
  readonly signal: AbortSignal;
  /** Aborts the show. */
  readonly stop: AbortSignal;
}

export interface OpenedScene {
  /** Draws the room's own pictures. */
  readonly drawing: PictureProcess;
  readonly feeder: ClipFeeder;
  readonly filmFeeder: FilmFeeder;
  readonly loading: Promise<RoomAssets>;
  /** The scene of `loading`. */
  readonly scene: Promise<SceneCompiler>;
}

/** Starts to load everything a room shows and plays, on other threads. The caller awaits `loading`. */
export async function openScene(
  { room, kernels, log, ffmpeg, admission, note, fastStart, day, warming, signal, stop }: OpenSceneOptions,
  stack: CloseStack,
): Promise<OpenedScene> {
  const drawing = stack.add(new PictureProcess({ log, gentle: isAnotherOnAir() }));
  const puts = stack.add(new PictureProcess({ log, gentle: true }));
  const feeder = stack.add(new ClipFeeder(log, note));
  const filmFeeder = stack.add(new FilmFeeder(log));
  await warming;
  const { draw } = drawing;
  const drawPut = puts.draw;
  const feeders = { feeder, filmFeeder };
  const deps = { room, kernels, draw, drawPut, ffmpeg: await ffmpeg, log, signal, stop, ...feeders, fastStart, day };
  const loading = loadRoomAssets(deps, admission);
  const scene = loading.then((assets) => assets.scene);
  scene.catch(() => undefined); // the caller awaits `loading`; another step may throw first
  return { drawing, feeder, filmFeeder, loading, scene };
}
