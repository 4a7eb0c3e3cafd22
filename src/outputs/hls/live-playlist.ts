/**
 * A live media playlist (RFC 8216) and its segments, in memory.
 *
 * Problem: a player requests segments from a playlist that is seconds old.
 * Rule: a segment that left the playlist stays available for one more playlist length (RFC 8216, 6.2.2). Segment
 * numbers never restart while the room runs.
 */
export interface HlsSegment {
  readonly bytes: Buffer;
  readonly seconds: number;
  /** Number of its init segment. */
  readonly init: number;
  /** Times or parameters do not continue those of the previous segment. */
  readonly discontinuity: boolean;
}

/** A player begins three durations before the end (RFC 8216, 6.3.3); Chromium's gives up on a shorter playlist. */
const FIRST_SHOWN = 3;

export class LivePlaylist {
  private readonly segments: HlsSegment[] = [];
  private readonly inits = new Map<number, Buffer>();
  /** Number of segments[0]. */
  private first = 0;
  private goneDiscontinuities = 0;
  private targetSeconds: number;

  constructor(
    private readonly shown: number,
    segmentMs: number,
  ) {
    this.targetSeconds = Math.ceil(segmentMs / 1000);
  }

  addInit(number: number, bytes: Buffer): void {
    this.inits.set(number, bytes);
  }

  add(segment: HlsSegment): void {
    this.segments.push(segment);
    this.targetSeconds = Math.max(this.targetSeconds, Math.round(segment.seconds));
    while (this.segments.length > 2 * this.shown) {
      this.segments.shift();
      this.first += 1;
      const oldest = this.segments[0]!.init;
      for (const number of this.inits.keys()) if (number < oldest) this.inits.delete(number);
    }
    // The segments that just left the playlist, not those that left memory.
    if (this.segments.length > this.shown && this.segments[this.segments.length - this.shown - 1]!.discontinuity) {
      this.goneDiscontinuities += 1;
    }
  }

  get heldBytes(): number {
    return this.segments.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  /** Undefined while there is too little for a player to start. */
  text(): string | undefined {
    if (this.segments.length < Math.min(FIRST_SHOWN, this.shown)) return undefined;
    const from = Math.max(0, this.segments.length - this.shown);
    const lines = [
      '#EXTM3U',
      '#EXT-X-VERSION:7',
      `#EXT-X-TARGETDURATION:${this.targetSeconds}`,
      `#EXT-X-MEDIA-SEQUENCE:${this.first + from}`,
      `#EXT-X-DISCONTINUITY-SEQUENCE:${this.goneDiscontinuities}`,
      '#EXT-X-INDEPENDENT-SEGMENTS',
    ];
    let init = -1;
    for (let i = from; i < this.segments.length; i += 1) {
      const segment = this.segments[i]!;
      if (segment.discontinuity) lines.push('#EXT-X-DISCONTINUITY');
      if (segment.init !== init) lines.push(`#EXT-X-MAP:URI="init-${segment.init}.mp4"`);
      init = segment.init;
      lines.push(`#EXTINF:${segment.seconds.toFixed(5)},`, `${this.first + i}.m4s`);
    }
    return `${lines.join('\n')}\n`;
  }

  /** Bytes of `12.m4s` or `init-1.mp4`. */
  file(name: string): Buffer | undefined {
    const [, init, segment] = /^(?:init-(\d{1,9})\.mp4|(\d{1,15})\.m4s)$/.exec(name) ?? [];
    if (init !== undefined) return this.inits.get(Number(init));
    return segment === undefined ? undefined : this.segments[Number(segment) - this.first]?.bytes;
  }
}
