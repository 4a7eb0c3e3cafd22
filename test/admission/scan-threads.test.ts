import t from 'tap';
import { parseRoom } from '../../src/config/load-room.js';
import { scanThreads } from '../../src/admission/picture-memory.js';

const room = (layers: object[], compliance = {}) =>
  parseRoom(
    JSON.stringify({
      name: 'r',
      video: { width: 720, height: 1280 },
      presenter: { pack: 'mei' },
      compliance,
      layers: [{ id: 'presenter', type: 'presenter', height: '60%' }, ...layers],
      script: { segments: [{ lines: [{ text: 'Hello' }] }] },
    }),
    'room.json',
  );
const media = (width: number, height: number) => ({ id: 'm', type: 'media', items: ['a.mp4'], width, height });
const image = (motion: object) => ({ id: 'i', type: 'image', src: 'a.png', width: '100%', height: '100%', motion });

t.test('starts a room with small changes with one thread, up to the number of cores', async (t) => {
  t.strictSame(scanThreads(room([]), 2), { threads: 1, leastThreads: 1, mostThreads: 2 });
  t.strictSame(scanThreads(room([]), 64), { threads: 1, leastThreads: 1, mostThreads: 4 }, 'leaves CPU to the encoder');
  t.strictSame(scanThreads(room([]), 1), { threads: 1, leastThreads: 1, mostThreads: 1 });
  t.equal(scanThreads(room([media(360, 600)]), 2).threads, 1, 'less than a quarter of the picture');
  t.equal(scanThreads(room([image({ keyframes: [{ atMs: 0, opacity: 1 }] })]), 2).threads, 1, 'a layer without motion');
});

t.test('starts a room with large motion with two threads, where there are cores', async (t) => {
  t.equal(scanThreads(room([media(720, 1280)]), 2).threads, 2);
  t.equal(scanThreads(room([media(720, 1280)]), 1).threads, 1);
  t.equal(
    scanThreads(
      room([
        image({
          keyframes: [
            { atMs: 0, dx: 0 },
            { atMs: 900, dx: 90 },
          ],
        }),
      ]),
      2,
    ).threads,
    2,
  );
});

t.test("uses the room file's number of threads", async (t) => {
  t.strictSame(scanThreads(room([media(720, 1280)], { scanThreads: 1 }), 8), {
    threads: 1,
    leastThreads: 1,
    mostThreads: 1,
  });
});
