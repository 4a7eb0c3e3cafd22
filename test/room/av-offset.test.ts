import t from 'tap';
import { seededRandom } from '../../src/core/random.js';
import { ticks90k } from '../../src/core/time.js';
import { AvOffset } from '../../src/room/av-probe.js';

/** Ten seconds of distinct packets, received with the given shifts. */
function measure(shift: { video: number; audio: number }, silent = false): number | undefined {
  const random = seededRandom(5);
  const bytes = (): Uint8Array => Uint8Array.from({ length: 60 }, () => Math.floor(random() * 256));
  const offset = new AvOffset();
  for (let i = 0; i < 300; i += 1) {
    const video = bytes();
    const audio = silent ? new Uint8Array(6) : bytes();
    offset.sent({ codec: 'h264', pts: ticks90k(i * 3000), data: video });
    offset.sent({ codec: 'aac', pts: ticks90k(i * 1920), data: audio });
    // A muxer adds bytes before the slice.
    const muxed = Uint8Array.from([0, 0, 0, 9, ...video]);
    offset.received('video', muxed, (Math.floor((i * 3000) / 90) + shift.video) % 2 ** 32);
    offset.received('audio', audio, (Math.floor((i * 1920) / 90) + shift.audio) % 2 ** 32);
  }
  return offset.offsetMs;
}

t.test('reports no offset for equal shifts, whatever the receiver’s zero', async (t) => {
  t.ok(Math.abs(measure({ video: 0, audio: 0 })!) < 1);
  t.ok(Math.abs(measure({ video: 123_456, audio: 123_456 })!) < 1);
  t.ok(Math.abs(measure({ video: 2 ** 32 - 5000, audio: 2 ** 32 - 5000 })!) < 1, 'also over the wrap');
});

t.test('reports a late picture as positive, late sound as negative', async (t) => {
  t.ok(Math.abs(measure({ video: 80, audio: 0 })! - 80) < 1);
  t.ok(Math.abs(measure({ video: 0, audio: 250 })! + 250) < 1);
});

t.test('reports nothing for indistinguishable sound', async (t) => {
  t.equal(measure({ video: 0, audio: 0 }, true), undefined);
});
