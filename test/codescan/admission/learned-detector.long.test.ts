import { readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import { LearnedDetector } from '../../../src/codescan/admission/admission-scanner.js';
import { silentLog } from '../../../src/core/log.js';
import { makeCode } from '../../kit/draw-code.js';

const SIDE = 400;

/** RGBA with a code of 5 pixels per module on a light background, its first module at (200, 100). */
async function qrPicture(text: string): Promise<Uint8Array> {
  const code = await makeCode(text);
  const picture = new Uint8Array(SIDE * SIDE * 4).fill(240);
  for (let y = 0; y < code.height * 5; y += 1) {
    for (let x = 0; x < code.width * 5; x += 1) {
      const dark = code.dark[Math.floor(y / 5) * code.width + Math.floor(x / 5)] === 1;
      const at = 4 * ((100 + y) * SIDE + 200 + x);
      picture.fill(dark ? 20 : 240, at, at + 3);
    }
  }
  for (let i = 3; i < picture.length; i += 4) picture[i] = 255;
  return picture;
}

t.test('reads and locates a code, and passes a plain picture', async (t) => {
  const detector = new LearnedDetector({ log: silentLog });
  t.teardown(() => detector.close());
  const { verdict, hits } = await detector.scan(await qrPicture('https://example.com/a'), SIDE, SIDE);
  t.equal(verdict, 'violation');
  t.match(hits[0], { rule: '3.3', kind: 'qr', text: 'https://example.com/a' });
  const box = hits[0]!.box!;
  t.ok(box.x >= 195 && box.x <= 240 && box.y >= 95 && box.y <= 140, `box ${JSON.stringify(box)} is on the code`);
  const plain = new Uint8Array(SIDE * SIDE * 4).fill(200);
  t.strictSame(await detector.scan(plain, SIDE, SIDE), { verdict: 'clean', hits: [] });
});

t.test('refuses a picture that takes too long and scans the next one', async (t) => {
  const options = { log: silentLog, timeoutMs: 1 };
  const detector = new LearnedDetector(options);
  t.teardown(() => detector.close());
  const picture = await qrPicture('second try');
  await t.rejects(detector.scan(picture, SIDE, SIDE), { code: 'E_TIMEOUT' });
  options.timeoutMs = 20_000;
  t.match(await detector.scan(picture, SIDE, SIDE), { verdict: 'violation' });
});

t.test('refuses a wrong size and a closed detector by name', async (t) => {
  const detector = new LearnedDetector({ log: silentLog });
  await t.rejects(detector.scan(new Uint8Array(5), 2, 2), { code: 'E_SCAN_FAILED' });
  await detector.close();
  await detector.close();
  await t.rejects(detector.scan(new Uint8Array(16), 2, 2), { code: 'E_CLOSED' });
});

/** Threads of this process with a nice value of 10. */
const gentleThreads = (): number =>
  readdirSync('/proc/self/task').filter((id) => {
    const stat = readFileSync(`/proc/self/task/${id}/stat`, 'latin1');
    return stat.split(') ').at(-1)!.split(' ')[16] === '10';
  }).length;

t.test('lowers the priority of its own thread when gentle', { skip: process.platform !== 'linux' }, async (t) => {
  const before = gentleThreads();
  const detector = new LearnedDetector({ log: silentLog, gentle: true });
  t.teardown(() => detector.close());
  await detector.scan(new Uint8Array(SIDE * SIDE * 4).fill(200), SIDE, SIDE);
  // At a load test's own nice value of 10 all threads have it.
  t.ok(gentleThreads() > before || before > 4, `${before} before, ${gentleThreads()} now`);
});
