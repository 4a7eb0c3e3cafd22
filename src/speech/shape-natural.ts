import { Biquad, highPass, peaking } from '../core/audio/biquad.js';

/**
 * Shapes a natural voice as a broadcaster would, so a line of a service stays clear over music: rumble out, sharp s
 * softened, loud syllables held back.
 *
 * Rule: a high pass at 70 Hz; a de-esser that lowers 4 to 9 kHz by up to 6 dB while that band is loud against the
 * voice; a compressor of 2 : 1 above 6 dB over the line's own level, 6 dB at most. That level is measured first, so loud
 * and soft services are treated alike. The same sound in gives the same sound out.
 */
const RATE_HZ = 48_000;
const MAX_DEESS_DB = 6;
/** An s is heard as sharp when its band is this strong against the whole voice. */
const ESS_SHARE = 0.35;
const OVER_DB = 6;
const RATIO = 2;
const MAX_HOLD_DB = 6;
const coefficient = (ms: number): number => Math.exp(-1 / ((RATE_HZ * ms) / 1000));
const ATTACK = coefficient(5);
const RELEASE = coefficient(120);
const ESS_ATTACK = coefficient(1);
const ESS_RELEASE = coefficient(40);
const decibels = (db: number): number => 10 ** (db / 20);

/** Shapes mono 48 kHz sound in place, from silence. Nothing gains. */
export function shapeNatural(pcm: Float32Array): void {
  withoutRumble(pcm);
  soften(pcm);
  hold(pcm);
}

export function withoutRumble(pcm: Float32Array): void {
  new Biquad(highPass(70, Math.SQRT1_2, RATE_HZ)).process(pcm, 0, pcm.length, 1);
}

/** The band of s, as the difference to the sound without it, so that the rest passes unchanged. */
function soften(pcm: Float32Array): void {
  const band = Float32Array.from(pcm);
  new Biquad(peaking(6300, -18, 1.1, RATE_HZ)).process(band, 0, band.length, 1);
  let ess = 0;
  let voice = 0;
  const floor = 1 - decibels(-MAX_DEESS_DB);
  for (let i = 0; i < pcm.length; i += 1) {
    const part = pcm[i]! - band[i]!;
    ess = follow(ess, Math.abs(part), ESS_ATTACK, ESS_RELEASE);
    voice = follow(voice, Math.abs(pcm[i]!), ATTACK, RELEASE);
    const share = ess / (voice + 1e-6);
    pcm[i] = pcm[i]! - part * floor * Math.min(1, Math.max(0, (share - ESS_SHARE) / ESS_SHARE));
  }
}

function hold(pcm: Float32Array): void {
  const threshold = level(pcm) * decibels(OVER_DB);
  if (threshold === 0) return;
  let envelope = 0;
  const least = decibels(-MAX_HOLD_DB);
  for (let i = 0; i < pcm.length; i += 1) {
    envelope = follow(envelope, Math.abs(pcm[i]!), ATTACK, RELEASE);
    if (envelope > threshold) pcm[i]! *= Math.max(least, (threshold / envelope) ** (1 - 1 / RATIO));
  }
}

const follow = (now: number, next: number, attack: number, release: number): number => {
  const keep = next > now ? attack : release;
  return keep * now + (1 - keep) * next;
};

/** The middle RMS of the 20 ms that are speech: at most 30 dB below the loudest. */
function level(pcm: Float32Array): number {
  const block = RATE_HZ / 50;
  const powers: number[] = [];
  for (let from = 0; from < pcm.length; from += block) {
    let sum = 0;
    const to = Math.min(pcm.length, from + block);
    for (let i = from; i < to; i += 1) sum += pcm[i]! * pcm[i]!;
    powers.push(sum / (to - from));
  }
  const loudest = powers.reduce((a, b) => Math.max(a, b), 0);
  const heard = powers.filter((power) => power > loudest / 1000).sort((a, b) => a - b);
  return heard.length === 0 ? 0 : Math.sqrt(heard[heard.length >> 1]!);
}
