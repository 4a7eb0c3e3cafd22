import { randomBytes } from 'node:crypto';
import type { Closeable } from '../../core/closeable.js';
import type { ViewerCongestion } from '../../core/congestion.js';
import { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import type { PacketSource } from '../../core/media/packets.js';
import type { OutputSnapshot, ViewerFrom } from '../../config/api/room-handle.js';
import type { FrameRate } from '../../core/time.js';
import { PayloadCache } from '../webrtc/viewer-stream.js';
import { checkOffer } from './sdp-offer.js';
import type { WhepViewer, WhepViewerOptions } from './whep-viewer.js';

/**
 * Decides who gets a place when a viewer comes.
 *
 * Problem: places are few, an offer costs its sender nothing, and an offer that never connects holds its place for
 * seconds. A stranger who offers twice a second would hold them all and lock out the seller's own camera page.
 * Rule: a quarter of the places is reserved for holders of the token, who may also evict a stranger when all are taken.
 * One address gets at most half of the strangers' places. Among strangers, an offer that has not connected within
 * PATIENCE_MS gives way to the next one: a real viewer connects well within that time and then stays.
 */
export interface Place extends ViewerFrom {
  readonly id: string;
  readonly sinceMs: number;
  readonly connected: boolean;
}

type Decision =
  | { readonly admitted: true; readonly leaves?: string }
  | { readonly admitted: false; readonly max: number };

export const PATIENCE_MS = 2000;

const keptPlaces = (maxViewers: number): number => (maxViewers < 2 ? 0 : Math.max(1, Math.floor(maxViewers / 4)));

/** @param places in the order they were taken */
export function placeFor(
  { holdsToken, address }: ViewerFrom,
  places: readonly Place[],
  maxViewers: number,
  nowMs: number,
): Decision {
  const waiting = (one: Place): boolean => !one.connected && nowMs - one.sinceMs >= PATIENCE_MS;
  const strangers = places.filter((one) => !one.holdsToken);
  const full = places.length >= maxViewers;
  if (holdsToken) {
    if (!full) return { admitted: true };
    const leaving = strangers.find((one) => !one.connected) ?? strangers.at(-1) ?? places.find(waiting);
    return leaving === undefined ? { admitted: false, max: maxViewers } : { admitted: true, leaves: leaving.id };
  }
  const max = maxViewers - keptPlaces(maxViewers);
  const maxOfAddress = Math.ceil(max / 2);
  const ofAddress = strangers.filter((one) => one.address === address);
  const crowded = ofAddress.length >= maxOfAddress;
  if (!crowded && !full && strangers.length < max) return { admitted: true };
  const leaving = (crowded ? ofAddress : strangers).find(waiting);
  if (leaving !== undefined) return { admitted: true, leaves: leaving.id };
  return { admitted: false, max: crowded ? maxOfAddress : max };
}

export interface WhepServerOptions {
  source: PacketSource;
  rate: FrameRate;
  maxViewers: number;
  /** Current video bitrate; sizes a new viewer's retransmission buffer. 2500 by default. */
  videoKbps?: () => number;
  log: Log;
  /** Addresses to offer besides those of the machine's interfaces; loopback by default. */
  hostAddresses?: readonly string[];
  nowMs?: () => number;
}

/** Who asks from within the engine. */
const OURSELVES: ViewerFrom = { holdsToken: true, address: '' };

/** WebRTC viewers of a room (WHEP without its HTTP): many viewers, one set of packets. */
export class WhepServer implements Closeable {
  private readonly all = new Map<string, WhepViewer>();
  private readonly cache = new PayloadCache();
  /** In the order they were taken; includes offers whose viewer is not created yet. */
  private readonly places = new Map<string, ViewerFrom & { readonly sinceMs: number }>();
  private goneBytes = 0;
  private goneDropped = 0;
  private closed = false;

  constructor(private readonly options: WhepServerOptions) {}

  /**
   * @param sdp the viewer's offer, with all its candidates or with candidates to follow
   * @throws EngineError E_SDP_INVALID, E_TOO_MANY_VIEWERS, E_CLOSED
   */
  async offer(sdp: string, from = OURSELVES): Promise<{ id: string; answer: string }> {
    if (this.closed) throw new EngineError('E_CLOSED', { where: 'WHEP', found: 'a room that is closing' });
    checkOffer(sdp);
    const { source, log, videoKbps = () => 2500, hostAddresses = ['127.0.0.1'] } = this.options;
    const id = this.takePlace(from);
    const viewer = await this.seat({
      id,
      source,
      cache: this.cache,
      videoKbps: videoKbps(),
      log,
      hostAddresses,
      onGone: () => this.gone(id),
    });
    try {
      return { id, answer: await viewer.answer(sdp) };
    } catch (e) {
      await viewer.close();
      throw e;
    }
  }

  /** @throws EngineError E_NOT_FOUND, E_SDP_INVALID */
  async candidate(id: string, fragment: string): Promise<void> {
    await this.viewer(id).candidate(fragment);
  }

  /** @throws EngineError E_NOT_FOUND */
  async delete(id: string): Promise<void> {
    await this.viewer(id).close();
  }

  viewers(): number {
    return this.all.size;
  }

  /** For bitrate adaptation: each connected viewer's congestion. */
  congestion(): ViewerCongestion[] {
    const connected = [...this.all].filter(([, viewer]) => viewer.connected);
    return connected.map(([id, { packetsDropped, limitKbps }]) => ({ id, dropped: packetsDropped, limitKbps }));
  }

  snapshot(): OutputSnapshot {
    let bytesSent = this.goneBytes;
    let packetsDropped = this.goneDropped;
    for (const viewer of this.all.values()) {
      bytesSent += viewer.bytesSent;
      packetsDropped += viewer.packetsDropped;
    }
    const state = this.closed ? 'stopped' : 'live';
    const viewers = this.all.size;
    return {
      id: 'whep',
      kind: 'whep',
      target: '/whep',
      state,
      bytesSent,
      packetsDropped,
      reconnects: 0,
      publishes: 0,
      queue: { ms: 0, bytes: 0 },
      lastError: '',
      viewers,
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.all.values()].map((viewer) => viewer.close()));
  }

  /** The WebRTC stack is 15 MB of code that a room without viewers does not load. */
  private async seat(options: WhepViewerOptions): Promise<WhepViewer> {
    try {
      const { WhepViewer } = await import('./whep-viewer.js');
      if (this.closed) throw new EngineError('E_CLOSED', { where: 'WHEP', found: 'a room that is closing' });
      if (!this.places.has(options.id)) throw tooMany(this.options.maxViewers);
      const viewer = new WhepViewer(options);
      this.all.set(options.id, viewer);
      return viewer;
    } catch (e) {
      this.places.delete(options.id);
      throw e;
    }
  }

  /** Counts from now on, so simultaneous offers cannot exceed the limit together. */
  private takePlace(from: ViewerFrom): string {
    const { maxViewers, nowMs = performance.now.bind(performance) } = this.options;
    const taken = [...this.places].map(([id, place]) => ({
      ...place,
      id,
      connected: this.all.get(id)?.connected === true,
    }));
    const decision = placeFor(from, taken, maxViewers, nowMs());
    if (!decision.admitted) throw tooMany(decision.max);
    if (decision.leaves !== undefined) {
      this.places.delete(decision.leaves);
      // Removed at once; the rest of its shutdown needs no waiting.
      void this.all.get(decision.leaves)?.close();
    }
    const id = randomBytes(12).toString('hex');
    this.places.set(id, { ...from, sinceMs: nowMs() });
    return id;
  }

  private viewer(id: string): WhepViewer {
    const viewer = this.all.get(id);
    if (viewer === undefined) {
      throw new EngineError('E_NOT_FOUND', { where: 'WHEP session', expected: 'an open session', found: id });
    }
    return viewer;
  }

  private gone(id: string): void {
    const viewer = this.all.get(id);
    if (viewer === undefined) return;
    this.goneBytes += viewer.bytesSent;
    this.goneDropped += viewer.packetsDropped;
    this.all.delete(id);
    this.places.delete(id);
  }
}

const tooMany = (max: number): EngineError =>
  new EngineError('E_TOO_MANY_VIEWERS', {
    where: 'WHEP',
    expected: `at most ${max} viewers of this kind at once`,
    found: `${max} connected`,
    todo: 'send the room’s token, for which places are kept; raise control.maxViewers, or send viewers to a relay',
  });
