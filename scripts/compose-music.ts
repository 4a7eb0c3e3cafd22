/**
 * Composes the music beds under templates/music: original pieces, made of nothing but the arithmetic in
 * scripts/music, free to use. `npx tsx scripts/compose-music.ts [--ffmpeg PATH]` writes them anew; the
 * same code gives the same notes.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { integratedLoudness } from '../src/core/audio/loudness.js';
import { templatePath } from '../src/core/files/paths.js';
import { seededRandom } from '../src/core/random.js';
import { bass, kick, noise, pad, pluck } from './music/instruments.js';
import { LoopTrack } from './music/loop-track.js';

interface Piece {
  name: string;
  seed: number;
  /** Samples a beat at 48 kHz; a whole number, so bars never drift. */
  beat: number;
  /** Chords, a bar each, from the bass up in MIDI notes. */
  chords: readonly (readonly number[])[];
  /** Notes the melody picks from. */
  scale: readonly number[];
  drums: boolean;
  pluckGain: number;
  padGain: number;
}

// I – vi – IV – V with ninths, then a second round by way of ii and iii.
const MORNING: readonly (readonly number[])[] = [
  [36, 60, 64, 67, 71, 74],
  [33, 57, 60, 64, 67, 71],
  [41, 57, 60, 64, 67, 72],
  [43, 59, 62, 65, 69, 74],
  [36, 60, 64, 67, 71, 74],
  [40, 59, 62, 64, 67, 71],
  [38, 57, 60, 65, 69, 72],
  [43, 60, 62, 67, 69, 74],
];
const EVENING: readonly (readonly number[])[] = [
  [41, 57, 60, 64, 67],
  [40, 55, 59, 62, 67],
  [38, 57, 60, 65, 69],
  [43, 55, 59, 62, 65],
  [36, 55, 60, 64, 71],
  [45, 57, 60, 64, 67],
  [38, 57, 62, 65, 72],
  [43, 57, 60, 62, 67],
];

const PIECES: readonly Piece[] = [
  {
    name: 'bed',
    seed: 20_26,
    beat: 30_000,
    chords: [...MORNING, ...MORNING],
    scale: [72, 74, 76, 79, 81, 84],
    drums: true,
    pluckGain: 0.2,
    padGain: 0.085,
  },
  {
    name: 'calm',
    seed: 1107,
    beat: 40_000,
    chords: [...EVENING, ...EVENING.slice(0, 4)],
    scale: [69, 72, 74, 76, 79],
    drums: false,
    pluckGain: 0.16,
    padGain: 0.11,
  },
];

function compose(piece: Piece): LoopTrack {
  const { beat, chords } = piece;
  const bar = beat * 4;
  const samples = bar * chords.length;
  const random = seededRandom(piece.seed);
  const human = (): number => Math.round((random() - 0.5) * 500);
  const pads = new LoopTrack(samples);
  const keys = new LoopTrack(samples);
  const low = new LoopTrack(samples);
  const drums = new LoopTrack(samples);
  let melody = 2;

  chords.forEach((chord, n) => {
    const at = n * bar;
    const [root, ...upper] = chord as [number, ...number[]];
    upper.forEach((note, v) =>
      pad(pads, at, bar - beat / 2, note, piece.padGain, (v / (upper.length - 1)) * 1.2 - 0.6),
    );

    bass(low, at, beat * 1.4, root, 0.2);
    if (piece.drums) bass(low, at + beat * 2.5, beat * 0.9, root + (random() < 0.3 ? 7 : 0), 0.15);

    // A broken chord in eighths with gaps, so that it breathes instead of running.
    for (let eighth = 0; eighth < 8; eighth += 1) {
      if (random() < (piece.drums ? 0.32 : 0.55)) continue;
      const note = upper[(eighth * 2 + n) % upper.length]!;
      const accent = eighth % 4 === 0 ? 1 : 0.62 + 0.2 * random();
      pluck(
        keys,
        at + (eighth * beat) / 2 + human(),
        note,
        piece.pluckGain * 0.55 * accent,
        eighth % 2 === 0 ? -0.35 : 0.35,
        0.5,
      );
    }
    // A few melody notes that move by step; every fourth bar rests.
    if (n % 4 !== 3) {
      for (const when of [0, 1.5, 3]) {
        if (random() < 0.3) continue;
        melody = Math.max(0, Math.min(piece.scale.length - 1, melody + Math.round((random() - 0.5) * 3)));
        pluck(
          keys,
          at + when * beat + human(),
          piece.scale[melody]!,
          piece.pluckGain * (0.75 + 0.25 * random()),
          0.1,
          0.85,
        );
      }
    }
    if (!piece.drums) return;
    for (let b = 0; b < 4; b += 1) {
      if (b % 2 === 0) kick(drums, at + b * beat, b === 0 ? 0.34 : 0.26);
      else
        noise(drums, at + b * beat + human(), 0.17, 0.05, {
          seconds: 0.055,
          attack: 60,
          lowHz: 900,
          highHz: 4200,
          seed: n * 8 + b,
        });
      for (let half = 0; half < 2; half += 1)
        noise(drums, at + b * beat + half * (beat / 2) + human(), half === 0 ? 0.035 : 0.06, -0.3, {
          seconds: 0.02,
          attack: 240,
          lowHz: 4500,
          highHz: 9000,
          seed: 1000 + n * 8 + b * 2 + half,
        });
    }
  });

  pads.darken(2600);
  keys.echo(Math.round(beat * 0.75), 0.32, 4);
  keys.darken(5200);
  const mix = new LoopTrack(samples);
  mix.mixIn(pads, 1);
  mix.mixIn(keys, 1);
  mix.mixIn(low, 1);
  mix.mixIn(drums, 1);
  const send = new LoopTrack(samples);
  send.mixIn(pads, 0.5);
  send.mixIn(keys, 0.8);
  send.mixIn(drums, 0.12);
  mix.mixIn(send.reverb(1.9, 3800), 0.45);
  mix.shelf(7000, -2);
  return mix;
}

/**
 * Interleaved, at −28 LUFS, rounded off softly where a peak stands out. The mixer sets the level that is
 * heard; a low one in the file costs nothing audible at 16 bits and makes the lossless file a third smaller.
 */
const FILE_LUFS = -28;

function finish(track: LoopTrack): Float32Array {
  const pcm = new Float32Array(track.samples * 2);
  for (let i = 0; i < track.samples; i += 1) {
    pcm[2 * i] = track.left[i]!;
    pcm[2 * i + 1] = track.right[i]!;
  }
  const gain = 10 ** ((FILE_LUFS - integratedLoudness(pcm, 2)) / 20);
  const round = 0.4;
  for (let i = 0; i < pcm.length; i += 1) pcm[i] = Math.tanh((pcm[i]! * gain) / round) * round;
  return pcm;
}

function main(): void {
  const flag = process.argv.indexOf('--ffmpeg');
  const ffmpeg = flag > 0 ? process.argv[flag + 1]! : 'ffmpeg';
  const dir = mkdtempSync(join(tmpdir(), 'music-'));
  mkdirSync(templatePath('music'), { recursive: true });
  try {
    for (const piece of PIECES) {
      const pcm = finish(compose(piece));
      const raw = join(dir, `${piece.name}.f32`);
      writeFileSync(raw, Buffer.from(pcm.buffer));
      const out = templatePath('music', `${piece.name}.flac`);
      const args = ['-v', 'error', '-y', '-f', 'f32le', '-ar', '48000', '-ac', '2', '-i', raw];
      // Lossless: a lossy codec knows nothing of what comes before the first sample and clicks at the seam.
      const coding = [
        '-c:a',
        'flac',
        '-sample_fmt',
        's16',
        '-compression_level',
        '12',
        '-bitexact',
        '-map_metadata',
        '-1',
      ];
      const done = spawnSync(ffmpeg, [...args, ...coding, out], { encoding: 'utf8' });
      if (done.status !== 0) throw new Error(`ffmpeg is needed: ${done.stderr || done.error?.message}`);
      const seconds = pcm.length / 96_000;
      process.stdout.write(`${out}: ${seconds.toFixed(3)} s, ${integratedLoudness(pcm, 2).toFixed(1)} LUFS\n`);
    }
  } finally {
    rmSync(dir, { recursive: true });
  }
}

main();
