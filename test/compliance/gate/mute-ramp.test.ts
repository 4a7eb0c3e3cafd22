import t from 'tap';
import { MuteRamp } from '../../../src/compliance/gate/gate-commands.js';

const BLOCK = 1600;
const sine = (block: number): Float32Array =>
  Float32Array.from(
    { length: BLOCK * 2 },
    (_, i) => 0.8 * Math.sin((2 * Math.PI * 440 * (block * BLOCK + (i >> 1))) / 48_000),
  );

/** Maximum second difference of the left channel: a click is a corner in the wave. */
function sharpest(blocks: readonly Float32Array[]): number {
  const left = blocks.flatMap((b) => Array.from({ length: BLOCK }, (_, i) => b[2 * i]!));
  let most = 0;
  for (let i = 2; i < left.length; i += 1) most = Math.max(most, Math.abs(left[i]! - 2 * left[i - 1]! + left[i - 2]!));
  return most;
}

t.test('mute and unmute take exactly three frames without a click', async (t) => {
  const ramp = new MuteRamp(3 * BLOCK);
  const blocks = Array.from({ length: 20 }, (_, i) => {
    if (i === 4) ramp.set(true);
    if (i === 12) ramp.set(false);
    const block = sine(i);
    ramp.apply(block, BLOCK);
    return block;
  });
  const untouched = sharpest(Array.from({ length: 20 }, (_, i) => sine(i)));
  t.ok(sharpest(blocks) < untouched * 1.05, `${sharpest(blocks)} against ${untouched}`);
  t.strictSame(blocks[3], sine(3), 'every sample before it is unchanged');
  t.ok(blocks[7]!.every((v) => v === 0) && blocks[11]!.every((v) => v === 0), 'silent from the fourth block on');
  t.notOk(blocks[6]!.slice(0, BLOCK).every((v) => v === 0));
  t.strictSame(blocks[15], sine(15), 'and at full level three blocks after its end');
});

t.test('a mute cancelled half way turns round from there', async (t) => {
  const ramp = new MuteRamp(3 * BLOCK);
  const blocks = Array.from({ length: 8 }, (_, i) => {
    ramp.set(i === 1);
    const block = sine(i);
    ramp.apply(block, BLOCK);
    return block;
  });
  t.ok(sharpest(blocks) < sharpest([sine(0), sine(1)]) * 1.05);
  t.strictSame(blocks[7], sine(7));
  t.notOk(ramp.active);
});
