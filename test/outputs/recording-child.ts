/** A process that records until it is killed: `recording-child.ts DIR`. Says "recording" once the first GOP is written. */
import { silentLog } from '../../src/core/log.js';
import { RecordingOutput } from '../../src/outputs/recording/recording-output.js';
import { FlvBodies } from '../../src/outputs/rtmp/flv-body.js';
import { SyntheticRoom } from '../encoder/synthetic-room.js';

const room = await SyntheticRoom.start({ encoder: { keyframeIntervalMs: 500 } });
const output = new RecordingOutput({
  id: 'tape',
  dir: process.argv[2]!,
  segmentMinutes: 10,
  source: room.supervisor,
  bodies: new FlvBodies(),
  width: room.width,
  height: room.height,
  log: silentLog,
});
let said = false;
await output.run(new AbortController().signal, ({ accepted }) => {
  if (accepted && !said) process.send?.('recording');
  said ||= accepted;
});
