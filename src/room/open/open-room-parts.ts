import type { LiveRoomConfig } from '../../config/live-room-config.js';
import type { RoomConfig } from '../../config/room-config.js';
import type { CloseStack } from '../../core/close-stack.js';
import type { Log } from '../../core/log.js';
import type { LedgerEntry } from '../../core/verdict.js';
import { afterwards } from '../../core/sleep.js';
import { speakAhead } from '../../show/speak-ahead.js';
import { loadKernels } from '../../native/load-kernels.js';
import { warmText } from '../../scene/sharp.js';
import { openSpeech } from '../../admission/texts/open-speech.js';
import { refuseSource } from '../../admission/check-rights.js';
import { shownTexts } from '../../admission/texts/layer-texts.js';
import { quickPhraseLines, refuseLines } from '../../admission/texts/refuse-lines.js';
import { refuseTexts, refuseTogether } from '../../admission/texts/refuse-texts.js';
import { codeAction, ruleActions, stoppedBy } from '../../admission/texts/room-rule-actions.js';
import { togetherHits } from '../../admission/texts/shown-together.js';
import { AvatarDesk } from '../../external-avatar/avatar-desk.js';
import { openAvatar, openAvatarSpeech } from './open-avatar.js';
import { LineStage } from '../commands/line-stage.js';
import { AvProbe } from '../av-probe.js';
import { gateLedger } from '../gate-ledger.js';
import { gateWindow } from '../gate-window.js';
import type { RoomHooks, RoomParts } from '../room-parts.js';
import { startPreloadedParts } from '../start/preload-parts.js';
import type { OnLoadStep } from '../start/load-step.js';
import type { PreloadedThreads } from '../start/preload-threads.js';
import { admitStage } from '../start/admit-stage.js';
import { readComposed } from '../start/read-composed.js';
import { yieldToGate } from '../start/yield-to-gate.js';
import { openWatches } from '../watches/open-watches.js';
import { buildLoop } from './build-loop.js';
import { GateRelay } from './gate-relay.js';
import { openDelivery } from './open-delivery.js';
import { openJudges } from './open-judges.js';
import { openRecords } from './open-records.js';
import { openScene } from './open-scene.js';
import { openShow } from './open-show.js';
import { requireSourceKeys } from './open-sources.js';
import { clipDeps, stageDigest } from '../../stage/room-assets.js';

export interface OpenRoomPartsOptions {
  readonly room: RoomConfig;
  /** The parts of the room that change on air. */
  readonly live: LiveRoomConfig;
  readonly log: Log;
  /** Discard the state of an earlier run. */
  readonly fresh?: boolean;
  /** Threads that are already loading. */
  readonly early?: PreloadedThreads | undefined;
  /** Aborts the loading. */
  readonly signal: AbortSignal;
  /** Aborts the show. */
  readonly stop: AbortSignal;
  readonly hooks: RoomHooks;
  /** Reports what is being loaded. */
  readonly onStep?: OnLoadStep | undefined;
}

/** By then the start is over and the first lines have been spoken. */
const SPEAK_AHEAD_AFTER_MS = 6000;

/**
 * Loads and judges a room's assets and starts its parts; the clock does not run yet. Everything opened is on
 * the stack, also when it throws the EngineError of something that cannot be loaded or may not be shown.
 *
 * Order: threads and processes that need only the room file, records, judges, pictures (on other threads, while this
 * one judges the texts), script, loop, delivery, watches.
 */
export async function openRoomParts(
  { room, live, log, signal, stop, hooks, fresh = false, early: begun, onStep }: OpenRoomPartsOptions,
  stack: CloseStack,
): Promise<RoomParts> {
  const kernels = loadKernels();
  onStep?.({ step: 'parts' });
  const actions = ruleActions(room, log);
  refuseSource(room);
  requireSourceKeys(room);
  const onStop = (rule: string): void => hooks.onDeath(stoppedBy(rule));
  const relay = new GateRelay();
  const late: { note: (entry: LedgerEntry) => void } = { note: () => undefined };
  const avatar = stack.add(
    new AvatarDesk({ room, log, note: (entry) => (stop.aborted ? undefined : late.note(entry)) }),
  );
  const loopEvents = { onGate: relay.onGate, onWatch: hooks.onWatch, onDeath: hooks.onDeath };
  const early = startPreloadedParts({ room, kernels, log, loopEvents, begun, avatar: avatar.ingest }, stack);
  const { loop, server } = early;
  const warming = handled(warmText());

  const records = await openRecords({ room, kernels, log, fresh, relay, onRiskLimit: hooks.onRiskLimit }, stack);
  const { resume, ledger, evidence, risk, show, note } = records;
  late.note = note;
  const fastStart = resume.afterCrash && !fresh;
  const speech = stack.add(openSpeech(room, log));
  const speaking = handled<unknown>(fastStart ? Promise.resolve() : Promise.all([speech.start(), early.serving]));
  const { onCode, action } = codeAction(room, actions);
  const yields = yieldToGate(loop.board, stop);
  const judges = openJudges({ room, kernels, log, actions, note, yieldToGate: yields, onStep }, stack);
  const { admission } = judges;
  const windowFrames = gateWindow(room, log);

  const day = { nowMs: () => Date.now(), frame: () => loop.board.get('frame') };
  const opened = await openScene(
    { room, kernels, log, ffmpeg: early.ffmpeg, admission, note, fastStart, day, warming, signal, stop },
    stack,
  );
  const { drawing, feeder, filmFeeder } = opened;
  onStep?.({ step: 'texts' });
  // Other threads draw while this one does its longest work; nothing is shown before everything is judged.
  const judge = judges.judge();
  refuseTexts(judge, room, shownTexts(room), note);
  refuseTogether(togetherHits(judge, room), note);
  refuseLines({ room, judge, speech, ledger: note }, quickPhraseLines(room));

  const stage = new LineStage();
  const avatarSpeech = openAvatarSpeech({ room, desk: avatar, log, ffmpeg: early.ffmpeg, board: loop.board });
  const { voices, assistantVoices, rundown, agenda, runner } = await openShow({
    room,
    stage,
    judge,
    actions,
    speech,
    speaking,
    scene: opened.scene,
    resumeAt: resume.line,
    fastStart,
    log,
    ledger: note,
    evidence,
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

  onStep?.({ step: 'pictures' });
  const assets = await opened.loading;
  const { scene, presenter, assistant } = assets;
  const { draw } = drawing;
  if (!fastStart) {
    const clips = clipDeps({ ffmpeg: await early.ffmpeg, log, signal }, admission);
    await admitStage({ room, kernels, draw, presenter, assistant, clips, admission });
  }
  admission.remember();
  if (!fastStart) {
    onStep?.({ step: 'composed' });
    await readComposed({
      room,
      scene,
      kernels,
      draw,
      presenter,
      assistant,
      admission,
      log,
      signal,
    });
  }
  onStep?.({ step: 'encoder' });
  const { handle } = await early.scanner;
  relay.connect(gateLedger({ fps: room.rate.num / room.rate.den, note, log, evidence, action, onStop }));
  const external = await openAvatar({ room, desk: avatar, ffmpeg: await early.ffmpeg, log });
  await buildLoop(loop, { room, assets, scan: handle, onCode, windowFrames, external });
  await early.serving;
  const encoder = await early.encoder;
  early.linkEncoders();
  const { path: ffmpegPath, decoder } = await early.ffmpeg;
  const delivery = openDelivery({ room, encoder, server, ffmpegPath, note, onOutput: show.onOutput, log }, stack);
  const { onHold } = hooks;
  const onStage = { presenter: { digest: stageDigest(presenter, assistant), sinceFrame: 0 } };
  const watches = openWatches(
    {
      room,
      kernels,
      loop,
      scene,
      admission,
      presenter: () => onStage.presenter,
      actions,
      evidence,
      note,
      log,
      onHold,
      onStop,
    },
    stack,
  );
  stack.add(
    afterwards(SPEAK_AHEAD_AFTER_MS, () => void speakAhead(room, voices.voices, speech, stop, assistantVoices.voices)),
  );
  const avProbe = stack.add(new AvProbe({ flvUrl: server.flvUrl(room.name), source: encoder, log }));
  return {
    room,
    live,
    log,
    ffmpegPath: decoder.path,
    judge,
    ledger,
    evidence,
    scene,
    feeder,
    avatar,
    filmFeeder,
    rundown,
    agenda,
    runner,
    stage,
    speech,
    voices,
    assistantVoices,
    kernels,
    presenterBitmaps: assets.presenter.sprites.map(({ id }) => id),
    assistantBitmaps: assets.assistant?.sprites.map(({ id }) => id) ?? [],
    onStage,
    loop,
    encoder,
    encoding: early.encoding,
    fastStart,
    server,
    ...delivery,
    risk,
    show,
    ...watches,
    note,
    admission,
    drawing,
    resume,
    avProbe,
  };
}

/** A promise that is awaited later; until then a failure must not count as unhandled. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
