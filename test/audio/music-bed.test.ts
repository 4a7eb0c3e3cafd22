import t from 'tap';
import { MusicBed } from '../../src/audio/mixer.js';
import { audio as audioSchema } from '../../src/config/sections/audio.js';

const QUANTUM = 64;
const audio = (gainDb: number, roomTone = false) =>
  audioSchema.parse({ music: { src: 'bed.flac', gainDb }, roomTone, targetLufs: -16 });
const silent = (roomTone: boolean) => audioSchema.parse({ roomTone });

/** A tone of a whole number of waves, so that it loops without a seam. */
function track(hz: number): { pcm: Int16Array; loudnessLufs: number } {
  const pcm = new Int16Array(2 * 48_000);
  for (let i = 0; i < 48_000; i += 1) {
    pcm[2 * i] = Math.round(8000 * Math.sin((2 * Math.PI * hz * i) / 48_000));
    pcm[2 * i + 1] = pcm[2 * i]!;
  }
  return { pcm, loudnessLufs: -16 };
}

/** The left channel of some seconds from a sample on. */
function play(bed: MusicBed, from: number, seconds: number): Float32Array {
  const samples = Math.ceil((seconds * 48_000) / QUANTUM) * QUANTUM;
  const out = new Float32Array(samples);
  const bus = new Float32Array(2 * QUANTUM);
  for (let at = 0; at < samples; at += QUANTUM) {
    bed.play(bus, QUANTUM, from + at, 1, 1);
    for (let i = 0; i < QUANTUM; i += 1) out[at + i] = bus[2 * i]!;
  }
  return out;
}
const rms = (pcm: Float32Array): number => Math.sqrt(pcm.reduce((sum, x) => sum + x * x, 0) / pcm.length);
const jump = (pcm: Float32Array): number => {
  let most = 0;
  for (let i = 1; i < pcm.length; i += 1) most = Math.max(most, Math.abs(pcm[i]! - pcm[i - 1]!));
  return most;
};
const waves = (pcm: Float32Array): number => {
  let count = 0;
  for (let i = 1; i < pcm.length; i += 1) if (pcm[i - 1]! < 0 && pcm[i]! >= 0) count += 1;
  return count;
};

t.test('a new gain is reached without a click', (t) => {
  const bed = new MusicBed(audio(-10), track(200));
  const before = play(bed, 96_000, 1);
  bed.change(audio(-30), undefined);
  const change = play(bed, 144_000, 1);
  const after = play(bed, 192_000, 1);
  t.ok(Math.abs(20 * Math.log10(rms(after) / rms(before)) + 20) < 0.1, '20 dB lower');
  t.ok(jump(change) <= jump(before) * 1.01, 'no jump between two samples');
  t.end();
});

t.test('another track comes in once the first has faded, from its first sample', (t) => {
  const bed = new MusicBed(audio(-10), track(200));
  play(bed, 96_000, 1);
  bed.change(audio(-10), track(400));
  const change = play(bed, 144_000, 1.2);
  t.ok(jump(change) <= jump(play(new MusicBed(audio(-10), track(400)), 96_000, 1)) * 1.01, 'no jump');
  t.ok(rms(change.subarray(23_000, 24_600)) < rms(change.subarray(0, 2000)) / 5, 'silent between them');
  t.ok(Math.abs(waves(play(bed, 240_000, 1)) - 400) <= 1);
  t.end();
});

t.test('music off gives way to the room tone, and on again', (t) => {
  const one = track(200);
  const bed = new MusicBed(audio(-10, true), one);
  const loud = rms(play(bed, 96_000, 1));
  bed.change(silent(true), null);
  play(bed, 144_000, 1.5);
  const tone = rms(play(bed, 240_000, 1));
  t.ok(tone > 0.0001 && tone < 0.002, `a room tone at −63 dBFS: ${20 * Math.log10(tone)}`);
  bed.change(audio(-10, true), one);
  play(bed, 288_000, 1.5);
  t.ok(Math.abs(rms(play(bed, 384_000, 1)) / loud - 1) < 0.01);
  bed.change(silent(false), null);
  play(bed, 432_000, 1.5);
  t.equal(rms(play(bed, 528_000, 0.5)), 0, 'silence without a tone');
  t.end();
});

t.test('a change that is taken back at once keeps the track', (t) => {
  const one = track(200);
  const bed = new MusicBed(audio(-10), one);
  const before = rms(play(bed, 96_000, 1));
  bed.change(audio(-10), track(400));
  play(bed, 144_000, 0.1);
  bed.change(audio(-10), one);
  play(bed, 148_800, 1);
  const after = play(bed, 240_000, 1);
  t.ok(Math.abs(waves(after) - 200) <= 1);
  t.ok(Math.abs(rms(after) / before - 1) < 0.01);
  t.end();
});
