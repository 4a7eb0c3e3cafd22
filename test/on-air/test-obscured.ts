import { join } from 'node:path';
import t from 'tap';
import { codeParts } from './code-parts.js';
import { countCodes } from './count-codes.js';
import { decodeLuma, onAir, recordUntilStopped, templateRoom, until, wait } from '../kit/on-air.js';
import { noFfprobe } from '../kit/ffprobe.js';

const SIZE = 480;
/** Area of the code, with a margin for the blocks of a coarse raster. */
const AROUND = { left: 0, top: 0, right: 420, bottom: 420 };

/** A room on air whose code in two halves is covered by the given action: measured in a receiver's frames. */
export function testObscured(action: 'blur' | 'pixelate'): void {
  t.test(
    `removes a code from the picture with "${action}" and keeps the rest on air`,
    { skip: noFfprobe, timeout: 300_000 },
    async (t) => {
      const base = templateRoom('minimal');
      const room = await onAir(t, {
        ...base,
        video: { width: SIZE, height: SIZE, fps: 15 },
        audio: {},
        script: { loop: false, segments: [{ lines: [{ text: 'Welcome to the show.', caption: '' }] }] },
        layers: base['layers'].filter((l: { type: string }) => l.type === 'presenter'),
        compliance: { ...base['compliance'], actions: { '3.3': action } },
      });
      const recording = join(room.dir, 'received.flv');
      const stop = recordUntilStopped(t, room.live.addresses.rtmp, recording);
      await until('the viewer is served', () => room.live.snapshot().frame > 30);
      for (const [i, { src, x, y }] of (await codeParts()).entries()) {
        const place = { x: 40 + x, y: 40 + y, anchor: 'top-left', z: 40 };
        t.equal((await room.api('PUT', `/api/layers/part${i}`, { type: 'image', src, ...place })).status, 200);
      }
      // A slow machine's verdicts are late at first, and the slate replaces a second.
      await until('the gate acts', () => room.live.snapshot().frames.replaced > 60, 30_000);
      await wait(700);
      await stop();
      t.equal(room.live.snapshot().frames.releasedUnjudged, 0);
      await room.live.close();
      t.ok(
        room.ledger().some((e) => e.kind === 'frame' && e.rule === '3.3' && e.action === action),
        'the ledger records the action',
      );

      const frames = await decodeLuma(recording, SIZE, SIZE);
      t.ok(frames.length > 50, `${frames.length} frames received`);
      const codes = countCodes(frames, SIZE, SIZE);
      let whole = 0;
      let touched = 0;
      let slate: Uint8Array | undefined;
      let other = 0;
      const first = frames[10]!;
      for (const frame of frames) {
        const { inside, outside } = change(first, frame);
        if (inside > 12) touched += 1;
        if (inside > 12 && outside < 12) whole += 1;
        if (outside < 12) continue;
        slate ??= frame;
        if (change(slate, frame).outside > 12) other += 1;
      }
      t.equal(await codes, 0, 'no received frame holds a code');
      t.ok(touched > 30, `${touched} frames show the covered area`);
      t.ok(whole > 12, `${whole} of them with the rest of the picture unchanged`);
      t.equal(other, 0, 'and the others are the slate');
    },
  );
}

/** Mean difference of two luma planes in the code's area, and elsewhere. */
function change(a: Uint8Array, b: Uint8Array): { inside: number; outside: number } {
  const sums = [0, 0, 0, 0];
  for (let y = 0; y < SIZE; y += 2) {
    for (let x = 0; x < SIZE; x += 2) {
      const inside = x >= AROUND.left && x < AROUND.right && y >= AROUND.top && y < AROUND.bottom ? 0 : 2;
      sums[inside]! += Math.abs(a[y * SIZE + x]! - b[y * SIZE + x]!);
      sums[inside + 1]! += 1;
    }
  }
  return { inside: sums[0]! / sums[1]!, outside: sums[2]! / sums[3]! };
}
