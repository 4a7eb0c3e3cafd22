import { existsSync } from 'node:fs';
import type { Admission } from '../../admission/admission.js';
import { shownTexts } from '../../admission/texts/layer-texts.js';
import { quickPhraseLines, refuseLines } from '../../admission/texts/refuse-lines.js';
import { refuseTexts, refuseTogether } from '../../admission/texts/refuse-texts.js';
import { togetherHits } from '../../admission/texts/shown-together.js';
import { FilmFeeder } from '../../avatar/filmed/film-feeder.js';
import { readPackVoices } from '../../avatar/presenter-pack.js';
import type { RoomConfig } from '../../config/room-config.js';
import type { Layer } from '../../config/sections/layer.js';
import type { CloseStack } from '../../core/close-stack.js';
import { EngineError } from '../../core/errors.js';
import type { Kernels } from '../../core/kernels.js';
import type { Log } from '../../core/log.js';
import { isAnotherOnAir } from '../../core/processes/process-mark.js';
import { frameIndex, type FrameIndex, framesToMilliseconds } from '../../core/time.js';
import type { LedgerEntry } from '../../core/verdict.js';
import type { FfmpegInfo } from '../../encoder/process/find-ffmpeg.js';
import type { AvatarDesk } from '../../external-avatar/avatar-desk.js';
import { ExternalAvatar } from '../../external-avatar/picture/external-avatar.js';
import { type AvatarSpeech, LiveTalkingSpeech } from '../../external-avatar/speech/live-talking-speech.js';
import { WhipSpeech } from '../../external-avatar/speech/whip-speech.js';
import type { LoopClient } from '../../loop/loop-client.js';
import type { LoopInit } from '../../loop/build-frame-loop.js';
import type { TextJudge } from '../../moderation/index.js';
import { ClipFeeder } from '../../scene/clips/clip-feeder.js';
import { clipInvalid } from '../../scene/clips/clip-limits.js';
import { sniffClip } from '../../scene/clips/probe-clip.js';
import { PictureProcess } from '../../scene/drawing/picture-process.js';
import type { DayClock } from '../../scene/sale/countdown-ends.js';
import type { SceneCompiler } from '../../scene/scene-compiler.js';
import { presenterBox } from '../../scene/place-box.js';
import { Agenda } from '../../show/agenda/agenda.js';
import { findLine, type LineMark, LiveVoices } from '../../show/line-mark.js';
import { lineVoice } from '../../show/line-voice.js';
import type { LayerStage } from '../../show/placing/line-layers.js';
import { Rundown, SegmentChoice } from '../../show/rundown.js';
import type { ShowParts } from '../../show/show-command.js';
import { ShowRunner } from '../../show/show-runner.js';
import { loadRoomAssets, type RoomAssets } from '../../stage/room-assets.js';
import type { Ground, OpenRoomOptions } from './ground.js';

interface OpenAvatarOptions {
  readonly room: RoomConfig;
  readonly desk: AvatarDesk;
  readonly ffmpeg: Pick<FfmpegInfo, 'decoder'>;
  readonly log: Log;
}

/**
 * Opens the memory and thread of an external avatar; the desk closes them. Undefined for a presenter of the room's own. Throws
 * E_ASSET_INVALID for an idle clip that is not a video.
 */
export async function openAvatar({ room, desk, ffmpeg, log }: OpenAvatarOptions): Promise<LoopInit['external']> {
  const { config: external } = desk;
  if (external === undefined) return undefined;
  await requireClip(external.idleClip);
  const { rate } = room;
  const avatar = new ExternalAvatar({
    box: presenterBox(room),
    external,
    ffmpeg: ffmpeg.decoder,
    fps: rate.num / rate.den,
    log: log.child({ part: 'avatar' }),
  });
  desk.connect(avatar);
  return { slots: avatar.slots, standInMs: external.standInAfterMs, standIn: external.standIn };
}

async function requireClip(file: string | undefined): Promise<void> {
  const where = 'presenter.external.idleClip';
  if (file !== undefined && (await sniffClip(file, `${where}: ${file}`)) === undefined)
    throw clipInvalid(`${where}: ${file}`, existsSync(file) ? 'a file of another kind' : 'no such file');
}

interface OpenAvatarSpeechOptions extends Pick<OpenAvatarOptions, 'room' | 'desk' | 'log'> {
  /** Resolved while the room opens. */
  readonly ffmpeg: Promise<Pick<FfmpegInfo, 'path'>>;
  readonly board: LoopClient['board'];
  readonly env?: NodeJS.ProcessEnv;
}

/** Sends the show's speech to the avatar's engine; undefined where none is wanted. Throws E_ENV_MISSING. */
export function openAvatarSpeech(options: OpenAvatarSpeechOptions): AvatarSpeech | undefined {
  const { desk, room, board, ffmpeg } = options;
  const { speech } = desk.config ?? {};
  if (speech === undefined) return undefined;
  const token = tokenOf(speech.token, options.env ?? process.env);
  const log = options.log.child({ part: 'avatar' });
  const frame = (): number => board.get('frame');
  if (speech.kind === 'whip') {
    const ffmpegPath = ffmpeg.then(({ path }) => path);
    desk.speech = new WhipSpeech({ ...speech, token, rate: room.rate, frame, ffmpegPath, log });
  } else {
    const untilMs = (at: number): number => framesToMilliseconds(at - frame(), room.rate);
    desk.speech = new LiveTalkingSpeech({ ...speech, token, untilMs, log });
  }
  return desk.speech;
}

function tokenOf(variable: string | undefined, env: NodeJS.ProcessEnv): string | undefined {
  const name = variable?.slice(2, -1);
  if (name === undefined) return undefined;
  const token = env[name];
  if (token !== undefined && token !== '') return token;
  throw new EngineError('E_ENV_MISSING', {
    where: 'presenter.external.speech.token',
    expected: `environment variable ${name}`,
    found: 'not set',
    todo: `set ${name} before starting`,
  });
}

interface LineStageTarget {
  readonly room: Pick<RoomConfig, 'layers'>;
  readonly layers: {
    showForLine(id: string, body: unknown, when: () => FrameIndex): Promise<unknown>;
    hideForLine(id: string, atFrame: FrameIndex): void;
  };
  readonly scene: { layer(id: string): Layer | undefined };
  readonly soon: () => FrameIndex;
  /** A layer that is not the room file's has come or gone. */
  readonly onChange: () => void;
}

/** Shows the layers of lines by the same judged way as layers of the API. Lines are scheduled after `connect`. */
class LineStage implements LayerStage {
  private target: LineStageTarget | undefined;

  connect(target: LineStageTarget): void {
    this.target = target;
  }

  async show(layer: Layer, atFrame: FrameIndex, isWanted: () => boolean): Promise<void> {
    if (this.target === undefined) return;
    const { room, layers, soon, onChange } = this.target;
    const own = room.layers.find(({ id }) => id === layer.id);
    if (own !== undefined && own.shown !== 'on-cue') {
      throw new EngineError('E_LAYER_INVALID', {
        where: `layer "${layer.id}"`,
        expected: 'an id that no layer of the room has, or one of its layers with `shown: "on-cue"`',
        found: 'a layer that is always shown',
      });
    }
    await layers.showForLine(layer.id, layer, () => {
      if (isWanted()) return frameIndex(Math.max(soon(), atFrame));
      throw new EngineError('E_CLOSED', { where: `layer "${layer.id}"`, found: 'a line that is not spoken any more' });
    });
    if (own === undefined) onChange();
  }

  hide(id: string, atFrame: FrameIndex): void {
    if (this.target?.scene.layer(id) === undefined) return;
    const { layers, soon } = this.target;
    layers.hideForLine(id, frameIndex(Math.max(soon(), atFrame)));
  }
}

/** The judged texts of a room, its show, and its pictures while they load. */
export interface Programme extends OpenedScene, Show {
  readonly judge: TextJudge;
  /** Shows the layers of lines. */
  readonly stage: LineStage;
}

/** Stage 2: pictures load on other threads while this one judges the texts; the first line is judged and spoken. */
export async function openProgramme(
  { room, log, signal, stop, hooks, onStep }: OpenRoomOptions,
  ground: Ground,
  stack: CloseStack,
): Promise<Programme> {
  const { kernels, threads, records, admission, speech, actions, onStop, fastStart, speaking, warming, avatar } =
    ground;
  const { ffmpeg, loop } = threads;
  const { note, show } = records;
  const day = { nowMs: () => Date.now(), frame: () => loop.board.get('frame') };
  const opened = await openScene(
    { room, kernels, log, ffmpeg, admission, note, fastStart, day, warming, signal, stop },
    stack,
  );
  onStep?.({ step: 'texts' });
  // Other threads draw while this one does its longest work; nothing is shown before everything is judged.
  const judge = ground.judge();
  refuseTexts(judge, room, shownTexts(room), note);
  refuseTogether(togetherHits(judge, room), note);
  refuseLines({ room, judge, speech, ledger: note }, quickPhraseLines(room));
  const stage = new LineStage();
  const avatarSpeech = openAvatarSpeech({ room, desk: avatar, log, ffmpeg, board: loop.board });
  const lines = await openShow({
    room,
    stage,
    judge,
    actions,
    speech,
    speaking,
    scene: opened.scene,
    resumeAt: records.resume.line,
    fastStart,
    log,
    ledger: note,
    evidence: records.evidence,
    send: (command) => {
      loop.send(command);
      avatarSpeech?.take(command);
    },
    onStop,
    onPlaced: show.onPlaced,
    onCut: show.onCut,
    onProduct: (id, inMs) => {
      show.onProduct(id, inMs);
      hooks.onProduct(id, inMs);
    },
    stop,
  });
  return { ...opened, ...lines, judge, stage };
}

interface OpenSceneOptions {
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

interface OpenedScene {
  /** Draws the room's own pictures. */
  readonly drawing: PictureProcess;
  readonly feeder: ClipFeeder;
  readonly filmFeeder: FilmFeeder;
  readonly loading: Promise<RoomAssets>;
  /** The scene of `loading`. */
  readonly scene: Promise<SceneCompiler>;
}

/** Starts to load everything a room shows and plays, on other threads. The caller awaits `loading`. */
async function openScene(
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

interface OpenShowOptions extends Omit<ShowParts, 'rundown' | 'agenda' | 'voices'> {
  /** The line at which the script resumes; null starts at its beginning. */
  readonly resumeAt: LineMark | null;
  /** Speech starts after the pictures: the voice is not tried now. */
  readonly fastStart: boolean;
  /** Resolves when speech is ready. */
  readonly speaking: Promise<unknown>;
  /** Aborts the show. */
  readonly stop: AbortSignal;
}

interface Show {
  readonly voices: LiveVoices;
  /** Voices of the assistant's own pack; empty without one. */
  readonly assistantVoices: LiveVoices;
  readonly rundown: Rundown;
  readonly agenda: Agenda;
  readonly runner: ShowRunner;
}

/** Tries the room's voice and prepares the script. The first line is judged and spoken while the pictures load. */
async function openShow({ resumeAt, fastStart, speaking, stop, ...parts }: OpenShowOptions): Promise<Show> {
  const { room, speech } = parts;
  const live = new LiveVoices(await readPackVoices(room.presenter.pack));
  const { voices } = live;
  const pack = room.assistant?.pack;
  const assistantVoices = new LiveVoices(pack === undefined ? {} : await readPackVoices(pack));
  if (!fastStart) {
    await speaking;
    const { language, voice, provider } = lineVoice(room, voices, undefined);
    await speech.voiceFor(language, voice, provider);
  }
  const rundown = rundownOf(room, resumeAt);
  const agenda = new Agenda(() => performance.now());
  const runner = new ShowRunner({ ...parts, rundown, agenda, voices, assistantVoices: assistantVoices.voices }, stop);
  if (!fastStart) runner.prime();
  return { voices: live, assistantVoices, rundown, agenda, runner };
}

function rundownOf(room: RoomConfig, resumeAt: LineMark | null): Rundown {
  const { script, layers } = room;
  const rundown = new Rundown(script, layers, new SegmentChoice(room));
  if (resumeAt !== null) rundown.resumeAt(findLine(script, resumeAt));
  return rundown;
}
