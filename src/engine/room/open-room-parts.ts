import { speakAhead } from '../../director/show/speak-ahead.js';
import { afterwards } from '../../core/sleep.js';
import { lineVoice } from '../../director/show/line-voice.js';
import { readPackVoices } from '../../avatar/presenter-pack.js';
import type { RoomConfig } from '../../config/room-config.js';
import { NOT_KEPT } from '../../compliance/ledger/evidence-count.js';
import { EvidenceStore } from '../../compliance/ledger/evidence-store.js';
import { Ledger } from '../../compliance/ledger/ledger.js';
import { TextJudge } from '../../moderation/index.js';
import type { Log } from '../../core/log.js';
import type { LedgerEntry } from '../../core/verdict.js';
import { findLine } from '../../director/line-mark.js';
import { Rundown } from '../../director/rundown.js';
import { framesHeld } from '../../encoder/x264-ladder.js';
import { loadKernels } from '../../native/load-kernels.js';
import { WhepServer } from '../../outputs/whep/whep-server.js';
import { ClipFeeder } from '../../scene/clips/clip-feeder.js';
import { PictureProcess } from '../../scene/drawing/picture-process.js';
import type { SceneCompiler } from '../../scene/scene-compiler.js';
import { warmText } from '../../scene/sharp.js';
import { SpeechService } from '../../speech/speech-service.js';
import { Admission } from '../admission/admission.js';
import { admittedPictures } from '../admission/admitted-pictures.js';
import { refuseSource } from '../check/check-rights.js';
import { openKnownWords } from '../admission/admitted-words.js';
import { AvProbe } from './av-probe.js';
import type { CloseStack } from '../../core/close-stack.js';
import type { PreloadedThreads } from './start/preload-threads.js';
import { EvidenceKeeper } from './evidence-keeper.js';
import { ownWords } from '../texts/own-words.js';
import { codeAction, ruleActions, stoppedBy } from '../texts/room-rule-actions.js';
import { EncoderKeeper } from './encoder-keeper.js';
import { yieldToGate } from './start/yield-to-gate.js';
import { gateLedger } from './gate-ledger.js';
import { gateWindow } from './gate-window.js';
import { shownTexts } from '../texts/layer-texts.js';
import { startEarlyParts } from './start/preload-parts.js';
import type { LoopClientEvents } from '../loop/loop-client.js';
import { openOutputs } from './start/open-outputs.js';
import { openWatches } from './watches/open-watches.js';
import { ResumeKeeper } from './resume/resume-keeper.js';
import { keepRetention } from './keep-retention.js';
import { refuseTexts, refuseTogether } from '../texts/refuse-texts.js';
import { loadRoomAssets } from './room-assets.js';
import type { RoomHooks, RoomParts } from './room-parts.js';
import { RoomRisk } from './watches/room-risk.js';
import { soundThresholds } from './watches/room-watch.js';
import { ShowRunner } from '../../director/show/show-runner.js';
import { togetherHits } from '../texts/shown-together.js';

export interface OpenRoomPartsOptions {
  readonly room: RoomConfig;
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
}

/** By then the start is over and the first lines have been spoken. */
const SPEAK_AHEAD_AFTER_MS = 6000;

/**
 * Loads a room's assets, judges what it shows and starts its parts; the clock does not run yet. Everything opened is
 * on the stack, also when it throws the EngineError of something that cannot be loaded or may not be shown.
 */
export async function openRoomParts(
  { room, log, signal, stop, hooks, fresh = false, early: begun }: OpenRoomPartsOptions,
  stack: CloseStack,
): Promise<RoomParts> {
  const kernels = loadKernels();
  const actions = ruleActions(room, log);
  refuseSource(room);
  const stopFor = (rule: string): void => hooks.onDeath(stoppedBy(rule));
  const { width, height } = room.video;
  const late: { judge?: TextJudge; scene?: SceneCompiler; onGate?: LoopClientEvents['onGate'] } = {};
  const loopEvents: LoopClientEvents = {
    // The thread reports nothing before it has its room.
    onGate: (event, picture) => late.onGate!(event, picture),
    onWatch: hooks.onWatch,
    onDeath: hooks.onDeath,
  };
  const early = startEarlyParts({ room, kernels, log, loopEvents, begun }, stack);
  const { loop, server } = early;
  const mode = room.script.resume ?? 'after-crash';
  const resuming = ResumeKeeper.open({ ledgerFile: room.ledgerFile, log, mode, fresh });
  resuming.catch(() => undefined); // awaited below; until then a failure must not count as unhandled
  const warming = warmText();
  warming.catch(() => undefined); // awaited below
  const resume = stack.add(await resuming);
  const ledger = stack.add(await Ledger.open(room.ledgerFile, { log }));
  // The loop's thread outlives the ledger by a moment; its last reports are dropped.
  stack.add({ close: async () => void (late.onGate = () => undefined) });
  const { evidence: evidenceConfig, ledgerDays } = room.compliance;
  const evidenceStore = stack.add(
    await EvidenceStore.open(room.ledgerFile, {
      log,
      maxBytes: evidenceConfig.maxMb * 1024 * 1024,
      onUnwritten: (file, error) =>
        void ledger.append({ kind: 'evidence', action: NOT_KEPT, file, detail: { why: error.slice(0, 200) } }),
    }),
  );
  const days = { ledgerDays, evidenceDays: evidenceConfig.days };
  stack.add(await keepRetention(ledger, evidenceStore, days));
  const evidence = stack.add(
    new EvidenceKeeper({
      config: evidenceConfig,
      store: evidenceStore,
      kernels,
      width,
      height,
      log,
      append: (entry) => void ledger.append(entry),
    }),
  );
  const risk = stack.add(
    await RoomRisk.open({
      ...room.compliance.risk,
      ledgerFile: room.ledgerFile,
      log,
      note: (entry) => void ledger.append(entry),
      onLimit: hooks.onRiskLimit,
    }),
  );
  const note = (entry: LedgerEntry): void => {
    ledger.append(entry);
    risk.take(entry);
  };
  const fastStart = resume.afterCrash && !fresh;
  const speech = stack.add(new SpeechService({ log }));
  const speaking = fastStart ? Promise.resolve() : speech.start();
  speaking.catch(() => undefined); // awaited below; until then a failure must not count as unhandled
  const onCode = codeAction(room, actions);
  const remembered = { admitted: admittedPictures(room, log), known: openKnownWords(log) };
  const admission = stack.add(
    new Admission({
      kernels,
      log,
      ledger: note,
      get judge() {
        return late.judge!;
      },
      room,
      ...remembered,
      yieldToGate: yieldToGate(loop.board, stop),
    }),
  );
  admission.readsText = true;
  const windowFrames = gateWindow(room, log);
  const drawing = stack.add(new PictureProcess({ log }));
  const puts = stack.add(new PictureProcess({ log, gentle: true }));
  const feeder = stack.add(new ClipFeeder(log, note));
  await warming;
  const ffmpeg = await early.ffmpeg;
  // Other threads draw while this one does its longest work; nothing is shown before everything is judged.
  const { draw } = drawing;
  const drawPut = puts.draw;
  const loading = loadRoomAssets(
    { room, kernels, draw, drawPut, ffmpeg, log, signal, stop, feeder, fastStart },
    admission,
  );
  loading.catch(() => undefined); // awaited below; another step may throw first
  // Must be set in this turn, before any part reads it.
  const judge = (late.judge = new TextJudge({ actions, own: ownWords(room) }));
  refuseTexts(judge, room, shownTexts(room), note);
  refuseTogether(togetherHits(judge, room), note);
  const voices = await readPackVoices(room.presenter.pack);
  if (!fastStart) {
    await Promise.all([speaking, early.serving]);
    const { language, voice, provider } = lineVoice(room, voices, undefined);
    await speech.voiceFor(language, voice, provider);
  }
  const rundown = new Rundown(room.script);
  if (resume.line !== null) rundown.resumeAt(findLine(room.script, resume.line));
  const runner = new ShowRunner(
    {
      room,
      rundown,
      judge,
      actions,
      speech,
      voices,
      get scene() {
        return late.scene!;
      },
      log,
      send: (command) => loop.send(command),
      ledger: note,
      evidence,
      onStop: stopFor,
      onProduct: hooks.onProduct,
    },
    stop,
  );
  // Lines are spoken while the pictures load; only their schedule needs the scene.
  if (!fastStart) runner.prime();
  // Destructured: a closure below would otherwise keep the whole result in memory for the life of the room.
  const { scene, opening, presenter, music, slate } = await loading;
  late.scene = scene;
  admission.remember();
  const { lookAheadFrames } = room.compliance;
  const scanner = await early.scanner;
  late.onGate = gateLedger({ note, log, evidence, action: onCode.action, onStop: stopFor });
  await loop.build({
    width,
    height,
    rate: room.rate,
    seed: room.seed,
    scene: opening,
    presenter,
    audio: room.audio,
    music,
    slate,
    lookAheadFrames,
    windowFrames,
    encoderFrames: framesHeld(room.encoder),
    onCode: onCode.onCode,
    minimumHoldMs: room.compliance.minimumHoldMs,
    scan: scanner.handle,
    keepsPictures: evidenceConfig.pictures && evidenceConfig.maxMb > 0,
    watch: {
      presenterBox: scene.presenterBox(),
      picture: room.compliance.watch.picture,
      sound: soundThresholds(room),
    },
  });
  await early.serving;
  const encoder = await early.encoder;
  early.linkEncoders();
  const whep = stack.add(
    new WhepServer({
      source: encoder,
      rate: room.rate,
      maxViewers: room.control.maxViewers,
      videoKbps: () => encoder.settings.videoKbps,
      log,
    }),
  );
  const outputs = openOutputs({ room, source: encoder, server, log, ffmpegPath: ffmpeg.path }, stack);
  const encoderKeeper = stack.add(new EncoderKeeper({ encoder, outputs, viewers: whep, note, log }));
  const watches = openWatches(
    { room, kernels, loop, scene, admission, actions, evidence, note, log, onHold: hooks.onHold, onStop: stopFor },
    stack,
  );
  stack.add(afterwards(SPEAK_AHEAD_AFTER_MS, () => void speakAhead(room, voices, speech, stop)));
  return {
    room,
    log,
    judge,
    ledger,
    evidence,
    scene,
    feeder,
    rundown,
    runner,
    speech,
    loop,
    encoder,
    encoding: early.encoding,
    fastStart,
    encoderKeeper,
    server,
    outputs,
    whep,
    risk,
    ...watches,
    note,
    admission,
    drawing,
    resume,
    avProbe: stack.add(new AvProbe({ flvUrl: server.flvUrl(room.name), source: encoder, log })),
  };
}
