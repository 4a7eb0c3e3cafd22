import { createHash } from 'node:crypto';
import { readPackVoices } from '../avatar/presenter-pack.js';
import { FrameScanner } from '../codescan/index.js';
import { gateBuffers } from '../compliance/gate/buffers/gate-buffers.js';
import { TextJudge } from '../moderation/index.js';
import type { RoomConfig } from '../config/room-config.js';
import { EngineError } from '../core/errors.js';
import { productSide } from '../scene/place-box.js';
import type { Log } from '../core/log.js';
import {
  frameIndex,
  frameToMicroseconds,
  millisecondsToFrames,
  type FrameIndex,
  type SampleIndex,
} from '../core/time.js';
import { Agenda, type LineRequest } from '../show/agenda/agenda.js';
import { Rundown } from '../show/rundown.js';
import { findFfmpeg } from '../encoder/process/find-ffmpeg.js';
import { loadKernels } from '../native/load-kernels.js';
import { PictureProcess, SHOW_LIMITS } from '../scene/drawing/picture-process.js';
import { CloseStack } from '../core/close-stack.js';
import { buildFrameLoop, POOL_EXTRA_FRAMES } from '../loop/build-frame-loop.js';
import { type EncoderSink, takeShowCommand } from '../loop/show-taker.js';
import { newLoopBoardBuffers } from '../loop/loop-board.js';
import { openSpeech } from '../admission/texts/open-speech.js';
import { refuseTexts, refuseTogether } from '../admission/texts/refuse-texts.js';
import { shownTexts, layerTexts } from '../admission/texts/layer-texts.js';
import { ownWords, codeAction, ruleActions } from '../admission/texts/room-rule-actions.js';
import { refusesRetail, scanThreads } from '../admission/picture-memory.js';
import { Admission } from '../admission/admission.js';
import { admittedPictures, openKnownWords } from '../admission/admitted-pictures.js';
import { loadRoomAssets } from '../stage/room-assets.js';
import { ShowRunner } from '../show/show-runner.js';
import { togetherHits } from '../admission/texts/shown-together.js';
import type { Layer } from '../config/sections/layer.js';
import type { LayerStage } from '../show/placing/line-layers.js';
import { listenTo, type ShowCommand } from '../show/show-command.js';
import type { SceneCompiler } from '../scene/scene-compiler.js';
import { mp4Sink, pngSink, rawSink, type RenderSink } from './render-sinks.js';

interface RenderStageParts {
  readonly room: RoomConfig;
  readonly judge: TextJudge;
  readonly scene: Pick<SceneCompiler, 'layer' | 'putLayer' | 'removeLayer'>;
  readonly send: (command: ShowCommand) => void;
  /** The frame that is drawn next. */
  readonly frame: () => FrameIndex;
}

/** Shows the layers of lines in an offline render, which waits until they are drawn: same room, same frames. */
class RenderStage implements LayerStage {
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

export interface RenderOptions {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /**
   * A folder for PNG frames, a file that ends in `.mp4`, or a folder that ends in `.raw` for raw frames and samples.
   */
  readonly out: string;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Loads and judges pictures when they are due; by default all of them first. */
  readonly fastStart?: boolean;
  /** Lines that come on the agenda before a frame is drawn. The render waits for their speech: same lines, same frames. */
  readonly lines?: readonly { readonly atFrame: number; readonly request: LineRequest }[];
  onProgress?(done: number, total: number): void;
}

export interface RenderResult {
  readonly out: string;
  readonly frames: number;
  /** Frames that the gate replaced. */
  readonly replaced: number;
  /** SHA-256 over all raw frames, and over all samples: equal for equal rooms and seeds. */
  readonly videoSha256: string;
  readonly audioSha256: string;
  /** Media time divided by wall time. */
  readonly speed: number;
}

/** Extensions of other files: a folder with one of them is surely a mistake. */
const OTHER_FILE = /\.(mov|mkv|webm|flv|m4v|avi|ts|gif|png|jpe?g|webp|wav|mp3|aac)$/i;
/** How far ahead of the drawn frame the show is scheduled. */
const HORIZON_MS = 3000;
/** Offline nobody waits: a slow machine takes its time, and only a process that hangs is given up. */
const STUCK_MS = 1_800_000;

interface Released {
  frame: FrameIndex;
  picture: Uint8Array;
  token: number;
  audio: Float32Array;
}

/**
 * Renders a stretch of a room through the loop and gate used on air, except that it waits for verdicts. The show
 * always runs from frame 0, so that second 90 looks as a viewer would see it.
 */
export async function renderRoom(room: RoomConfig, options: RenderOptions): Promise<RenderResult> {
  const { fromSeconds, toSeconds, log } = options;
  if (toSeconds <= fromSeconds) {
    throw new EngineError('E_BAD_REQUEST', {
      where: '--to',
      expected: `more than --from (${fromSeconds})`,
      found: String(toSeconds),
    });
  }
  if (OTHER_FILE.test(options.out)) {
    throw new EngineError('E_BAD_REQUEST', {
      where: '--out',
      expected: 'a folder for PNG frames, or a file that ends in .mp4',
      found: options.out,
    });
  }
  const stack = new CloseStack(log);
  try {
    return await render(room, options, stack);
  } finally {
    await stack.close();
  }
}

async function render(room: RoomConfig, options: RenderOptions, stack: CloseStack): Promise<RenderResult> {
  const { log, signal } = options;
  const { width, height } = room.video;
  const kernels = loadKernels();
  const speech = stack.add(openSpeech(room, log, process.env, STUCK_MS));
  // A line still being spoken at the last frame is no failure.
  const over = new AbortController();
  stack.add({ close: async () => over.abort() });
  const actions = ruleActions(room, log);
  const judge = new TextJudge({ actions, own: ownWords(room) });
  const remembered = { admitted: admittedPictures(room, log), known: openKnownWords(log) };
  const admission = stack.add(
    new Admission({ kernels, log, ledger: () => undefined, judge, room, timeoutMs: STUCK_MS, ...remembered }),
  );
  refuseTexts(judge, room, shownTexts(room), () => undefined);
  refuseTogether(togetherHits(judge, room), () => undefined);
  const [ffmpeg] = await Promise.all([findFfmpeg(), speech.start()]);
  const { draw } = stack.add(new PictureProcess({ log, limits: { ...SHOW_LIMITS, wallMs: STUCK_MS } }));
  const assets = await loadRoomAssets(
    { room, kernels, draw, ffmpeg, log, signal, fastStart: options.fastStart ?? false },
    admission,
  );
  admission.remember();
  const scanner = stack.add(
    await FrameScanner.open({
      width,
      height,
      buffers: gateBuffers(room.compliance.lookAheadFrames, POOL_EXTRA_FRAMES),
      ...scanThreads(room),
      retail: refusesRetail(room),
      log,
    }),
  );
  const released: Released[] = [];
  let sound: Float32Array | undefined;
  const collect: EncoderSink = {
    writeVideo(frame, picture, token) {
      released.push({ frame, picture, token, audio: new Float32Array(0) });
      return true;
    },
    writeAudio(_start: SampleIndex, pcm: Float32Array, samples: number) {
      sound = pcm.slice(0, samples * 2);
      released.at(-1)!.audio = sound;
      return true;
    },
  };
  const built = buildFrameLoop(
    {
      width,
      height,
      rate: room.rate,
      seed: room.seed,
      scene: assets.opening,
      presenter: assets.presenter,
      assistant: assets.assistant,
      productSide: productSide(room),
      audio: room.audio,
      music: assets.music,
      slate: assets.slate,
      lookAheadFrames: room.compliance.lookAheadFrames,
      onCode: codeAction(room, actions).onCode,
      minimumHoldMs: room.compliance.minimumHoldMs,
      scan: scanner.handle,
      keepsPictures: false,
      board: newLoopBoardBuffers(),
    },
    kernels,
    collect,
    'offline',
    (event) => log.debug({ event: event.type, frame: event.frame }, 'gate'),
  );
  stack.add({ close: async () => built.scene.close() });
  let drawn = frameIndex(0);
  const stage = new RenderStage({
    room,
    judge,
    scene: assets.scene,
    send: (command) => takeShowCommand(command, built),
    frame: () => drawn,
  });
  const agenda = new Agenda(() => frameToMicroseconds(drawn, room.rate) / 1000);
  const runner = new ShowRunner(
    {
      room,
      agenda,
      rundown: new Rundown(room.script, room.layers),
      judge,
      actions,
      speech,
      voices: await readPackVoices(room.presenter.pack),
      ...(room.assistant?.pack === undefined ? {} : { assistantVoices: await readPackVoices(room.assistant.pack) }),
      scene: assets.scene,
      stage,
      log,
      send: (command) => takeShowCommand(command, built),
      ledger: () => undefined,
    },
    AbortSignal.any([signal, over.signal]),
  );
  const from = frameAt(options.fromSeconds, room);
  const to = frameAt(options.toSeconds, room);
  const sink = await openSink(options.out, room, from, { kernels, ffmpeg, log, signal });
  let whole = false;
  stack.add({ close: async () => (whole ? undefined : sink.abandon?.()) });
  const video = createHash('sha256');
  const audio = createHash('sha256');
  const horizon = millisecondsToFrames(HORIZON_MS, room.rate);
  const began = performance.now();
  let done = 0;
  const drain = async (): Promise<void> => {
    for (const { frame, picture, token, audio: pcm } of released.splice(0)) {
      if (frame >= from && frame < to) {
        video.update(picture);
        audio.update(new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength));
        await sink.video(frame, picture);
        await sink.audio(pcm);
        done += 1;
        options.onProgress?.(done, to - from);
      }
      built.gate.recycle(token);
    }
  };
  for (let n = 0; n < to; n += 1) {
    signal.throwIfAborted();
    drawn = frameIndex(n);
    for (const { atFrame, request } of options.lines ?? []) if (atFrame === n) agenda.add(request);
    await runner.prepared();
    await runner.planUntil(n + horizon, () => frameIndex(n));
    await stage.settled();
    built.loop.step(frameIndex(n), true);
    await drain();
  }
  built.gate.flush();
  built.loop.release();
  await drain();
  await sink.end();
  whole = true;
  return {
    out: options.out,
    frames: done,
    replaced: built.gate.counters.replaced,
    videoSha256: video.digest('hex'),
    audioSha256: audio.digest('hex'),
    speed: Math.round((to * 100 * 1000 * room.rate.den) / room.rate.num / (performance.now() - began)) / 100,
  };
}

const frameAt = (seconds: number, room: RoomConfig): FrameIndex =>
  frameIndex(Math.round((seconds * room.rate.num) / room.rate.den));

async function openSink(
  out: string,
  room: RoomConfig,
  from: FrameIndex,
  parts: Pick<Parameters<typeof mp4Sink>[0], 'kernels' | 'ffmpeg' | 'log' | 'signal'>,
): Promise<RenderSink> {
  if (/\.mp4$/i.test(out)) return mp4Sink({ room, file: out, from, ...parts });
  if (out.endsWith('.raw')) return rawSink(out);
  return pngSink(out, room.video.width, room.video.height, parts.kernels);
}
