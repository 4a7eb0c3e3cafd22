import { seededRandom } from '../core/random.js';

/**
 * The sound of a quiet room, for shows without music: digital silence between lines sounds like a broken stream.
 *
 * It must not count as sound: the monitor reports silence under −60 dBFS (`silentDbfs`), and loudness ignores anything
 * under −70 LUFS or 10 LU under the speech. Numbers: −63 dBFS RMS, noise that falls by 6 dB an octave above 400 Hz like
 * a room's air, cut below 60 Hz. Its level in 20 ms stays within 2 dB.
 */
const LEVEL = 10 ** (-63 / 20);
const RATE_HZ = 48_000;
/** Not a whole number of seconds, so the loop never aligns with a script. */
const FRAMES = 311_111;
const LOW_HZ = 60;
const HIGH_HZ = 400;
const SEED = 0x7063_1e55;

/** Mono, a seamless loop; the other channel plays half a loop later. The same for every room. */
export function makeRoomTone(): Float32Array {
  const random = seededRandom(SEED);
  const noise = Float64Array.from({ length: FRAMES }, () => random() * 2 - 1);
  const pcm = new Float32Array(FRAMES);
  const low = 1 - Math.exp((-2 * Math.PI * LOW_HZ) / RATE_HZ);
  const high = 1 - Math.exp((-2 * Math.PI * HIGH_HZ) / RATE_HZ);
  let rumble = 0;
  let air = 0;
  // Two passes: in the second, the filters start in the state of the loop's end.
  for (let k = 0; k < 2 * FRAMES; k += 1) {
    air += high * (noise[k % FRAMES]! - air);
    rumble += low * (air - rumble);
    if (k >= FRAMES) pcm[k - FRAMES] = air - rumble;
  }
  let energy = 0;
  for (const x of pcm) energy += x * x;
  const gain = LEVEL / Math.sqrt(energy / FRAMES);
  for (let i = 0; i < FRAMES; i += 1) pcm[i]! *= gain;
  return pcm;
}
