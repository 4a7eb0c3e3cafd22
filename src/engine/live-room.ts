import { layer as layerSchema } from '../config/layer.js';
import { resolveLayer } from '../config/load-room.js';
import type { RoomConfig } from '../config/room-config.js';
import { FrameScanner } from '../compliance/frame/frame-scanner.js';
import { gateBuffers } from '../compliance/gate/gate.js';
import { Ledger } from '../compliance/ledger/ledger.js';
import { TextJudge } from '../compliance/text/text-judge.js';
import type { Closeable } from '../core/closeable.js';
import { EngineError, toEngineError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import type {
  DumpResult,
  RoomHandle,
  RoomSnapshot,
  SayOptions,
  SayResult,
  VerdictRecord,
} from '../core/room-handle.js';
import { frameIndex, frameToMicroseconds, millisecondsToFrames, type FrameIndex } from '../core/time.js';
import type { LedgerEntry } from '../core/verdict.js';
import { Rundown } from '../director/rundown.js';
import { EncoderSupervisor } from '../encoder/encoder-supervisor.js';
import { findFfmpeg } from '../encoder/find-ffmpeg.js';
import { loadKernels } from '../native/load-kernels.js';
import { settleMemory } from '../native/process-memory.js';
import { EmbeddedServer } from '../outputs/embedded-server.js';
import { OutputSupervisor } from '../outputs/output-supervisor.js';
import { RtmpOutput } from '../outputs/rtmp/rtmp-output.js';
import { WhepServer } from '../outputs/whep/whep-server.js';
import type { SceneCompiler } from '../scene/scene-compiler.js';
import { SpeechService } from '../speech/speech-service.js';
import { CloseStack } from './close-stack.js';
import { gateLedger } from './gate-ledger.js';
import { gateWindow } from './gate-window.js';
import { shownTexts, layerTexts } from './layer-texts.js';
import { POOL_EXTRA_FRAMES } from './loop/build-frame-loop.js';
import { LoopClient } from './loop/loop-client.js';
import { refuseTexts } from './refuse-texts.js';
import { Admission } from './admission.js';
import { loadRoomAssets } from './room-assets.js';
import { RoomRisk } from './room-risk.js';
import { roomSnapshot } from './room-snapshot.js';
import { RoomWatch, soundThresholds } from './room-watch.js';
import { afterwards, sleep } from './sleep.js';
import { ShowRunner, UNSPOKEN } from './show/show-runner.js';
import { stillJpeg } from './still-jpeg.js';

export interface LiveRoomOptions {
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** How far ahead of the picture lines are placed; a line put in by the API waits this long at most. */
const HORIZON_MS = 2000;
const PLAN_INTERVAL_MS = 100;
/** When what loading left behind has been let go of and can be given back to the system. */
const SETTLED_MS = 8000;
/** What is placed before the clock starts. */
const OPENING_MS = 3000;

interface RoomParts {
  readonly room: RoomConfig;
  readonly log: Log;
  readonly judge: TextJudge;
  readonly ledger: Ledger;
  readonly scene: SceneCompiler;
  readonly rundown: Rundown;
  readonly runner: ShowRunner;
  readonly loop: LoopClient;
  readonly encoder: EncoderSupervisor;
  readonly server: EmbeddedServer;
  readonly outputs: OutputSupervisor;
  readonly whep: WhepServer;
  readonly risk: RoomRisk;
  readonly watch: RoomWatch;
}

/** A room on air: everything from its file to its outputs. */
export class LiveRoom implements RoomHandle, Closeable {
  private muted = false;
  private blanked = false;
  private closing: Promise<void> | undefined;
  private fatal: EngineError | undefined;
  private onFatal: (error: EngineError) => void = () => undefined;
  private readonly stop = new AbortController();

  private constructor(
    private readonly parts: RoomParts,
    private readonly stack: CloseStack,
  ) {}

  /**
   * Puts a room on air; resolves when its clock runs. Throws the EngineError of whatever cannot be loaded
   * or may not be shown, and leaves nothing behind then.
   */
  static async start(room: RoomConfig, { log, signal }: LiveRoomOptions): Promise<LiveRoom> {
    const stack = new CloseStack(log);
    try {
      return await LiveRoom.build(room, log, signal, stack);
    } catch (error) {
      await stack.close();
      throw error;
    }
  }

  private static async build(room: RoomConfig, log: Log, signal: AbortSignal, stack: CloseStack): Promise<LiveRoom> {
    const kernels = loadKernels();
    const { width, height } = room.video;
    const ledger = stack.add(await Ledger.open(room.ledgerFile, { log }));
    const self: { room?: LiveRoom } = {};
    const risk = stack.add(
      await RoomRisk.open({
        ...room.compliance.risk,
        ledgerFile: room.ledgerFile,
        log,
        note: (entry) => void ledger.append(entry),
        onLimit: () => self.room?.order(),
      }),
    );
    const note = (entry: LedgerEntry): void => {
      ledger.append(entry);
      risk.take(entry);
    };
    const server = stack.add(
      new EmbeddedServer({ rtmpPort: room.control.rtmpPort, flvPort: room.control.flvPort, log }),
    );
    const speech = stack.add(new SpeechService({ log }));
    const judge = new TextJudge();
    const admission = stack.add(new Admission({ log, ledger: note, judge, room }));
    refuseTexts(judge, room, shownTexts(room), note);
    const [ffmpeg] = await Promise.all([findFfmpeg(), server.start(), speech.start()]);
    await speech.voiceFor(room.presenter.voice.language ?? room.language, room.presenter.voice.name);
    const assets = await loadRoomAssets({ room, kernels, ffmpeg, log, signal }, admission);
    admission.readsText = true;
    const { lookAheadFrames } = room.compliance;
    const windowFrames = gateWindow(room, log);
    const scanner = stack.add(
      await FrameScanner.open({
        width,
        height,
        buffers: gateBuffers(windowFrames, POOL_EXTRA_FRAMES),
        threads: room.compliance.scanThreads,
        log,
      }),
    );
    const loop = await LoopClient.start(
      {
        width,
        height,
        rate: room.rate,
        seed: room.seed,
        scene: assets.opening,
        presenter: assets.presenter,
        audio: room.audio,
        music: assets.music,
        slate: assets.slate,
        lookAheadFrames,
        windowFrames,
        onCode: room.compliance.onCode,
        minimumHoldMs: room.compliance.minimumHoldMs,
        scan: scanner.handle,
        watch: {
          presenterBox: assets.scene.presenterBox(),
          picture: room.compliance.watch.picture,
          sound: soundThresholds(room),
        },
      },
      {
        onGate: gateLedger(note, log),
        onWatch: (event) => self.room?.parts.watch.take(event),
        onDeath: (error) => self.room?.fail(error),
      },
    );
    stack.add(loop);
    const encoder = stack.add(
      new EncoderSupervisor({
        width,
        height,
        rate: room.rate,
        encoder: room.encoder,
        ffmpeg,
        kernels,
        log,
        onLink: (link) => loop.send({ type: 'encoder', link }),
      }),
    );
    const whep = stack.add(
      new WhepServer({ source: encoder, rate: room.rate, maxViewers: room.control.maxViewers, log }),
    );
    const common = {
      source: encoder,
      width,
      height,
      rate: room.rate,
      videoKbps: room.encoder.videoKbps,
      aacKbps: room.encoder.aacKbps,
    };
    const outputs = stack.add(
      new OutputSupervisor({
        outputs: [
          new RtmpOutput({
            ...common,
            id: 'local',
            url: server.publishUrl(room.name),
            maxLagMs: 4000,
            timeline: 'output',
          }),
          ...room.outputs.map((o) => new RtmpOutput({ ...common, id: o.id, url: o.url, maxLagMs: o.maxLagMs })),
        ],
        log,
      }),
    );
    const stop = new AbortController();
    const rundown = new Rundown(room.script);
    const runner = new ShowRunner(
      { room, rundown, judge, speech, scene: assets.scene, log, send: (command) => loop.send(command), ledger: note },
      stop.signal,
    );
    const watch = stack.add(
      new RoomWatch({
        note,
        log,
        width,
        height,
        thresholds: room.compliance.watch.duplicates,
        still: () => loop.still(),
        frame: () => frameIndex(loop.board.get('frame')),
      }),
    );
    const scene = assets.scene;
    const live = new LiveRoom(
      { room, log, judge, ledger, scene, rundown, runner, loop, encoder, server, outputs, whep, risk, watch },
      stack,
    );
    self.room = live;
    risk.begin();
    live.stop.signal.addEventListener('abort', () => stop.abort());
    await runner.planUntil(millisecondsToFrames(OPENING_MS, room.rate), () => frameIndex(0));
    signal.throwIfAborted();
    settleMemory();
    encoder.start();
    await encoder.ready();
    loop.send({ type: 'go' });
    outputs.start();
    note({ kind: 'room', action: 'on-air', detail: { room: room.name, seed: room.seed } });
    void live.conduct();
    stack.add(afterwards(SETTLED_MS, settleMemory));
    return live;
  }

  /** Places lines as the picture goes on, until the room stops. */
  private async conduct(): Promise<void> {
    const { room, runner } = this.parts;
    const horizon = millisecondsToFrames(HORIZON_MS, room.rate);
    while (!this.stop.signal.aborted) {
      try {
        await runner.planUntil(this.frame() + horizon, () => this.frame());
      } catch (cause) {
        if (this.stop.signal.aborted) return;
        const error = toEngineError(cause, 'show');
        this.parts.log.error({ code: error.code }, error.message);
        await sleep(1000, this.stop.signal);
      }
      await sleep(PLAN_INTERVAL_MS, this.stop.signal);
    }
  }

  private frame(): FrameIndex {
    return frameIndex(this.parts.loop.board.get('frame'));
  }

  private fail(error: EngineError): void {
    this.fatal = error;
    this.onFatal(error);
  }

  /** Resolves when the signal aborts; rejects when the room cannot go on. */
  ended(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.fatal !== undefined) return reject(this.fatal);
      if (signal.aborted) return resolve();
      this.onFatal = reject;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  get addresses(): { rtmp: string; flv: string } {
    const { server, room } = this.parts;
    return { rtmp: server.rtmpUrl(room.name), flv: server.flvUrl(room.name) };
  }

  snapshot(): RoomSnapshot {
    const { room, loop, encoder, outputs, whep, runner, risk, watch } = this.parts;
    const frame = this.frame();
    const line = runner.lineAt(frame)?.line;
    return roomSnapshot({
      room,
      board: loop.board,
      frame,
      state: this.closing !== undefined ? 'stopping' : this.blanked || risk.atLimit ? 'blanked' : 'on-air',
      encoder: encoder.stats(),
      outputs: [...outputs.snapshots(), whep.snapshot()],
      speaking: line === undefined ? null : { text: line.text, language: line.language ?? room.language },
      product: runner.productAt(frame),
      muted: this.muted,
      blanked: this.blanked,
      watch: watch.faults(),
      risk: risk.snapshot(),
    });
  }

  verdicts(limit: number): readonly VerdictRecord[] {
    return this.parts.ledger.recent(limit);
  }

  async say(text: string, options: SayOptions = {}): Promise<SayResult> {
    const { room, judge, rundown, ledger } = this.parts;
    const language = options.language ?? room.language;
    const { hits } = judge.judge(text, { surface: 'speech', language, entry: room.products });
    const told = hits.map(({ rule, kind, match }) => ({ rule, kind, match }));
    const refuse = (detail: Record<string, string>): void => {
      for (const hit of hits) {
        ledger.append({
          kind: 'text',
          rule: hit.rule,
          surface: 'speech',
          action: 'refuse',
          evidence: hit.match.slice(0, 200),
          detail: { kind: hit.kind, ...detail },
        });
      }
    };
    if (hits.some((h) => UNSPOKEN.has(h.action))) {
      refuse({});
      return { id: '', result: 'refused', hits: told };
    }
    const line = rundown.insert({
      text,
      caption: options.caption === false ? '' : text,
      next: options.next ?? true,
      ...(options.language === undefined ? {} : { language: options.language }),
    });
    if (line === undefined) {
      throw new EngineError('E_BAD_REQUEST', {
        where: 'say',
        expected: 'fewer lines waiting',
        found: `${rundown.waiting} lines`,
        todo: 'wait until they are spoken',
      });
    }
    return { id: line.id, result: hits.some((h) => h.action === 'mute') ? 'muted' : 'queued', hits: told };
  }

  async putLayer(id: string, body: unknown): Promise<{ id: string; atFrame: number }> {
    const { room, scene, judge, loop, ledger } = this.parts;
    const result = layerSchema.safeParse({ ...(typeof body === 'object' ? body : {}), id });
    if (!result.success) {
      const issue = result.error.issues[0]!;
      throw new EngineError('E_LAYER_INVALID', {
        where: `layer "${id}"${issue.path.length > 0 ? `: ${issue.path.map(String).join('.')}` : ''}`,
        expected: issue.message.replace(/^Invalid input: expected /, ''),
        found: 'something else',
        todo: '`engine schema` has all layer types',
      });
    }
    const layer = resolveLayer(result.data, (ref) => new URL(ref, `file://${room.dir}/`).pathname);
    refuseTexts(judge, room, layerTexts(layer, `layer "${id}"`), (entry) => void ledger.append(entry));
    const atFrame = this.soon();
    loop.send({ type: 'scene', update: await scene.putLayer(layer, atFrame) });
    return { id, atFrame };
  }

  async removeLayer(id: string): Promise<void> {
    const { scene, loop } = this.parts;
    loop.send({ type: 'scene', update: scene.removeLayer(id, this.soon()) });
  }

  /** A frame that the loop has not drawn yet when the message arrives. */
  private soon(): FrameIndex {
    return frameIndex(this.frame() + 3);
  }

  mute(): void {
    this.operate('mute', true, this.blanked);
  }
  blank(): void {
    this.operate('blank', this.muted, true);
  }
  resume(): void {
    const cleared = this.parts.risk.clear();
    this.operate('resume', false, false, { clearedRisk: Math.round(cleared * 100) / 100 });
  }

  async dump(): Promise<DumpResult> {
    const { fromFrame, frames } = await this.parts.loop.dump();
    return { fromFrame, frames, ms: Math.round(frameToMicroseconds(frameIndex(frames), this.parts.room.rate) / 1000) };
  }

  private operate(action: string, muted: boolean, blanked: boolean, detail?: Record<string, number>): void {
    this.muted = muted;
    this.blanked = blanked;
    this.order();
    const frame = this.frame();
    this.parts.ledger.append({ kind: 'operator', action, frame, ...(detail === undefined ? {} : { detail }) });
  }

  /** Tells the loop what the operator and the risk want. */
  private order(): void {
    const { loop, risk } = this.parts;
    loop.send({ type: 'operate', muted: this.muted, blanked: this.blanked, risk: risk.atLimit });
  }

  whepOffer(sdp: string): Promise<{ id: string; answer: string }> {
    return this.parts.whep.offer(sdp);
  }
  async whepCandidate(id: string, fragment: string): Promise<void> {
    await this.parts.whep.candidate(id, fragment);
  }
  async whepDelete(id: string): Promise<void> {
    await this.parts.whep.delete(id);
  }

  async stillJpeg(): Promise<Buffer> {
    const { width, height } = this.parts.room.video;
    return stillJpeg(await this.parts.loop.still(), width, height);
  }

  close(): Promise<void> {
    this.closing ??= (async () => {
      this.stop.abort();
      this.parts.ledger.append({ kind: 'room', action: 'off-air', frame: this.frame() });
      await this.stack.close();
    })();
    return this.closing;
  }
}
