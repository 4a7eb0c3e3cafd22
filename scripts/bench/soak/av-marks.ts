import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monoWav } from '../../../src/audio/mono-wav.js';
import { decodeLuma, decodeSound, probePackets, record } from '../../../test/kit/on-air.js';

const RATE_HZ = 48_000;
/** Above all frequencies of the built-in voices, and still carried by AAC at 128 kbit/s. */
const TONE_HZ = 12_500;
const WINDOW = 96; // 2 ms

/** A tone of 100 ms at 1.0 s of every 2 s, as a music bed: 16 bit, mono, 48 kHz. */
export function writeToneBed(dir: string, toneHz = TONE_HZ): string {
  const sound = new Float32Array(2 * RATE_HZ);
  for (let i = RATE_HZ; i < RATE_HZ * 1.1; i += 1) sound[i] = 0.275 * Math.sin((i * toneHz * 2 * Math.PI) / RATE_HZ);
  const file = join(dir, 'tone.wav');
  writeFileSync(file, monoWav(sound, RATE_HZ));
  return file;
}

/** A white stripe along the lower edge, shown exactly while the tone sounds. */
export const flashLayer = (height: string): Record<string, unknown> => ({
  type: 'shape',
  id: 'flash',
  fill: '#ffffff',
  width: '100%',
  height,
  anchor: 'bottom',
  z: 90,
  motion: {
    loopMs: 2000,
    keyframes: [
      { atMs: 0, opacity: 0, easing: 'linear' },
      { atMs: 999, opacity: 0, easing: 'linear' },
      { atMs: 1000, opacity: 1, easing: 'linear' },
      { atMs: 1099, opacity: 1, easing: 'linear' },
      { atMs: 1100, opacity: 0, easing: 'linear' },
    ],
  },
});

/** Strength of the tone in the samples from `at` on (Goertzel). */
function tone(sound: Float32Array, at: number): number {
  const k = 2 * Math.cos((2 * Math.PI * TONE_HZ) / RATE_HZ);
  let a = 0;
  let b = 0;
  for (let i = at; i < at + WINDOW; i += 1) [a, b] = [sound[i]! + k * a - b, a];
  return Math.sqrt(Math.max(0, a * a + b * b - k * a * b)) / WINDOW;
}

/** Offsets of picture against sound in ms, one for each flash of a viewer's recording. */
export async function measureMarks(
  rtmp: string,
  file: string,
  seconds: number,
  [width, height]: readonly [number, number],
  fps: number,
): Promise<number[]> {
  await record(rtmp, seconds, file);
  const packets = await probePackets(file);
  const start = (kind: 'video' | 'audio'): number => packets.find((p) => p.kind === kind)!.ptsMs;
  const luma = await decodeLuma(file, width, height);
  const rows = luma.map((plane) => plane.subarray(width * (height - 8)).reduce((a, b) => a + b, 0) / (width * 8));
  const flashes = rows.flatMap((bright, i) =>
    i > 0 && bright > 180 && rows[i - 1]! < 140 ? [start('video') + (i * 1000) / fps] : [],
  );
  const sound = await decodeSound(file);
  const tones: number[] = [];
  let strongest = 0;
  for (let at = 0; at + WINDOW < sound.length; at += WINDOW) strongest = Math.max(strongest, tone(sound, at));
  let silentUntil = 0;
  for (let at = 0; at + WINDOW < sound.length; at += WINDOW / 4) {
    if (tone(sound, at) < strongest / 2) continue;
    if (at >= silentUntil) tones.push(start('audio') + ((at + WINDOW / 2) * 1000) / RATE_HZ);
    silentUntil = at + RATE_HZ / 2;
  }
  return flashes.flatMap((flash) => {
    const near = tones.reduce((a, b) => (Math.abs(b - flash) < Math.abs(a - flash) ? b : a), Infinity);
    return Math.abs(near - flash) < 900 ? [flash - near] : [];
  });
}
