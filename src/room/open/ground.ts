import { Admission } from '../../admission/admission.js';
import { admittedPictures, openKnownWords } from '../../admission/admitted-pictures.js';
import { refuseSource } from '../../admission/check-rights.js';
import { refusesRetail, scanThreads } from '../../admission/picture-memory.js';
import { openSpeech } from '../../admission/texts/open-speech.js';
import { codeAction, ownWords, ruleActions, stoppedBy } from '../../admission/texts/room-rule-actions.js';
import { FrameScanner } from '../../codescan/index.js';
import { gateBuffers } from '../../compliance/gate/buffers/gate-buffers.js';
import { NOT_KEPT } from '../../compliance/ledger/evidence-count.js';
import { EvidenceStore } from '../../compliance/ledger/evidence-store.js';
import { Ledger } from '../../compliance/ledger/ledger.js';
import type { WatchEvent } from '../../compliance/watch/watch-event.js';
import type { EventSink } from '../../config/api/events-handle.js';
import type { LiveRoomConfig, RoomConfig } from '../../config/room-config.js';
import type { CloseStack } from '../../core/close-stack.js';
import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import { packageVersion } from '../../core/files/paths.js';
import type { Kernels } from '../../core/kernels.js';
import type { Log } from '../../core/log.js';
import { repeatedly, sleep } from '../../core/sleep.js';
import type { LedgerEntry } from '../../core/verdict.js';
import type { EncoderLink } from '../../encoder/process/encoder-link.js';
import { EncoderSupervisor } from '../../encoder/process/encoder-supervisor.js';
import { type FfmpegInfo, findFfmpeg } from '../../encoder/process/find-ffmpeg.js';
import { AvatarDesk } from '../../external-avatar/avatar-desk.js';
import { POOL_EXTRA_FRAMES } from '../../loop/build-frame-loop.js';
import type { LoopBoard } from '../../loop/loop-board.js';
import { LoopClient, type LoopClientEvents } from '../../loop/loop-client.js';
import { TextJudge } from '../../moderation/index.js';
import type { RuleActions } from '../../moderation/packs/index.js';
import { loadKernels } from '../../native/load-kernels.js';
import { type AvatarIngest, EmbeddedServer } from '../../outputs/embedded/embedded-server.js';
import { warmText } from '../../scene/sharp.js';
import type { SpeechService } from '../../speech/speech-service.js';
import { storeFile } from '../../store/open-database.js';
import { ShowStore } from '../../store/show-store.js';
import { checkEvents } from '../../viewers/events/event-intake.js';
import { EventSources } from '../../viewers/sources/event-sources.js';
import { EvidenceKeeper, GateRelay } from '../gate-ledger.js';
import { ShowRecords } from '../records/show-records.js';
import { ResumeKeeper } from '../resume/resume-keeper.js';
import type { OnLoadStep, PreloadedThreads } from '../start/preload-threads.js';
import { RoomRisk } from '../watches/room-watch.js';

/** The clock is trusted after a day of running, so the check runs more often than that. */
const PRUNE_MS = 3_600_000;

/** Deletes entries and evidence past their retention, now and every hour. */
async function keepRetention(
  ledger: Ledger,
  evidence: EvidenceStore,
  { ledgerDays, evidenceDays }: { ledgerDays: number; evidenceDays: number },
): Promise<Closeable> {
  const prune = async (): Promise<void> => {
    await ledger.retire(ledgerDays);
    await evidence.retire(evidenceDays, ledger.clock.trustedMs());
  };
  await prune();
  return repeatedly(PRUNE_MS, () => void prune());
}

/** Opens the room's store; a store that cannot be opened takes no records. */
async function openStore(room: RoomConfig, log: Log, stack: CloseStack): Promise<ShowRecords> {
  const store = await ShowStore.open({ file: storeFile(room.ledgerFile), config: room.store, log });
  return stack.add(new ShowRecords(room, store, packageVersion()));
}

interface OpenRecordsOptions {
  readonly room: RoomConfig;
  readonly kernels: Kernels;
  readonly log: Log;
  /** Discard the state of an earlier run. */
  readonly fresh: boolean;
  /** Closed before the ledger: its events are recorded there. */
  readonly relay: Closeable;
  readonly onRiskLimit: () => void;
}

/** The files that a room writes while it is on air. */
export interface Records {
  readonly resume: ResumeKeeper;
  readonly ledger: Ledger;
  readonly evidence: EvidenceKeeper;
  readonly risk: RoomRisk;
  /** Records for reports. */
  readonly show: ShowRecords;
  /** Writes to the ledger and adds to the risk. */
  readonly note: (entry: LedgerEntry) => void;
}

/** Opens state file, store, ledger, evidence and risk score. Ends the processes that a dead engine left behind. */
async function openRecords(
  { room, kernels, log, fresh, relay, onRiskLimit }: OpenRecordsOptions,
  stack: CloseStack,
): Promise<Records> {
  const { ledgerFile, compliance } = room;
  const { evidence: config, ledgerDays } = compliance;
  const mode = room.script.resume ?? 'after-crash';
  const resume = stack.add(await ResumeKeeper.open({ ledgerFile, log, mode, fresh }));
  const show = await openStore(room, log, stack);
  const ledger = stack.add(await Ledger.open(ledgerFile, { log, onEntry: (entry) => show.onEntry(entry) }));
  stack.add(relay);
  const store = stack.add(
    await EvidenceStore.open(ledgerFile, {
      log,
      maxBytes: config.maxMb * 1024 * 1024,
      onUnwritten: (file, error) =>
        void ledger.append({ kind: 'evidence', action: NOT_KEPT, file, detail: { why: error.slice(0, 200) } }),
    }),
  );
  stack.add(await keepRetention(ledger, store, { ledgerDays, evidenceDays: config.days }));
  const { width, height } = room.video;
  const append = (entry: LedgerEntry): void => void ledger.append(entry);
  const evidence = stack.add(new EvidenceKeeper({ config, store, kernels, width, height, log, append }));
  const risk = stack.add(
    await RoomRisk.open({ ...compliance.risk, ledgerFile, log, note: append, onLimit: onRiskLimit }),
  );
  const note = (entry: LedgerEntry): void => {
    ledger.append(entry);
    risk.take(entry);
  };
  return { resume, ledger, evidence, risk, show, note };
}

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

/**
 * Starts the parts of a room that need only the room file, before anything is read or judged.
 *
 * Problem: a room that restarts after a crash must show pictures within three seconds, also on a busy machine.
 * Independent parts must start while the main thread reads and judges. Nothing unjudged may be shown, so the clock
 * starts last. A failed start ends with its own error.
 * Rule: the embedded server, the scan threads with their warm-up, the loop's thread with its code, and ffmpeg with its
 * libraries start first. Encoders are linked once the loop has its room.
 * Numbers: these take 1.5 s of CPU, beside 1 s on the main thread.
 */
interface PreloadedPartsOptions {
  readonly room: RoomConfig;
  readonly kernels: Kernels;
  readonly log: Log;
  readonly loopEvents: LoopClientEvents;
  /** Takes the pushed video of an external avatar. */
  readonly avatar?: AvatarIngest | undefined;
  /** Threads that are already loading. */
  readonly begun?: PreloadedThreads | undefined;
}

interface PreloadedParts {
  readonly loop: LoopClient;
  readonly server: EmbeddedServer;
  readonly serving: Promise<void>;
  readonly scanner: Promise<FrameScanner>;
  readonly ffmpeg: Promise<FfmpegInfo>;
  readonly encoder: Promise<EncoderSupervisor>;
  /** Resolves when the encoders have loaded and wait for their first frame. */
  readonly encoding: Promise<void>;
  /** Connects the encoders to the loop, which must have its room. */
  linkEncoders(): void;
}

/**
 * Starts the parts and puts them on the stack. The caller awaits the promises; a rejection that nobody awaits is
 * dropped when the part is closed.
 */
function startPreloadedParts(
  { room, kernels, log, loopEvents, begun, avatar }: PreloadedPartsOptions,
  stack: CloseStack,
): PreloadedParts {
  const { width, height } = room.video;
  const unheard = <T>(promise: Promise<T>): Promise<T> => {
    promise.catch(() => undefined); // the caller awaits it later; until then a failure must not count as unhandled
    return promise;
  };
  const prepared = begun?.prepared;
  const { rtmpPort, flvPort } = room.control;
  const server = stack.add(new EmbeddedServer({ rtmpPort, flvPort, log, avatar, prepared }));
  const ffmpeg = unheard(begun?.ffmpeg ?? findFfmpeg());
  const serving = unheard(server.start());
  const scanner = unheard(
    FrameScanner.open({
      width,
      height,
      buffers: gateBuffers(room.compliance.lookAheadFrames, POOL_EXTRA_FRAMES),
      ...scanThreads(room),
      retail: refusesRetail(room),
      log,
      prepared,
    }),
  );
  // When it did not start there is nothing to close, and the room reports the error.
  stack.add({ close: async () => (await scanner.catch(() => undefined))?.close() });
  const loop = stack.add(LoopClient.spawn(loopEvents, prepared));
  let linked = false;
  const links: EncoderLink[] = [];
  const encoder = unheard(
    ffmpeg.then((info) => {
      const onLink = (link: EncoderLink): void => {
        if (linked) loop.send({ type: 'encoder', link });
        else links.push(link);
      };
      const supervisor = new EncoderSupervisor({
        width,
        height,
        rate: room.rate,
        encoder: room.encoder,
        ffmpeg: info,
        kernels,
        log,
        onLink,
      });
      supervisor.start();
      return supervisor;
    }),
  );
  // Closed before the loop, whose end would look like the end of their input. When it did not start there is nothing to
  // close.
  stack.add({ close: async () => (await encoder.catch(() => undefined))?.close() });
  return {
    loop,
    server,
    serving,
    scanner,
    ffmpeg,
    encoder,
    encoding: unheard(encoder.then((supervisor) => supervisor.ready())),
    linkEncoders() {
      linked = true;
      for (const link of links.splice(0)) loop.send({ type: 'encoder', link });
    },
  };
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

interface OpenSourcesOptions {
  readonly room: Pick<RoomConfig, 'events'>;
  readonly sink: EventSink;
  readonly log: Log;
  readonly env?: NodeJS.ProcessEnv;
}

/** Connects the room's sources of events; they reconnect by themselves until the stack closes. */
export function openSources(
  { room, sink, log, env = process.env }: OpenSourcesOptions,
  stack: CloseStack,
): EventSources {
  return stack.add(new EventSources(room.events.sources, { sink, log, env }));
}

/** Refuses a room whose sources lack a key, before anything else is loaded. Throws E_ENV_MISSING. */
export function requireSourceKeys(room: Pick<RoomConfig, 'events'>, env: NodeJS.ProcessEnv = process.env): void {
  const [missing] = checkEvents(room, env);
  if (missing === undefined) return;
  const { where, expected, found, todo } = missing;
  throw new EngineError('E_ENV_MISSING', { where, expected, found, ...(todo === undefined ? {} : { todo }) });
}

/** Maximum pending scans of the gate while a clip is scanned beside it. */
const MAX_PENDING = 2;
const LOOK_MS = 10;
/** Maximum wait, so that a scan that never catches up does not block the clip for ever. */
const MAX_WAIT_MS = 300;

/**
 * Lets the gate's scans run first. Scanning a new clip takes a core for up to a minute; the frames on air would lose
 * that core, and a frame without a verdict in time is replaced. Before the clock runs nothing is pending and nothing
 * waits.
 */
export function yieldToGate(board: Pick<LoopBoard, 'get'>, stop: AbortSignal): () => Promise<void> {
  return async () => {
    for (let ms = 0; ms < MAX_WAIT_MS && board.get('scanPending') > MAX_PENDING; ms += LOOK_MS)
      await sleep(LOOK_MS, stop);
  };
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
