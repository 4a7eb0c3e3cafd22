import { ReplyWatch } from '../compliance/watch/reply-watch.js';
import { LiveRoomConfig, type RoomConfig } from '../config/room-config.js';
import type { Closeable } from '../core/closeable.js';
import type { EngineError } from '../core/errors.js';
import type { Log } from '../core/log.js';
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
} from '../config/api/room-handle.js';
import type { TakeoverDesk } from '../takeover/takeover-desk.js';
import type { RoomEvents } from '../viewers/replies/room-events.js';
import { frameIndex, frameToMicroseconds, type FrameIndex } from '../core/time.js';
import type { EventSources } from '../viewers/sources/event-sources.js';
import { RoomAlarms } from '../alerts/room-alarms.js';
import { PageIntake } from '../intake/page-intake.js';
import type { ReportService } from '../report/report-service.js';
import { CloseStack } from '../core/close-stack.js';
import { settleWithin } from '../core/sleep.js';
import { goOnAir, keepCountdowns, keepDaylight, keepMemoryLow, keepResumable, planAhead } from './start/keep-on-air.js';
import type { OnLoadStep, PreloadedThreads } from './start/preload-threads.js';
import { FirstSamples } from './watches/picture-sampler.js';
import type { RoomEdits } from './commands/room-edits.js';
import { type AgendaCommands, RoomCommands } from './commands/room-commands.js';
import { openDesks } from './open/open-desks.js';
import { openFreshWriter } from './open/open-fresh-writer.js';
import { openRoom } from './open/open-room.js';
import { openSources, type RoomHooks } from './open/ground.js';
import { type ScriptCommands, TypedLines } from './commands/script-commands.js';
import { RoomDesk, type RoomParts } from './room-desk.js';
import { RoomView } from './room-view.js';
import { type ShowHealth, takeWatch, watchShow } from './watches/show-health.js';
import { stillJpeg } from '../render/still-canvas.js';

/** Outputs say goodbye within this time, or are cut off. */
const OFF_AIR_MS = 2000;

export interface LiveRoomOptions {
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Start the script from its beginning, and discard the operator commands of an earlier run. */
  readonly fresh?: boolean;
  /** Threads that are already loading. */
  readonly early?: PreloadedThreads | undefined;
  /** Reports what is being loaded, until the room is on air. */
  readonly onStep?: OnLoadStep | undefined;
}

/** The end of a room on air: a signal asks for it, or a failure forces it. */
export class RoomEnd {
  private fatal: EngineError | undefined;
  private onFatal: (error: EngineError) => void = () => undefined;

  fail(error: EngineError): void {
    this.fatal = error;
    this.onFatal(error);
  }

  /** Resolves when the signal aborts, after calling `stopping`; rejects when the room fails. */
  wait(signal: AbortSignal, stopping: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.fatal !== undefined) return reject(this.fatal);
      const stop = (): void => {
        stopping();
        resolve();
      };
      if (signal.aborted) return stop();
      this.onFatal = reject;
      signal.addEventListener('abort', stop, { once: true });
    });
  }
}

/**
 * The last released picture as a JPEG, made once for all concurrent requests: a request that arrives during the
 * encoding gets the same one.
 */
export class SharedStill {
  private making: Promise<Buffer> | undefined;
  private made: { readonly frame: number; readonly jpeg: Buffer } | undefined;

  constructor(
    private readonly make: () => Promise<Buffer>,
    private readonly frame: () => number,
  ) {}

  async jpeg(): Promise<Buffer> {
    if (this.making !== undefined) return this.making;
    const frame = this.frame();
    if (this.made?.frame === frame) return this.made.jpeg;
    this.making = this.make();
    try {
      const jpeg = await this.making;
      this.made = { frame, jpeg };
      return jpeg;
    } finally {
      this.making = undefined;
    }
  }
}

/** A room on air: everything from its file to its outputs. */
export class LiveRoom implements RoomHandle, Closeable {
  private health: ShowHealth | undefined;
  private alarms: RoomAlarms | undefined;
  private connected: EventSources | undefined;
  readonly sources: RoomHandle['sources'];
  readonly intake: RoomHandle['intake'];
  private offAir: Promise<void> | undefined;
  private closing: Promise<void> | undefined;
  private readonly end = new RoomEnd();
  private readonly edits: RoomEdits;
  private readonly firstSamples: FirstSamples;
  private readonly commands: RoomCommands;
  private readonly still: SharedStill;
  private readonly typed: TypedLines;
  private readonly view: RoomView;
  readonly report: ReportService;
  readonly script: ScriptCommands;
  readonly agenda: AgendaCommands;
  readonly events: RoomEvents;
  readonly takeover: TakeoverDesk;
  readonly replies: RoomHandle['replies'];
  readonly llm: RoomHandle['llm'];
  readonly desk: RoomDesk;

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
    const replies = new ReplyWatch(parts.room.compliance.watch.replies);
    this.typed = new TypedLines(parts, replies);
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
    const frame = (): FrameIndex => this.frame();
    const desks = openDesks(
      {
        parts,
        frame,
        soon: () => this.soon(),
        onPicture: () => this.layersChanged(),
        replies,
        takeOverWith: (text, language) => this.takeOverWith(text, language),
        stop: stop.signal,
      },
      stack,
    );
    this.edits = desks.edits;
    this.script = desks.edits.script;
    this.agenda = desks.agenda;
    this.events = desks.events;
    this.report = desks.report;
    this.takeover = desks.takeover;
    this.replies = desks.replies;
    this.llm = desks.llm;
    this.desk = new RoomDesk({
      parts,
      rules: desks.rules,
      events: desks.events,
      alarms: () => this.alarms,
    });
    const writing = openFreshWriter({ parts, stop: stop.signal }, stack);
    this.view = new RoomView({
      parts,
      commands: this.commands,
      sources: this.sources,
      takeover: this.takeover,
      frame,
      writing,
      isStopping: () => this.offAir !== undefined,
      health: () => this.health,
      alarms: () => this.alarms,
    });
  }

  /**
   * Puts a room on air; resolves when its clock runs. When something cannot be loaded or may not be shown, closes
   * everything and throws that EngineError.
   */
  static async start(
    room: RoomConfig,
    { log, signal, fresh = false, early, onStep: onLoadStep }: LiveRoomOptions,
  ): Promise<LiveRoom> {
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
    let isLoading = true;
    const onStep: OnLoadStep = (step) => {
      if (isLoading) onLoadStep?.(step);
    };
    try {
      const parts = await openRoom(
        { room: live.room, live, log, signal, stop: stop.signal, hooks, fresh, early, onStep },
        stack,
      );
      self.room = new LiveRoom(parts, stack, stop);
      onStep({ step: 'speech' });
      await self.room.goOnAir(signal);
      isLoading = false;
      return self.room;
    } catch (error) {
      stop.abort();
      await stack.close();
      throw error;
    }
  }

  private async goOnAir(signal: AbortSignal): Promise<void> {
    const { room, log, risk, runner, fastStart, show, note, admission } = this.parts;
    const frame = (): FrameIndex => this.frame();
    risk.begin();
    this.commands.apply();
    await goOnAir(this.parts, this.stack, signal);
    show.onAir(() => this.view.look());
    note({ kind: 'room', action: 'on-air', detail: { room: room.name, seed: room.seed } });
    keepResumable(this.parts, this.commands, frame);
    this.health = this.stack.add(watchShow(this.parts, frame, () => this.commands.apply()));
    this.connected = openSources({ room, log, sink: this.events }, this.stack);
    this.alarms = this.stack.add(new RoomAlarms({ room, log, snapshot: () => this.snapshot() }));
    this.firstSamples.begin(runner.productAt(this.frame()));
    keepCountdowns(this.stack, this.parts);
    keepDaylight(this.stack, this.parts);
    void planAhead(this.parts, frame, this.stop.signal);
    keepMemoryLow(this.stack, () => (fastStart ? admission.rest() : undefined));
  }

  private frame(): FrameIndex {
    return frameIndex(this.parts.loop.board.get('frame'));
  }

  private fail(error: EngineError): void {
    this.parts.resume.markCrashed();
    this.parts.show.markFailed();
    this.alarms?.showEnds(error.message);
    this.end.fail(error);
  }

  /** Resolves when the signal aborts; rejects when the room fails. */
  ended(signal: AbortSignal): Promise<void> {
    // Ctrl-C may have reached the encoders too: their exit now is no fault.
    return this.end.wait(signal, () => this.parts.encoder.expectEnd());
  }

  get addresses(): { rtmp: string; flv: string } {
    const { server, room } = this.parts;
    return { rtmp: server.rtmpUrl(room.name), flv: server.flvUrl(room.name) };
  }

  snapshot(): RoomSnapshot {
    return this.view.snapshot();
  }

  get products(): RoomHandle['products'] {
    return this.edits.products;
  }
  get history(): RoomHandle['history'] {
    return this.edits.history;
  }
  get audio(): RoomHandle['audio'] {
    return this.edits.audio;
  }
  get avatar(): RoomHandle['avatar'] {
    return this.parts.avatar;
  }
  get presenter(): RoomHandle['presenter'] {
    return this.edits.presenter;
  }

  verdicts(limit: number): readonly VerdictRecord[] {
    return this.parts.ledger.recent(limit);
  }

  say(text: string, options?: SayOptions): Promise<SayResult> {
    return this.typed.say(text, options);
  }

  private async takeOverWith(text: string, language: string | undefined): Promise<SayResult> {
    const result = await this.typed.takeOver(text, language);
    if (result.result === 'queued') this.takeover.touch();
    return result;
  }

  get layers(): RoomHandle['layers'] {
    return this.edits.layers;
  }

  private layersChanged(): void {
    this.firstSamples.layersChanged();
    this.parts.secondOpinion.changed();
  }

  /** The worker of a fleet that has this room, and its fencing token: into the state file and the ledger. */
  holdLease({ worker, fence }: { readonly worker: string; readonly fence: number }): void {
    this.parts.resume.saveLease({ worker, fence });
    this.parts.note({ kind: 'room', action: 'lease', detail: { worker, fence } });
  }

  changeEncoder(patch: unknown): Promise<EncoderSnapshot> {
    return this.parts.encoderKeeper.change(patch);
  }

  /** A frame the loop will not have drawn yet when the message arrives. */
  private soon(): FrameIndex {
    return frameIndex(this.frame() + 3);
  }

  mute(by?: string): void {
    this.commands.mute(by);
  }
  blank(by?: string): void {
    this.commands.blank(by);
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

  /**
   * Ends everything that leaves the room, and nothing else: outputs, viewers, the embedded server and the speech of an
   * external avatar, all at once, with the loop that feeds them. Resolves when nothing leaves any more, after two
   * seconds at the latest. Idempotent; `close` does the rest.
   */
  goOffAir(): Promise<void> {
    this.offAir ??= (async () => {
      const { encoder, loop, outputs, whep, server, avatar, ledger, log } = this.parts;
      this.stop.abort();
      // Before the loop, whose end would look like the end of the encoders' input.
      encoder.expectEnd();
      const ends = [outputs, whep, server, avatar, loop].map((part) => part.close());
      const ended = await settleWithin(Promise.allSettled(ends), OFF_AIR_MS);
      if (!ended)
        log.warn({ limitMs: OFF_AIR_MS }, 'not everything that leaves ended in time; its connections are cut');
      ledger.append({ kind: 'room', action: 'off-air', frame: this.frame() });
    })();
    return this.offAir;
  }

  close(): Promise<void> {
    this.closing ??= (async () => {
      await this.goOffAir();
      await this.stack.close();
    })();
    return this.closing;
  }
}
