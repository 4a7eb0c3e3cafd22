/** A process that records until it is killed: `recording-child.ts DIR`. Says "recording" once the first GOP is written. */
import { SyntheticRoom } from '../encoder/synthetic-room.js';
import { recordingOf } from './recording-output-of.js';

const room = await SyntheticRoom.start({ encoder: { keyframeIntervalMs: 500 } });
const output = recordingOf(room, process.argv[2]!);
let said = false;
await output.run(new AbortController().signal, ({ accepted }) => {
  if (accepted && !said) process.send?.('recording');
  said ||= accepted;
});
