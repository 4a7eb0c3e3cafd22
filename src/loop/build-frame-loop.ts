import { Mixer } from '../audio/mixer.js';
import type { PresenterData } from '../avatar/presenter-data.js';
import type { OpenFilm } from '../avatar/filmed/film-painter.js';
import type { FilmData } from '../avatar/filmed/film-data.js';
import { FilmReader } from '../avatar/filmed/film-reader.js';
import { PresenterRuntime } from '../avatar/presenter-runtime.js';
import { SharedFrameScannerClient } from '../codescan/index.js';
import { DelayedGate } from '../compliance/gate/delayed-gate.js';
import type { FrameGate, GateOptions } from '../compliance/gate/frame-gate.js';
import { Gate } from '../compliance/gate/gate.js';
import type { GateEvent } from '../compliance/gate/gate-event.js';
import { PictureWatch } from '../compliance/watch/picture-watch.js';
import { SoundWatch } from '../compliance/watch/sound-watch.js';
import type { WatchEvent } from '../compliance/watch/watch-event.js';
import { frameIndex, frameToSample } from '../core/time.js';
import type { Kernels } from '../core/kernels.js';
import type { CompiledClips } from '../scene/clips/clip-ring.js';
import { SlotReader } from '../scene/clips/frame-reader.js';
import { ExternalPainter } from '../external-avatar/picture/external-painter.js';
import { ClipRateControl } from '../scene/runtime/clip-rate-control.js';
import { SceneRuntime } from '../scene/scene-runtime.js';
import type { EncoderSink } from './encoder-sink.js';
import { FrameLoop } from './frame-loop.js';
import { FrameSteps } from './frame-steps.js';
import { LoopBoard } from './loop-board.js';
import type { LoopInit } from './loop-message.js';

/** Maximum released pictures at the encoder: its queue of three, plus those it is still reading. */
export const POOL_EXTRA_FRAMES = 6;

export interface FrameLoopBuild {
  readonly loop: FrameLoop;
  readonly scene: SceneRuntime;
  readonly presenter: PresenterRuntime;
  readonly assistant?: PresenterRuntime;
  readonly mixer: Mixer;
  readonly gate: FrameGate;
  readonly board: LoopBoard;
}

/** Builds the frame path of a room from plain data, for the live thread and the offline renderer. */
export function buildFrameLoop(
  init: LoopInit,
  kernels: Kernels,
  sink: EncoderSink,
  mode: 'live' | 'offline',
  onEvent: (event: GateEvent) => void,
  onWatch: (event: WatchEvent) => void = () => undefined,
): FrameLoopBuild {
  const { width, height, rate } = init;
  // Offline the loop waits for a clip's frame; on air the feeder reads ahead.
  const reader = mode === 'offline' ? (clips: CompiledClips) => new SlotReader(clips) : undefined;
  const scene = new SceneRuntime(width, height, rate, reader);
  scene.apply(init.scene);
  const open = mode === 'offline' ? (film: FilmData) => new FilmReader(film) : undefined;
  const presenter = new PresenterRuntime(init.presenter, rate, init.seed, init.productSide, { kernels, open });
  presenter.registerBitmaps(scene.bitmaps);
  const external =
    init.external && mode === 'live' ? new ExternalPainter({ ...init.external, drawn: presenter, rate }) : undefined;
  external?.registerBitmaps(scene.bitmaps);
  const assistant = init.assistant && assistantOf(init.assistant, presenter, init, { kernels, open });
  assistant?.registerBitmaps(scene.bitmaps);
  const mixer = new Mixer({
    rate,
    audio: init.audio,
    ...(init.music === undefined ? {} : { music: init.music.pcm, musicLoudnessLufs: init.music.loudnessLufs }),
  });
  const scanner = new SharedFrameScannerClient(init.scan);
  for (let buffer = 0; buffer < scanner.buffers; buffer += 1) touchPages(scanner.picture(buffer));
  const perSecond = frameToSample(frameIndex(rate.num), rate);
  const pace = mode === 'live' ? new ClipRateControl(rate, onEvent, () => scanner.threads()) : undefined;
  const steps = mode === 'live' ? new FrameSteps(rate, init.lookAheadFrames, onEvent) : undefined;
  const options: GateOptions = {
    width,
    height,
    rate,
    lookAheadFrames: init.lookAheadFrames,
    kernels,
    scanner,
    slate: init.slate,
    onCode: init.onCode,
    minimumHoldMs: init.minimumHoldMs,
    maxSamplesPerFrame: Math.ceil(perSecond / rate.num) + 1,
    poolExtraFrames: POOL_EXTRA_FRAMES,
    onEvent,
    onScanned: pace && ((frame, ms) => pace.scanned(frame, ms)),
    mode,
  };
  const { windowFrames = 0 } = init;
  const gate =
    windowFrames > init.lookAheadFrames ? new DelayedGate({ ...options, kernels, windowFrames }) : new Gate(options);
  const board = new LoopBoard(init.board);
  const nowMs = (): number => performance.now();
  const watch = init.watch && {
    picture: new PictureWatch({
      width,
      height,
      rate,
      kernels,
      onEvent: onWatch,
      presenterBox: init.watch.presenterBox,
      thresholds: init.watch.picture,
    }),
    sound: new SoundWatch({ rate, thresholds: init.watch.sound, onEvent: onWatch }),
  };
  const loop = new FrameLoop({
    width,
    height,
    rate,
    kernels,
    scene,
    presenter: external ?? presenter,
    ...(assistant === undefined ? {} : { assistant }),
    mixer,
    gate,
    sink,
    board,
    nowMs,
    ...(pace === undefined ? {} : { pace }),
    ...(steps === undefined ? {} : { steps }),
    ...(watch === undefined ? {} : { watch }),
  });
  return { loop, scene, presenter, ...(assistant === undefined ? {} : { assistant }), mixer, gate, board };
}

/** The second person, who breathes and blinks at other times; each knows where the other stands. */
function assistantOf(
  data: PresenterData,
  host: PresenterRuntime,
  { rate, seed, presenter }: LoopInit,
  films: { readonly kernels: Kernels; readonly open?: OpenFilm | undefined },
): PresenterRuntime {
  const assistant = new PresenterRuntime(data, rate, seed + 0x5_1f3d, 0, films);
  const isRight = data.box.x + data.box.width / 2 > presenter.box.x + presenter.box.width / 2;
  host.standBeside(assistant, isRight ? 2 : 1);
  assistant.standBeside(host, isRight ? 1 : 2);
  return assistant;
}

const PAGE_BYTES = 4096;

/**
 * Commits the pages now. The pool's last buffers are first used when the encoders are late, maybe after hours; a frame
 * must not wait for a page fault then, nor memory grow.
 */
function touchPages(memory: Uint8Array): void {
  for (let at = 0; at < memory.length; at += PAGE_BYTES) memory[at] = 0;
}
