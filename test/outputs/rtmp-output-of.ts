import { RtmpOutput, type RtmpOutputOptions } from '../../src/outputs/rtmp/rtmp-output.js';
import type { SyntheticRoom } from '../encoder/synthetic-room.js';

/** An RTMP output of a synthetic room. */
export const outputOf = (room: SyntheticRoom, url: string, more: Partial<RtmpOutputOptions> = {}): RtmpOutput =>
  new RtmpOutput({
    id: 'test',
    url,
    source: room.supervisor,
    width: room.width,
    height: room.height,
    rate: room.rate,
    videoKbps: 600,
    aacKbps: 128,
    maxLagMs: 4000,
    ...more,
  });
