import { ReplyWatch } from '../../compliance/watch/reply-watch.js';
import { LiveRoomConfig } from '../../config/live-room-config.js';
import type { RoomConfig } from '../../config/room-config.js';
import type { Closeable } from '../../core/closeable.js';
import type { AvatarHandle } from '../../core/handles/avatar-handle.js';
import type { AudioHandle } from '../../core/handles/audio-handle.js';
import type { HistoryHandle } from '../../core/handles/history-handle.js';
import type { PresenterHandle } from '../../core/handles/presenter-handle.js';
import type { ProductsHandle } from '../../core/handles/products-handle.js';
import type { EngineError } from '../../core/errors.js';
import type { IntakeHandle } from '../../core/handles/intake-handle.js';
import type { WritingSnapshot } from '../../core/handles/writing-snapshot.js';
import type { SourcesHandle } from '../../core/handles/sources-handle.js';
import type { Log } from '../../core/log.js';
import type {
  DumpResult,
  EncoderSnapshot,
  OutputEvent,
  OutputFile,
  ResumeOptions,
  RoomHandle,
  RoomSnapshot,
  SayOptions,
  SayResult,
  VerdictRecord,
  ViewerFrom,
} from '../../core/room-handle.js';
import type { TakeoverDesk } from '../../director/takeover/takeover-desk.js';
import type { RoomEvents } from '../../director/replies/room-events.js';
import { frameIndex, frameToMicroseconds, millisecondsToFrames, type FrameIndex } from '../../core/time.js';
import type { EventSources } from '../../director/sources/event-sources.js';
import { wordingsOf } from '../../config/sections/script.js';
import type { RundownLine } from '../../director/rundown.js';
import { markLine } from '../../director/line-mark.js';
import { markOnAir } from '../../core/processes/on-air-marks.js';
import { dropFilePages, settleMemory } from '../../native/process-memory.js';
import { preferOnAir } from '../../native/process-priority.js';
import { storeFile } from '../../store/store-file.js';
import { RoomAlarms } from '../alerts/room-alarms.js';
import { PageIntake } from '../intake/page-intake.js';
import { ReportService } from '../report/report-service.js';
import type { RoomLook } from './records/show-records.js';
import { CloseStack } from '../../core/close-stack.js';
import { planAhead } from './start/plan-ahead.js';
import type { PreloadedThreads } from './start/preload-threads.js';
import { firstFrame } from './start/first-frame.js';
import { keepCountdowns } from './start/keep-countdowns.js';
import { keepMemoryLow } from './start/keep-memory-low.js';
import { FirstSamples } from './watches/first-samples.js';
import { RoomEdits } from './commands/room-edits.js';
import { AgendaCommands } from './commands/agenda-commands.js';
import { recordEvents } from './records/record-events.js';
import { openRoomParts } from './open/open-room-parts.js';
import { openSources } from './open/open-sources.js';
import { openFreshWriter } from './open/open-fresh-writer.js';
import { openTakeover } from './open/open-takeover.js';
import { openReplies } from './open/open-replies.js';
import { TimedLayers } from './commands/timed-layers.js';
import { refuseLanguage } from './commands/refuse-language.js';
import { RoomCommands } from './commands/room-commands.js';
import type { RoomHooks, RoomParts } from './room-parts.js';
import { SharedStill } from './shared-still.js';
import { ShowHealth } from './watches/show-health.js';
import { roomSnapshot } from './room-snapshot.js';
import type { ScriptCommands } from './commands/script-commands.js';
import { sayLine } from './commands/say-line.js';
import { takeWatch } from './watches/take-watch.js';
import { stillJpeg } from './still-jpeg.js';

export interface LiveRoomOptions {
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Start the script from its beginning, and discard the operator commands of an earlier run. */
  readonly fresh?: boolean;
  /** Threads that are already loading. */
  readonly early?: PreloadedThreads | undefined;
}

/** Lines within this time are scheduled before the clock starts. */
const OPENING_MS = 3000;

/** A room on air: everything from its file to its outputs. */
export class LiveRoom implements RoomHandle, Closeable {
  private health: ShowHealth | undefined;
  private alarms: RoomAlarms | undefined;
  private connected: EventSources | undefined;
  readonly sources: SourcesHandle;
  readonly intake: IntakeHandle;
  private readonly required: ReadonlySet<string>;
  private closing: Promise<void> | undefined;
  private fatal: EngineError | undefined;
  private onFatal: (error: EngineError) => void = () => undefined;
  private readonly replies: ReplyWatch;
  private readonly edits: RoomEdits;
  private readonly firstSamples: FirstSamples;
  private readonly commands: RoomCommands;
  private readonly still: SharedStill;
  readonly report: ReportService;
  readonly script: ScriptCommands;
  readonly agenda: AgendaCommands;
  readonly events: RoomEvents;
  readonly takeover: TakeoverDesk;
  private readonly writing: () => WritingSnapshot;

  private constructor(
    private readonly parts: RoomParts,
    private readonly stack: CloseStack,
    private readonly stop: AbortController,
  ) {
    this.commands = new RoomCommands(
      parts,
      () => this.health?.slate === true || parts.avatar.slate,
      () => this.frame(),
    );
    parts.avatar.onSlate = () => this.commands.apply();
    this.required = new Set(parts.room.outputs.filter((output) => output.required).map(({ id }) => id));
    this.replies = new ReplyWatch(parts.room.compliance.watch.replies);
    this.firstSamples = new FirstSamples(parts.words);
    this.sources = {
      health: () => this.connected?.health() ?? [],
      takePage: (site, comments) =>
        this.connected?.takePage(site, comments) ?? { taken: 0, repeated: 0, dropped: comments.length },
    };
    this.intake = new PageIntake({ room: parts.room, log: parts.log, signal: stop.signal });
    const { width, height } = parts.room.video;
    this.still = new SharedStill(
      async () => stillJpeg(await parts.loop.still(), width, height),
      () => this.frame(),
    );
    const { room, show, log } = parts;
    this.report = stack.add(
      new ReportService({ file: storeFile(room.ledgerFile), room: room.name, flush: () => show.store.flush(), log }),
    );
    const frame = (): FrameIndex => this.frame();
    const onPicture = (): void => this.layersChanged();
    this.edits = new RoomEdits(parts, { frame, soon: () => this.soon(), onPicture, signal: stop.signal });
    this.script = this.edits.script;
    this.agenda = new AgendaCommands({ ...parts, frame });
    const { scene, stage } = parts;
    stage.connect({ room, scene, layers: this.edits.layers, soon: () => this.soon(), onChange: onPicture });
    const timed = stack.add(
      new TimedLayers({ layers: this.edits.layers, soon: () => this.soon(), log, onChange: onPicture }),
    );
    this.events = openReplies(
      {
        parts,
        agenda: parts.agenda,
        showLayer: (layer, forMs) => timed.show(layer, forMs),
        spam: this.replies,
        productNow: () => parts.runner.productAt(this.frame()),
        stop: stop.signal,
      },
      stack,
    );
    recordEvents(this.events, show.store);
    this.writing = openFreshWriter({ parts, stop: stop.signal }, stack);
    this.takeover = openTakeover({ parts, frame, say: (text, language) => this.takeOverWith(text, language) }, stack);
  }

  /**
   * Puts a room on air; resolves when its clock runs. When something cannot be loaded or may not be shown, closes
   * everything and throws that EngineError.
   */
  static async start(room: RoomConfig, { log, signal, fresh = false, early }: LiveRoomOptions): Promise<LiveRoom> {
    const stack = new CloseStack(log);
    const stop = new AbortController();
    const self: { room?: LiveRoom } = {};
    const hooks: RoomHooks = {
      onRiskLimit: () => self.room?.commands.apply(),
      onHold: () => self.room?.commands.apply(),
      onDeath: (error) => self.room?.fail(error),
      onProduct: (id, inMs) => self.room?.firstSamples.product(id, inMs),
      onWatch: (event) => self.room && takeWatch(event, self.room.parts),
    };
    const live = new LiveRoomConfig(room);
    try {
      const parts = await openRoomParts(
        { room: live.room, live, log, signal, stop: stop.signal, hooks, fresh, early },
        stack,
      );
      self.room = new LiveRoom(parts, stack, stop);
      await self.room.goOnAir(signal);
      return self.room;
    } catch (error) {
      stop.abort();
      await stack.close();
      throw error;
    }
  }

  private async goOnAir(signal: AbortSignal): Promise<void> {
    const { room, log, risk, runner, encoding, fastStart, loop, outputs, show } = this.parts;
    const { note, admission, drawing, avProbe } = this.parts;
    risk.begin();
    this.commands.apply();
    if (!fastStart) {
      await runner.planUntil(millisecondsToFrames(OPENING_MS, room.rate), () => frameIndex(0));
      signal.throwIfAborted();
      await Promise.all([admission.rest(), drawing.rest()]);
      settleMemory();
    }
    await encoding;
    signal.throwIfAborted();
    preferOnAir();
    loop.send({ type: 'go' });
    this.stack.add(markOnAir());
    outputs.start();
    // Until the first frame the machine has no CPU left for anything else.
    if (fastStart) await firstFrame(loop.board, signal);
    dropFilePages();
    avProbe.start();
    show.onAir(() => this.look());
    note({ kind: 'room', action: 'on-air', detail: { room: room.name, seed: room.seed } });
    this.noteResumed();
    this.watchShow();
    this.connected = openSources({ room, log, sink: this.events }, this.stack);
    this.alarms = this.stack.add(new RoomAlarms({ room, log, snapshot: () => this.snapshot() }));
    this.firstSamples.begin(runner.productAt(this.frame()));
    keepCountdowns(this.stack, this.parts);
    void planAhead(this.parts, () => this.frame(), this.stop.signal);
    keepMemoryLow(this.stack, () => (fastStart ? admission.rest() : undefined));
  }

  /** From here on the state of the run is saved; records in the ledger how the previous run ended. */
  private noteResumed(): void {
    const { resume, runner, note } = this.parts;
    const { muted, blanked } = this.commands;
    if (resume.afterCrash || resume.damaged || blanked || muted) {
      const { line, ended, damaged } = resume;
      const at = line === null ? 'the beginning' : `s${line.round}.${line.segment}.${line.line}`;
      const commands = `${muted ? 'muted ' : ''}${blanked ? 'blanked' : ''}`.trim();
      note({ kind: 'room', action: 'resumed', detail: { line: at, processesEnded: ended, orders: commands, damaged } });
    }
    resume.follow(() => {
      const line = runner.scriptLineAt(this.frame());
      return line?.position && markLine(line.position, savedText(line));
    });
  }

  /** Shows the slate when the show stalls for long, and returns by itself. */
  private watchShow(): void {
    const { room, runner, note, log } = this.parts;
    this.health = this.stack.add(
      new ShowHealth({
        owedMs: () => frameToMicroseconds(frameIndex(runner.owedFrames(this.frame())), room.rate) / 1000,
        slateMs: room.script.slateAfterMs,
        note,
        log,
        onSlate: () => this.commands.apply(),
      }),
    );
  }

  /** For the records of the show. */
  private look(): RoomLook {
    const { loop, outputs, whep } = this.parts;
    const figure = loop.board.snapshot();
    return {
      slate: this.commands.slate,
      muted: this.commands.muted,
      figures: {
        frames: figure('rendered'),
        replaced: figure('replaced'),
        muted: figure('soundMuted'),
        late: figure('lateTotal'),
      },
      viewers: [...outputs.snapshots(), whep.snapshot()].flatMap(({ id, viewers }) =>
        viewers === undefined ? [] : [{ id, viewers }],
      ),
    };
  }

  private frame(): FrameIndex {
    return frameIndex(this.parts.loop.board.get('frame'));
  }

  private fail(error: EngineError): void {
    this.parts.resume.markCrashed();
    this.parts.show.markFailed();
    this.alarms?.showEnds(error.message);
    this.fatal = error;
    this.onFatal(error);
  }

  /** Resolves when the signal aborts; rejects when the room fails. */
  ended(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.fatal !== undefined) return reject(this.fatal);
      const stopping = (): void => {
        // Ctrl-C may have reached the encoders too: their exit now is no fault.
        this.parts.encoder.expectEnd();
        resolve();
      };
      if (signal.aborted) return stopping();
      this.onFatal = reject;
      signal.addEventListener('abort', stopping, { once: true });
    });
  }

  get addresses(): { rtmp: string; flv: string } {
    const { server, room } = this.parts;
    return { rtmp: server.rtmpUrl(room.name), flv: server.flvUrl(room.name) };
  }

  snapshot(): RoomSnapshot {
    const { room, loop, encoderKeeper, avProbe, outputs, whep, runner, risk, watch, feeder } = this.parts;
    const { ledger, evidence } = this.parts;
    const frame = this.frame();
    const line = runner.lineAt(frame)?.line;
    const { muted, blanked, standing, slate } = this.commands;
    return roomSnapshot({
      room,
      board: loop.board,
      frame,
      state: this.closing !== undefined ? 'stopping' : standing.length > 0 ? 'blanked' : 'on-air',
      encoder: encoderKeeper.snapshot(),
      avOffsetMs: avProbe.offsetMs,
      outputs: [
        ...outputs.snapshots().map((one) => ({ ...one, required: this.required.has(one.id) })),
        whep.snapshot(),
      ],
      speaking: line === undefined ? null : { text: line.text, language: line.language ?? room.language },
      product: runner.productAt(frame),
      unspoken: runner.unspoken.snapshot(),
      voices: this.parts.speech.health(),
      muted,
      blanked,
      slate,
      sources: [
        { id: 'script', kind: 'script', rung: this.health?.rung ?? 'fresh' },
        ...feeder.sources(),
        ...this.parts.avatar.sources(),
      ],
      watch: watch.faults(),
      risk: risk.snapshot(),
      ledger: { ...ledger.health(), evidenceDropped: evidence.dropped },
      alarms: this.alarms?.active() ?? [],
      eventSources: this.sources.health(),
      takeover: this.takeover.state(),
      writing: this.writing(),
    });
  }

  get products(): ProductsHandle {
    return this.edits.products;
  }
  get history(): HistoryHandle {
    return this.edits.history;
  }
  get audio(): AudioHandle {
    return this.edits.audio;
  }
  get avatar(): AvatarHandle {
    return this.parts.avatar;
  }
  get presenter(): PresenterHandle {
    return this.edits.presenter;
  }

  verdicts(limit: number): readonly VerdictRecord[] {
    return this.parts.ledger.recent(limit);
  }

  async say(text: string, options: SayOptions = {}): Promise<SayResult> {
    if (options.language !== undefined) await refuseLanguage(this.parts.speech, options.language);
    return sayLine({ ...this.parts, replies: this.replies, nowMs: () => performance.now() }, text, options);
  }

  private async takeOverWith(text: string, language: string | undefined): Promise<SayResult> {
    if (language !== undefined) await refuseLanguage(this.parts.speech, language);
    const parts = { ...this.parts, replies: this.replies, nowMs: () => performance.now() };
    const result = sayLine(
      parts,
      text,
      { ...(language === undefined ? {} : { language }), interrupt: true },
      'takeover',
    );
    if (result.result === 'queued') this.takeover.touch();
    return result;
  }

  putLayer(id: string, body: unknown): Promise<{ id: string; atFrame: number }> {
    return this.edits.layers.put(id, body).finally(() => this.layersChanged());
  }

  async removeLayer(id: string): Promise<void> {
    this.edits.layers.remove(id);
    this.layersChanged();
  }

  private layersChanged(): void {
    this.firstSamples.layersChanged();
    this.parts.secondOpinion.changed();
  }

  changeEncoder(patch: unknown): Promise<EncoderSnapshot> {
    return this.parts.encoderKeeper.change(patch);
  }

  /** A frame the loop will not have drawn yet when the message arrives. */
  private soon(): FrameIndex {
    return frameIndex(this.frame() + 3);
  }

  mute(): void {
    this.commands.mute();
  }
  blank(): void {
    this.commands.blank();
  }
  resume(what?: ResumeOptions): void {
    this.commands.resume(what);
  }

  async dump(): Promise<DumpResult> {
    const { fromFrame, frames } = await this.parts.loop.dump();
    return { fromFrame, frames, ms: Math.round(frameToMicroseconds(frameIndex(frames), this.parts.room.rate) / 1000) };
  }

  outputEvents(limit: number): readonly OutputEvent[] {
    return this.parts.outputs.events(limit);
  }
  outputFile(output: string, name: string): OutputFile | undefined {
    return this.parts.outputs.file(output, name);
  }

  whepOffer(sdp: string, from: ViewerFrom): Promise<{ id: string; answer: string }> {
    return this.parts.whep.offer(sdp, from);
  }
  async whepCandidate(id: string, fragment: string): Promise<void> {
    await this.parts.whep.candidate(id, fragment);
  }
  async whepDelete(id: string): Promise<void> {
    await this.parts.whep.delete(id);
  }

  stillJpeg(): Promise<Buffer> {
    return this.still.jpeg();
  }

  close(): Promise<void> {
    this.closing ??= (async () => {
      this.stop.abort();
      this.parts.encoder.expectEnd();
      this.parts.ledger.append({ kind: 'room', action: 'off-air', frame: this.frame() });
      await this.stack.close();
    })();
    return this.closing;
  }
}

/** A wording that was written on air is not in the script of the next run: the line's own text stands for it. */
function savedText({ scripted, text }: RundownLine): string {
  if (scripted === undefined) return text;
  return wordingsOf(scripted.line).includes(scripted.wording) ? scripted.wording : scripted.line.text;
}
