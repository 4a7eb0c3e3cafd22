import { encoderPatch } from '../config/sections/encoder.js';
import type { Closeable } from '../core/closeable.js';
import type { OutputCongestion, ViewerCongestion } from '../core/congestion.js';
import { valueFault } from '../config/value-fault.js';
import { EngineError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import type { EncoderSnapshot, OutputSnapshot } from '../config/api/room-handle.js';
import type { LedgerEntry } from '../core/verdict.js';
import { BitrateAdapter, type OutputLoad } from '../encoder/adapt-bitrate.js';
import type { EncoderSupervisor } from '../encoder/process/encoder-supervisor.js';

export interface EncoderKeeperOptions {
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
