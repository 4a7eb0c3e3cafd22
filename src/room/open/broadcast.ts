import type { PresenterOnStage } from '../../admission/composed-words.js';
import type { codeAction } from '../../admission/texts/room-rule-actions.js';
import type { FrameScanner } from '../../codescan/index.js';
import type { EncoderSnapshot, OutputEvent, OutputSnapshot } from '../../config/api/room-handle.js';
import type { RoomConfig } from '../../config/room-config.js';
import { encoderPatch } from '../../config/sections/encoder.js';
import type { OutputConfig } from '../../config/sections/output.js';
import { valueFault } from '../../config/value-fault.js';
import type { CloseStack } from '../../core/close-stack.js';
import type { Closeable } from '../../core/closeable.js';
import type { OutputCongestion, ViewerCongestion } from '../../core/congestion.js';
import { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import type { PacketSource } from '../../core/media/packets.js';
import { afterwards } from '../../core/sleep.js';
import type { LedgerEntry } from '../../core/verdict.js';
import { BitrateAdapter, framesHeld, type OutputLoad } from '../../encoder/adapt-bitrate.js';
import type { EncoderSupervisor } from '../../encoder/process/encoder-supervisor.js';
import type { LoopClient } from '../../loop/loop-client.js';
import type { LoopInit } from '../../loop/build-frame-loop.js';
import { createOutputs } from '../../outputs/create-outputs.js';
import type { EmbeddedServer } from '../../outputs/embedded/embedded-server.js';
import { OutputSupervisor, StateWebhook } from '../../outputs/output-supervisor.js';
import type { Output } from '../../outputs/output.js';
import { LastSeconds } from '../../outputs/recording/recording-output.js';
import { FlvBodies } from '../../outputs/rtmp/flv-muxer.js';
import { RtmpOutput } from '../../outputs/rtmp/rtmp-output.js';
import { PayloadCache } from '../../outputs/webrtc/viewer-stream.js';
import { WhepServer } from '../../outputs/whep/whep-server.js';
import { presenterBox, productSide } from '../../scene/place-box.js';
import { speakAhead } from '../../show/speak-ahead.js';
import { type RoomAssets, stageDigest } from '../../stage/room-assets.js';
import { AvProbe } from '../av-probe.js';
import { gateLedger, gateWindow } from '../gate-ledger.js';
import { openWatches, soundThresholds } from '../watches/room-watch.js';
import type { Ground, OpenRoomOptions } from './ground.js';
import { openAvatar, type Programme } from './programme.js';

interface EncoderKeeperOptions {
  readonly encoder: EncoderSupervisor;
  readonly outputs: { snapshots(): readonly OutputSnapshot[]; congestion(): readonly OutputCongestion[] };
  /** WebRTC viewers: their congestion counts where the room pushes nowhere. */
  readonly viewers?: { congestion(): readonly ViewerCongestion[] };
  readonly note: (entry: LedgerEntry) => void;
  readonly log: Log;
  /** Monotonic clock; for tests. */
  readonly nowMs?: () => number;
}

const CHECK_MS = 1000;
/** The lowest share of the bitrate that adaptation may use when the room file does not say. */
const MIN_SHARE = 0.4;
const MIN_KBPS = 100;
/** Outputs that cross a network; a local output says nothing about the uplink. */
const NETWORK_KINDS: ReadonlySet<string> = new Set(['rtmp', 'rtmps', 'srt', 'whip']);

/** Changes the encoder's settings, on command of the operator and on congestion of the outputs. */
export class EncoderKeeper implements Closeable {
  private readonly adapter: BitrateAdapter;
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly options: EncoderKeeperOptions) {
    const { videoKbps } = options.encoder.settings;
    this.adapter = new BitrateAdapter(videoKbps, this.leastKbps());
    const nowMs = options.nowMs ?? (() => performance.now());
    this.timer = setInterval(() => this.check(nowMs()), CHECK_MS);
    this.timer.unref();
  }

  /** Throws E_BAD_REQUEST and E_ENCODER_DIED; the settings stay unchanged then. */
  async change(body: unknown): Promise<EncoderSnapshot> {
    const result = encoderPatch.safeParse(body ?? {});
    if (!result.success) {
      const fault = valueFault(result.error.issues[0]!, body, encoderPatch);
      const where = fault.where === '' ? 'encoder' : `encoder.${fault.where}`;
      throw new EngineError('E_BAD_REQUEST', { ...fault, where });
    }
    const { encoder, note } = this.options;
    await encoder.change(result.data, 'operator');
    if (result.data.videoKbps !== undefined || result.data.minVideoKbps !== undefined) {
      this.adapter.want(result.data.videoKbps ?? this.adapter.wanted, this.leastKbps());
      if (this.adapter.wanted !== encoder.settings.videoKbps) {
        await encoder.change({ videoKbps: this.adapter.wanted }, 'operator');
      }
    }
    note({ kind: 'operator', action: 'encoder', detail: { ...result.data } });
    return this.snapshot();
  }

  snapshot(): EncoderSnapshot {
    const { encoder } = this.options;
    const { generation, restarts, kbitPerSecond } = encoder.stats();
    const { width, height, rate } = encoder.sent;
    return {
      generation,
      restarts,
      kbitPerSecond,
      videoKbps: encoder.settings.videoKbps,
      wantedKbps: this.adapter.wanted,
      width,
      height,
      fps: rate.num / rate.den,
    };
  }

  close(): Promise<void> {
    clearInterval(this.timer);
    return Promise.resolve();
  }

  /** Call it once a second. */
  check(nowMs: number): void {
    const { encoder, outputs, note, log } = this.options;
    const before = this.adapter.current;
    const estimates = new Map(outputs.congestion().map(({ id, estimateKbps }) => [id, estimateKbps]));
    const { kbitPerSecond } = encoder.stats();
    const pushed = outputs.snapshots().flatMap((output) => loadOf(output, estimates.get(output.id), kbitPerSecond));
    const viewers = pushed.some(({ connected }) => connected) ? [] : (this.options.viewers?.congestion() ?? []);
    const kbps = this.adapter.look(nowMs, [...pushed, ...viewers.map((one) => viewerLoad(one, kbitPerSecond))]);
    if (kbps === undefined) return;
    const action = kbps < before ? 'bitrate-down' : 'bitrate-up';
    log.warn({ fromKbps: before, toKbps: kbps }, kbps < before ? 'outputs are congested' : 'outputs flow again');
    note({ kind: 'room', action, detail: { fromKbps: before, toKbps: kbps } });
    encoder
      .change({ videoKbps: kbps }, action)
      .catch((error: unknown) => log.error({ error: String(error) }, 'the bitrate could not be changed'));
  }

  private leastKbps(): number {
    const { videoKbps, minVideoKbps } = this.options.encoder.settings;
    return minVideoKbps ?? Math.max(MIN_KBPS, Math.round(videoKbps * MIN_SHARE));
  }
}

function loadOf(output: OutputSnapshot, estimateKbps: number | undefined, sentKbps: number): OutputLoad[] {
  const { id, kind, state, queue, packetsDropped } = output;
  if (id === 'local' || !NETWORK_KINDS.has(kind)) return [];
  const connected = state === 'live' || state === 'degraded';
  return [{ id, connected, queueMs: queue.ms, packetsDropped, estimateKbps, sentKbps }];
}

const viewerLoad = ({ id, dropped, limitKbps }: ViewerCongestion, sentKbps: number): OutputLoad => ({
  id,
  connected: true,
  queueMs: 0,
  packetsDropped: dropped,
  estimateKbps: limitKbps,
  sentKbps,
});

/** By then the start is over and the first lines have been spoken. */
const SPEAK_AHEAD_AFTER_MS = 6000;

/** Everything from the frame loop to the receivers; the clock does not run yet. */
export interface Broadcast extends Delivery, ReturnType<typeof openWatches> {
  readonly loop: LoopClient;
  readonly encoder: EncoderSupervisor;
  readonly server: EmbeddedServer;
  /** The one that decodes files and voices of others. */
  readonly ffmpegPath: string;
  /** The presenter on stage, as a change leaves it. */
  readonly onStage: { presenter: PresenterOnStage };
  readonly avProbe: AvProbe;
}

/** Stage 4: builds the loop, and opens encoder, outputs and watches. */
export async function openBroadcast(
  { room, log, stop, hooks, onStep }: OpenRoomOptions,
  ground: Ground,
  { voices, assistantVoices }: Programme,
  assets: RoomAssets,
  stack: CloseStack,
): Promise<Broadcast> {
  const { kernels, threads, records, admission, avatar, speech, actions, codes, onStop } = ground;
  const { loop, server } = threads;
  const { note, evidence, show } = records;
  const { scene, presenter, assistant } = assets;
  onStep?.({ step: 'encoder' });
  const { handle } = await threads.scanner;
  const { action, onCode } = codes;
  ground.relay.connect(gateLedger({ fps: room.rate.num / room.rate.den, note, log, evidence, action, onStop }));
  const external = await openAvatar({ room, desk: avatar, ffmpeg: await threads.ffmpeg, log });
  const windowFrames = gateWindow(room, log);
  await buildLoop(loop, { room, assets, scan: handle, onCode, windowFrames, external });
  await threads.serving;
  const encoder = await threads.encoder;
  threads.linkEncoders();
  const { path: ffmpegPath, decoder } = await threads.ffmpeg;
  const delivery = openDelivery({ room, encoder, server, ffmpegPath, note, onOutput: show.onOutput, log }, stack);
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
      onHold: hooks.onHold,
      onStop,
    },
    stack,
  );
  stack.add(
    afterwards(SPEAK_AHEAD_AFTER_MS, () => void speakAhead(room, voices.voices, speech, stop, assistantVoices.voices)),
  );
  const avProbe = stack.add(new AvProbe({ flvUrl: server.flvUrl(room.name), source: encoder, log }));
  return { loop, encoder, server, ffmpegPath: decoder.path, onStage, avProbe, ...delivery, ...watches };
}

interface BuildLoopOptions {
  readonly room: RoomConfig;
  readonly assets: RoomAssets;
  readonly scan: FrameScanner['handle'];
  readonly onCode: ReturnType<typeof codeAction>['onCode'];
  /** A presenter whose pictures come from another engine. */
  readonly external?: LoopInit['external'];
  /** Frames between drawing and release. */
  readonly windowFrames: number;
}

/** Builds the room in the loop's thread; resolves when it is ready. The clock does not run yet. */
function buildLoop(
  loop: LoopClient,
  { room, assets, scan, onCode, windowFrames, external }: BuildLoopOptions,
): Promise<void> {
  const { width, height } = room.video;
  const { lookAheadFrames, minimumHoldMs, evidence, watch } = room.compliance;
  const { opening, presenter, assistant, music, slate } = assets;
  return loop.build({
    width,
    height,
    rate: room.rate,
    seed: room.seed,
    scene: opening,
    presenter,
    external,
    assistant,
    productSide: productSide(room),
    audio: room.audio,
    music,
    slate,
    lookAheadFrames,
    windowFrames,
    encoderFrames: framesHeld(room.encoder),
    onCode,
    minimumHoldMs,
    scan,
    keepsPictures: evidence.pictures && evidence.maxMb > 0,
    watch: { presenterBox: presenterBox(room), picture: watch.picture, sound: soundThresholds(room) },
  });
}

interface OpenDeliveryOptions {
  readonly room: RoomConfig;
  readonly encoder: EncoderSupervisor;
  readonly server: EmbeddedServer;
  readonly ffmpegPath: string;
  readonly note: (entry: LedgerEntry) => void;
  readonly onOutput: (event: OutputEvent) => void;
  readonly log: Log;
}

interface OpenOutputsOptions {
  readonly room: RoomConfig;
  readonly source: PacketSource;
  readonly server: EmbeddedServer;
  readonly log: Log;
  readonly ffmpegPath: string;
  readonly onOutput?: (event: OutputEvent) => void;
}

/** Creates an output that is added while the show runs. */
type MakeOutputs = (config: OutputConfig) => Output[];

/** Opens all outputs of a room, the embedded server's first, and puts them on the stack; does not start them. */
function openOutputs(
  { room, source, server, log, ffmpegPath, onOutput }: OpenOutputsOptions,
  stack: CloseStack,
): { outputs: OutputSupervisor; bodies: FlvBodies; makeOutputs: MakeOutputs } {
  for (const reason of room.encoderLowered) log.warn({ reason }, 'a platform limits the encoder');
  const { width, height } = room.video;
  const { videoKbps, aacKbps } = room.encoder;
  const [bodies, cache] = [new FlvBodies(), new PayloadCache()];
  const context = { source, width, height, rate: room.rate, videoKbps, aacKbps, bodies, cache, log, ffmpegPath };
  const local = new RtmpOutput({
    ...context,
    id: 'local',
    url: server.publishUrl(room.name),
    maxLagMs: 4000,
    timeline: 'output',
  });
  const webhooks = room.control.webhooks.map((one) => stack.add(new StateWebhook({ ...one, room: room.name, log })));
  const outputs = stack.add(
    new OutputSupervisor({
      outputs: [local, ...createOutputs(room.outputs, context)],
      log,
      onEvent: (event) => {
        onOutput?.(event);
        for (const webhook of webhooks) webhook.tell(event);
      },
    }),
  );
  return { outputs, bodies, makeOutputs: (config) => createOutputs([config], context) };
}

/** Everything that carries encoded packets to viewers. */
interface Delivery {
  readonly whep: WhepServer;
  readonly outputs: OutputSupervisor;
  readonly encoderKeeper: EncoderKeeper;
  readonly makeOutputs: MakeOutputs;
  /** For clips. */
  readonly lastSeconds: LastSeconds;
}

/** Opens WHEP, the outputs and the adaptation of the bitrate; the outputs are not started yet. */
function openDelivery(
  { room, encoder, server, ffmpegPath, note, onOutput, log }: OpenDeliveryOptions,
  stack: CloseStack,
): Delivery {
  const whep = stack.add(
    new WhepServer({
      source: encoder,
      rate: room.rate,
      maxViewers: room.control.maxViewers,
      videoKbps: () => encoder.settings.videoKbps,
      log,
    }),
  );
  const { outputs, bodies, makeOutputs } = openOutputs(
    { room, source: encoder, server, log, ffmpegPath, onOutput },
    stack,
  );
  const encoderKeeper = stack.add(new EncoderKeeper({ encoder, outputs, viewers: whep, note, log }));
  const { width, height } = room.video;
  const lastSeconds = stack.add(new LastSeconds({ source: encoder, bodies, width, height }));
  return { whep, outputs, encoderKeeper, makeOutputs, lastSeconds };
}
