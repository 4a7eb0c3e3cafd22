import { Mixer } from '../audio/mixer.js';
import { type FilmData, FilmReader } from '../avatar/filmed/film-data.js';
import type { OpenFilm } from '../avatar/filmed/film-painter.js';
import type { PresenterData } from '../avatar/presenter-data.js';
import { PresenterRuntime } from '../avatar/presenter-runtime.js';
import { type ScanHandle, SharedFrameScannerClient } from '../codescan/index.js';
import { DelayedGate } from '../compliance/gate/delayed-gate.js';
import type { FrameGate, GateOptions } from '../compliance/gate/frame-gate.js';
import type { GateEvent } from '../compliance/gate/gate-event.js';
import { Gate } from '../compliance/gate/gate.js';
import type { OnCode } from '../compliance/gate/replacement.js';
import { PictureWatch } from '../compliance/watch/picture-watch.js';
import { SoundWatch } from '../compliance/watch/sound-watch.js';
import type { WatchEvent } from '../compliance/watch/watch-event.js';
import type { Audio } from '../config/sections/audio.js';
import type { PictureWatchThresholds, SoundWatchThresholds } from '../config/sections/compliance.js';
import type { Kernels } from '../core/kernels.js';
import { type FrameIndex, frameIndex, type FrameRate, frameToSample } from '../core/time.js';
import type { Box, HoldCause } from '../core/verdict.js';
import type { EncoderLink } from '../encoder/process/encoder-link.js';
import { ExternalPainter, type ExternalSlots } from '../external-avatar/picture/external-ring.js';
import type { CompiledClips } from '../scene/clips/clip-ring.js';
import { SlotReader } from '../scene/clips/frame-reader.js';
import { ClipRateControl } from '../scene/runtime/clip-rate-control.js';
import { SceneRuntime } from '../scene/scene-runtime.js';
import type { SceneUpdate } from '../scene/scene-update.js';
import type { ShowCommand } from '../show/show-command.js';
import type { EncoderSink } from './show-taker.js';
import { FrameLoop } from './frame-loop.js';
import { FrameSteps } from './frame-steps.js';
import { LoopBoard, type LoopBoardBuffers } from './loop-board.js';

/** Everything the loop's thread starts with. */
export interface LoopInit {
  readonly width: number;
  readonly height: number;
  readonly rate: FrameRate;
  readonly seed: number;
  readonly scene: SceneUpdate;
  readonly presenter: PresenterData;
  /** A presenter whose pictures come from another engine; undefined offline. */
  readonly external?:
    | { readonly slots: ExternalSlots; readonly standInMs: number; readonly standIn: boolean }
    | undefined;
  /** The second person on stage. */
  readonly assistant?: PresenterData | undefined;
  /** Side of the product, for glances. */
  readonly productSide?: 0 | 1 | 2;
  readonly audio: Audio;
  readonly music: { readonly pcm: Int16Array<SharedArrayBuffer>; readonly loudnessLufs: number } | undefined;
  readonly slate: Uint8Array<SharedArrayBuffer>;
  readonly lookAheadFrames: number;
  /** Frames between drawing and release, when more than the look-ahead. */
  readonly windowFrames?: number;
  /** Frames that the encoder takes before its first packet. */
  readonly encoderFrames?: number;
  readonly onCode: OnCode;
  readonly minimumHoldMs: number;
  readonly scan: ScanHandle;
  /** Withheld frames are handed out as evidence. */
  readonly keepsPictures: boolean;
  /** Undefined offline: nothing is watched. */
  readonly watch?: {
    readonly presenterBox: Box;
    readonly picture: PictureWatchThresholds;
    readonly sound: SoundWatchThresholds;
  };
  readonly board: LoopBoardBuffers;
}

/** Main thread → loop. */
export type LoopRequest =
  | ShowCommand
  | { readonly type: 'encoder'; readonly link: EncoderLink }
  /** The clock starts: slot 0 is due now. */
  | { readonly type: 'go' }
  | {
      readonly type: 'operate';
      readonly muted: boolean;
      readonly blanked: boolean;
      readonly risk: boolean;
      /** Another cause that needs the slate. */
      readonly hold?: HoldCause | undefined;
    }
  /** Music, gain or ducking changes; without `music` the track stays, null ends it. */
  | {
      readonly type: 'audio';
      readonly audio: Audio;
      readonly music?: { readonly pcm: Int16Array<SharedArrayBuffer>; readonly loudnessLufs: number } | null;
    }
  /** Another presenter from a frame on; its bitmaps came with a scene update before. */
  | {
      readonly type: 'presenter';
      /** Who is replaced; default: the host. */
      readonly role?: 'host' | 'assistant';
      readonly presenter: PresenterData;
      readonly atFrame: FrameIndex;
      /** Frames over which the old picture turns into the new one; 0 is a cut. */
      readonly fadeFrames: number;
    }
  /** Answered by `dumped`. */
  | { readonly type: 'dump' }
  | { readonly type: 'still' }
  /** Answered by `canvas`: the picture as it is drawn. */
  | { readonly type: 'canvas' }
  | { readonly type: 'stop' };

/** Loop → main thread; no report is sent per frame. */
export type LoopReport =
  | { readonly type: 'ready' }
  /** `picture`: the withheld frame (I420), at most one a second. */
  | { readonly type: 'gate'; readonly event: GateEvent; readonly picture?: Uint8Array }
  | { readonly type: 'watch'; readonly event: WatchEvent }
  | { readonly type: 'dumped'; readonly fromFrame: FrameIndex; readonly frames: number }
  | { readonly type: 'still'; readonly picture: Uint8Array }
  | { readonly type: 'canvas'; readonly picture: Uint8Array }
  | { readonly type: 'stopped' };

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
  const scene = new SceneRuntime(width, height, rate, kernels, reader);
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
