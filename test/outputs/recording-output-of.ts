import { silentLog } from '../../src/core/log.js';
import { RecordingOutput, type RecordingOutputOptions } from '../../src/outputs/recording/recording-output.js';
import { FlvBodies } from '../../src/outputs/rtmp/flv-muxer.js';
import type { SyntheticRoom } from '../encoder/synthetic-room.js';

/** A recording of a synthetic room. */
export const recordingOf = (
  room: SyntheticRoom,
  dir: string,
  more: Partial<RecordingOutputOptions> = {},
): RecordingOutput =>
  new RecordingOutput({
    id: 'tape',
    dir,
    segmentMinutes: 10,
    source: room.supervisor,
    bodies: new FlvBodies(),
    width: room.width,
    height: room.height,
    log: silentLog,
    ...more,
  });
