import t from 'tap';
import { makeRoomTone } from '../../../src/audio/room-tone.js';
import { SoundWatch } from '../../../src/compliance/watch/sound-watch.js';
import type { WatchEvent } from '../../../src/compliance/watch/watch-event.js';
import { soundWatch } from '../../../src/config/sections/compliance.js';
import { frameIndex } from '../../../src/core/time.js';

t.test('a room tone counts as silence and dead air', async (t) => {
  const tone = makeRoomTone();
  const events: WatchEvent[] = [];
  const thresholds = soundWatch.parse({ silentMs: 2000, deadAirMs: 5000 });
  const watch = new SoundWatch({ rate: { num: 30, den: 1 }, thresholds, onEvent: (event) => events.push(event) });
  const block = new Float32Array(2 * 1600);
  for (let n = 0; n < 300; n += 1) {
    for (let i = 0; i < 1600; i += 1) {
      const k = n * 1600 + i;
      block[2 * i] = tone[k % tone.length]!;
      block[2 * i + 1] = tone[(k + (tone.length >> 1)) % tone.length]!;
    }
    watch.hear(frameIndex(n), block, 1600);
  }
  t.same(
    events.map((event) => event.kind).sort(),
    ['dead-air', 'silent'],
    'both are reported once, and neither is cleared',
  );
});
