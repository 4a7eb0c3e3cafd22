/**
 * The room's picture and sound in a page, over WHEP.
 *
 * Problem: the engine restarts, the network flaps, the tab is hidden; a live page ends its broadcast when its camera's
 * track ends.
 * Demands: a user of the feed always gets pictures; the last one stays while the engine is away; time never runs
 * backwards; recovery is automatic.
 * Rule: one connection serves every track of a page. After a while without pictures, or after a failure, it reconnects,
 * for ever. Meanwhile the last picture is repeated and silence fills the sound.
 * Numbers: stalled after 2.5 s; tries 0.3–3 s apart, checks for the engine every half second; repeated 4 times a
 * second; closed 3 s after the last track.
 */
import type { Scope } from './device-list.js';
import { SAMPLE_RATE_HZ } from './constraints.js';
import type { Bridge } from './messages.js';

export interface FeedSinks {
  /** The frame is only valid during the call: clone it to keep it. Time in µs of this page. */
  video: (frame: VideoFrame) => void;
  /** Interleaved stereo at 48 kHz. */
  audio: (samples: Float32Array, timestampUs: number) => void;
}
type Kind = keyof FeedSinks;

const TICK_MS = 250;
const STALLED_MS = 2500;
const CONNECT_MS = 9000;
const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 3000;
const LINGER_MS = 3000;
const GATHER_MS = 800;
/** Sound or pictures further from this page's clock than this are re-aligned to it. */
const DRIFT_US = 400_000;
const SILENT_AFTER_MS = 150;

export class RoomFeed {
  private readonly sinks = { video: new Set<FeedSinks['video']>(), audio: new Set<FeedSinks['audio']>() };
  private readonly waiting = new Set<{ kinds: readonly Kind[]; resolve: () => void }>();
  private connection: Connection | undefined;
  private connecting = false;
  private waitMs = FIRST_WAIT_MS;
  private nextTryMs = 0;
  private timer: ReturnType<typeof setInterval> | undefined;
  private idleSinceMs = 0;
  private last: VideoFrame | undefined;
  private lastVideoUs = 0;
  private lastVideoMs = -Infinity;
  private nextAudioUs = 0;
  private lastAudioMs = -Infinity;
  private servers: readonly RTCIceServer[] | undefined;

  constructor(
    private readonly scope: Scope,
    private readonly bridge: Bridge,
    /** Called when the room's picture changes its size. */
    private readonly onSize: (width: number, height: number) => void,
  ) {}

  get running(): boolean {
    return this.sinks.video.size + this.sinks.audio.size > 0;
  }

  /** Adds a user; returns a function that removes it. */
  add<K extends Kind>(kind: K, sink: FeedSinks[K]): () => void {
    (this.sinks[kind] as Set<FeedSinks[K]>).add(sink);
    this.start();
    return () => void (this.sinks[kind] as Set<FeedSinks[K]>).delete(sink);
  }

  /** Resolves with true when all of these kinds flow, with false on timeout. */
  ready(kinds: readonly Kind[], timeoutMs: number): Promise<boolean> {
    this.start();
    return new Promise((resolve) => {
      const waiter = {
        kinds,
        resolve: () => {
          clearTimeout(timer);
          this.waiting.delete(waiter);
          resolve(true);
        },
      };
      const timer = setTimeout(() => {
        this.waiting.delete(waiter);
        resolve(false);
      }, timeoutMs);
      this.waiting.add(waiter);
      this.tellWaiting();
    });
  }

  /** Reconnects for different tracks: the engine's address may have changed with the settings. */
  restart(): void {
    this.servers = undefined;
    this.drop();
    this.nextTryMs = 0;
  }

  private start(): void {
    this.idleSinceMs = performance.now();
    this.timer ??= setInterval(() => this.tick(), TICK_MS);
    this.tick();
  }

  private tick(): void {
    const nowMs = performance.now();
    if (this.running || this.waiting.size > 0) this.idleSinceMs = nowMs;
    else if (nowMs - this.idleSinceMs > LINGER_MS) return this.stop();
    const { connection } = this;
    if (connection !== undefined) {
      const sinceMs = nowMs - Math.max(this.lastVideoMs, connection.startedMs);
      if (connection.failed || sinceMs > (connection.hasPicture ? STALLED_MS : CONNECT_MS)) this.drop();
    }
    if (this.connection === undefined && !this.connecting && nowMs >= this.nextTryMs) void this.connect();
    this.fill(nowMs);
  }

  private stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.drop();
    this.nextTryMs = 0;
    this.last?.close();
    this.last = undefined;
  }

  private drop(): void {
    this.connection?.close();
    this.connection = undefined;
    this.nextTryMs = performance.now() + this.waitMs * (0.5 + Math.random() / 2);
    this.waitMs = Math.min(LONGEST_WAIT_MS, this.waitMs * 1.6);
  }

  private async connect(): Promise<void> {
    this.connecting = true;
    try {
      // A check is cheaper than an offer, so it may run more often.
      if (!(await this.bridge.request<'state'>({ kind: 'state' })).available) {
        this.waitMs = FIRST_WAIT_MS * 2;
        throw new Error('the engine does not answer');
      }
      this.servers ??= await this.bridge.request<'servers'>({ kind: 'servers' });
      const connection = new Connection(this.scope, this.bridge, {
        video: (frame) => this.takeVideo(connection, frame),
        audio: (data) => this.takeAudio(connection, data),
      });
      this.connection = connection;
      await connection.open(this.servers);
    } catch {
      // Shown in the popup; a page has no place for it.
      this.servers = undefined;
      this.drop();
    } finally {
      this.connecting = false;
    }
  }

  private takeVideo(from: Connection, frame: VideoFrame): void {
    if (from !== this.connection || this.timer === undefined) return frame.close();
    const nowMs = performance.now();
    if (!from.hasPicture) from.offsetUs = nowMs * 1000 - frame.timestamp;
    from.hasPicture = true;
    this.waitMs = FIRST_WAIT_MS;
    const here = frame.timestamp + from.offsetUs;
    if (Math.abs(here - nowMs * 1000) > DRIFT_US) from.offsetUs = nowMs * 1000 - frame.timestamp;
    this.lastVideoUs = Math.max(frame.timestamp + from.offsetUs, this.lastVideoUs + 1000);
    const stamped = new this.scope.VideoFrame(frame, { timestamp: Math.round(this.lastVideoUs) });
    frame.close();
    if (this.last?.displayWidth !== stamped.displayWidth || this.last.displayHeight !== stamped.displayHeight) {
      this.onSize(stamped.displayWidth, stamped.displayHeight);
    }
    this.last?.close();
    this.last = stamped;
    this.lastVideoMs = nowMs;
    for (const sink of this.sinks.video) sink(stamped);
    this.tellWaiting();
  }

  private takeAudio(from: Connection, data: AudioData): void {
    if (from !== this.connection || this.timer === undefined) return data.close();
    this.lastAudioMs = performance.now();
    const samples = interleaved(data);
    data.close();
    this.passAudio(samples);
    this.tellWaiting();
  }

  private passAudio(samples: Float32Array): void {
    const nowUs = performance.now() * 1000;
    if (Math.abs(this.nextAudioUs - nowUs) > DRIFT_US) this.nextAudioUs = Math.max(nowUs, this.nextAudioUs);
    const timestamp = Math.round(this.nextAudioUs);
    this.nextAudioUs += (samples.length / 2 / SAMPLE_RATE_HZ) * 1e6;
    for (const sink of this.sinks.audio) sink(samples, timestamp);
  }

  /** Replaces missing pictures and sound. */
  private fill(nowMs: number): void {
    if (this.last !== undefined && nowMs - this.lastVideoMs > 2 * TICK_MS) {
      this.lastVideoUs = Math.max(nowMs * 1000, this.lastVideoUs + 1000);
      const again = new this.scope.VideoFrame(this.last, { timestamp: Math.round(this.lastVideoUs) });
      for (const sink of this.sinks.video) sink(again);
      again.close();
    }
    if (nowMs - this.lastAudioMs > SILENT_AFTER_MS && this.sinks.audio.size > 0) {
      const missingUs = Math.min(1e6, Math.max(0, nowMs * 1000 - this.nextAudioUs));
      if (missingUs >= 10_000) this.passAudio(new Float32Array(2 * Math.round((missingUs / 1e6) * SAMPLE_RATE_HZ)));
    }
  }

  private tellWaiting(): void {
    const flows = { video: this.connection?.hasPicture === true, audio: this.connection?.connected === true };
    for (const { kinds, resolve } of this.waiting) if (kinds.every((kind) => flows[kind])) resolve();
  }
}

/** One peer connection from its offer to its end. */
class Connection {
  readonly startedMs = performance.now();
  hasPicture = false;
  /** From the sender's times to this page's. */
  offsetUs = 0;
  private peer: RTCPeerConnection | undefined;
  private session: string | undefined;
  private puller: HTMLAudioElement | undefined;
  private closed = false;

  constructor(
    private readonly scope: Scope,
    private readonly bridge: Bridge,
    private readonly take: { video: (frame: VideoFrame) => void; audio: (data: AudioData) => void },
  ) {}

  get failed(): boolean {
    return ['failed', 'closed'].includes(this.peer?.connectionState ?? '');
  }
  get connected(): boolean {
    return this.peer?.connectionState === 'connected';
  }

  async open(servers: readonly RTCIceServer[]): Promise<void> {
    const peer = new this.scope.RTCPeerConnection({ iceServers: [...servers], bundlePolicy: 'max-bundle' });
    this.peer = peer;
    peer.addTransceiver('video', { direction: 'recvonly' });
    peer.addTransceiver('audio', { direction: 'recvonly' });
    peer.addEventListener('track', ({ track }) => void this.pump(track));
    await peer.setLocalDescription(await peer.createOffer());
    await gathered(peer);
    if (this.closed) return;
    const { answer, session } = await this.bridge.request<'offer'>({ kind: 'offer', sdp: peer.localDescription!.sdp });
    this.session = session;
    if (this.closed) return this.leave();
    await peer.setRemoteDescription({ type: 'answer', sdp: answer });
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.peer?.close();
    if (this.puller !== undefined) this.puller.srcObject = null;
    this.leave();
  }

  private leave(): void {
    const { session } = this;
    this.session = undefined;
    if (session !== undefined) this.bridge.request<'drop'>({ kind: 'drop', session }).catch(() => undefined);
  }

  /**
   * Chromium decodes received sound only while an element plays it: a muted element does so silently, without a click
   * by the user.
   */
  private pull(track: MediaStreamTrack): void {
    const element = new this.scope.Audio();
    element.muted = true;
    element.srcObject = new this.scope.MediaStream([track]);
    element.play().catch(() => undefined);
    this.puller = element;
  }

  private async pump(track: MediaStreamTrack): Promise<void> {
    if (track.kind === 'audio') this.pull(track);
    const Processor = this.scope.MediaStreamTrackProcessor!;
    const reader = new Processor({ track, maxBufferSize: track.kind === 'video' ? 3 : 50 }).readable.getReader();
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        if (this.closed) value.close();
        else if (track.kind === 'video') this.take.video(value as VideoFrame);
        else this.take.audio(value as unknown as AudioData);
      }
    } catch {
      // The track has ended with its connection.
    }
  }
}

function gathered(peer: RTCPeerConnection): Promise<void> {
  if (peer.iceGatheringState === 'complete') return Promise.resolve();
  return new Promise((resolve) => {
    setTimeout(resolve, GATHER_MS);
    peer.addEventListener('icegatheringstatechange', () => peer.iceGatheringState === 'complete' && resolve());
  });
}

/** Converts any channel count to stereo. */
function interleaved(data: AudioData): Float32Array {
  const { numberOfFrames, numberOfChannels } = data;
  const samples = new Float32Array(numberOfFrames * 2);
  const plane = new Float32Array(numberOfFrames);
  for (let channel = 0; channel < 2; channel += 1) {
    data.copyTo(plane, { planeIndex: Math.min(channel, numberOfChannels - 1), format: 'f32-planar' });
    for (let i = 0; i < numberOfFrames; i += 1) samples[2 * i + channel] = plane[i]!;
  }
  return samples;
}
