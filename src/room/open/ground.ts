import type { LiveRoomConfig, RoomConfig } from '../../config/room-config.js';
import { refuseSource } from '../../admission/check-rights.js';
import { openSpeech } from '../../admission/texts/open-speech.js';
import { codeAction, ruleActions, stoppedBy, ownWords } from '../../admission/texts/room-rule-actions.js';
import { AvatarDesk } from '../../external-avatar/avatar-desk.js';
import { loadKernels } from '../../native/load-kernels.js';
import { warmText } from '../../scene/sharp.js';
import type { SpeechService } from '../../speech/speech-service.js';
import type { WatchEvent } from '../../compliance/watch/watch-event.js';
import type { EngineError } from '../../core/errors.js';
import { type PreloadedParts, startPreloadedParts } from '../start/preload-parts.js';
import type { PreloadedThreads } from '../start/preload-threads.js';
import { yieldToGate } from '../start/yield-to-gate.js';
import { GateRelay } from '../gate-ledger.js';
import { openRecords, type Records } from './open-records.js';
import { requireSourceKeys } from './open-sources.js';
import type { CloseStack } from '../../core/close-stack.js';
import type { Kernels } from '../../core/kernels.js';
import type { Log } from '../../core/log.js';
import type { LedgerEntry } from '../../core/verdict.js';
import { TextJudge } from '../../moderation/index.js';
import type { RuleActions } from '../../moderation/packs/index.js';
import { Admission } from '../../admission/admission.js';
import { admittedPictures } from '../../admission/admitted-pictures.js';
import { openKnownWords } from '../../admission/admitted-words.js';
import type { OnLoadStep } from '../start/load-step.js';

/** Events that the parts report to their room. */
export interface RoomHooks {
  readonly onRiskLimit: () => void;
  /** A watch asks for the slate because of the picture, or withdraws it. */
  readonly onHold: () => void;
  readonly onDeath: (error: EngineError) => void;
  readonly onWatch: (event: WatchEvent) => void;
  /** The show goes to a product in `inMs` milliseconds. */
  readonly onProduct: (id: string | null, inMs: number) => void;
}

export interface OpenRoomOptions {
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

/** What needs nothing but the room file: threads and processes, records, speech, judges. */
export interface Ground extends Judges {
  readonly kernels: Kernels;
  /** Threads and processes that are loading. */
  readonly threads: PreloadedParts;
  readonly records: Records;
  /** A presenter whose pictures come from another engine. */
  readonly avatar: AvatarDesk;
  readonly speech: SpeechService;
  readonly relay: GateRelay;
  readonly actions: RuleActions;
  readonly codes: ReturnType<typeof codeAction>;
  readonly onStop: (rule: string) => void;
  /** The previous engine was killed: pictures start first, speech after them. */
  readonly fastStart: boolean;
  /** Resolves when texts can be drawn. */
  readonly warming: Promise<unknown>;
  /** Resolves when speech is ready. */
  readonly speaking: Promise<unknown>;
}

/** Stage 1: starts what takes long and needs only the room file. */
export async function openGround(
  { room, log, stop, hooks, fresh = false, early: begun, onStep }: OpenRoomOptions,
  stack: CloseStack,
): Promise<Ground> {
  const kernels = loadKernels();
  onStep?.({ step: 'parts' });
  const actions = ruleActions(room, log);
  refuseSource(room);
  requireSourceKeys(room);
  const relay = new GateRelay();
  const late: { note: (entry: LedgerEntry) => void } = { note: () => undefined };
  const avatar = stack.add(
    new AvatarDesk({ room, log, note: (entry) => (stop.aborted ? undefined : late.note(entry)) }),
  );
  const loopEvents = { onGate: relay.onGate, onWatch: hooks.onWatch, onDeath: hooks.onDeath };
  const threads = startPreloadedParts({ room, kernels, log, loopEvents, begun, avatar: avatar.ingest }, stack);
  const warming = handled(warmText());
  const records = await openRecords({ room, kernels, log, fresh, relay, onRiskLimit: hooks.onRiskLimit }, stack);
  late.note = records.note;
  const fastStart = records.resume.afterCrash && !fresh;
  const speech = stack.add(openSpeech(room, log));
  const speaking = handled<unknown>(fastStart ? Promise.resolve() : Promise.all([speech.start(), threads.serving]));
  const judges = openJudges(
    { room, kernels, log, actions, note: records.note, yieldToGate: yieldToGate(threads.loop.board, stop), onStep },
    stack,
  );
  return {
    ...judges,
    kernels,
    threads,
    records,
    avatar,
    speech,
    relay,
    actions,
    codes: codeAction(room, actions),
    onStop: (rule) => hooks.onDeath(stoppedBy(rule)),
    fastStart,
    warming,
    speaking,
  };
}

interface OpenJudgesOptions {
  readonly room: RoomConfig;
  readonly kernels: Kernels;
  readonly log: Log;
  readonly actions: RuleActions;
  readonly note: (entry: LedgerEntry) => void;
  readonly yieldToGate: () => Promise<void>;
  readonly onStep?: OnLoadStep | undefined;
}

interface Judges {
  /** The judge of texts. The first call builds it, which keeps the main thread busy for a while. */
  readonly judge: () => TextJudge;
  readonly admission: Admission;
}

/** Opens the judges of texts and of pictures. */
function openJudges(
  { room, kernels, log, actions, note, yieldToGate, onStep }: OpenJudgesOptions,
  stack: CloseStack,
): Judges {
  let built: TextJudge | undefined;
  const judge = (): TextJudge => (built ??= new TextJudge({ actions, own: ownWords(room) }));
  const admission = stack.add(
    new Admission({
      kernels,
      log,
      ledger: note,
      get judge() {
        return judge();
      },
      room,
      admitted: admittedPictures(room, log),
      known: openKnownWords(log),
      yieldToGate,
      onProgress: onStep && ((done, of) => onStep({ step: 'pictures', done, of })),
    }),
  );
  admission.readsText = true;
  return { judge, admission };
}

/** A promise that is awaited later; until then a failure must not count as unhandled. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
