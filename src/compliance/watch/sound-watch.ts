// frame path
/**
 * Detects poor sound and missing speech: silent, clipped, dead air (rules 5.8 and 5.10).
 *
 * Problem: music must not count as speech, quiet speech must not count as music, and there is no time for a voice model.
 *
 * Rule: sound is cut into blocks of 20 ms. A second contains speech when it has loud blocks and gaps among them:
 * syllables leave blocks well below the loudest ones, a bed of music keeps its level. Music alone is 14 dB under speech
 * by default and ducked under it, so the level alone nearly always decides; the gaps exclude a loud steady sound (a tone,
 * a hum, noise).
 *
 * Numbers: 80 ms of gaps, 9 dB down, and 200 ms above `speechDbfs` in a second. A sample is clipped at full scale, or as
 * part of 8 consecutive samples within 2⁻¹⁵ of each other above −12 dBFS: a recording clipped before the mix, which no
 * sine above 20 Hz resembles. Music over the flat tops hides these. Levels are RMS of both channels in dBFS, with a
 * full-scale square wave at 0.
 */
import type { SoundWatchThresholds } from '../../config/sections/compliance.js';
import { type FrameIndex, frameIndex, type FrameRate, millisecondsToFrames } from '../../core/time.js';
import { WATCH_RULES, type WatchEvent } from './watch-event.js';

/**
 * A fault that counts only when it lasts. It is raised after `hold` frames of `bad` without a break and cleared after
 * `clear` frames of `good` without a break. With a gap between the two thresholds, a value that wavers in between
 * changes nothing.
 */
export class Hysteresis {
  active = false;
  /** Frame at which the present run of `bad` (or, while active, of `good`) began. */
  since = 0;
  private running = false;

  /** Both in frames; 0 acts at once. */
  constructor(
    private readonly hold: number,
    private readonly clear: number,
  ) {}

  /** 1 when the fault is raised, −1 when it is cleared, else 0. `n` never decreases. */
  step(n: number, bad: boolean, good: boolean): -1 | 0 | 1 {
    const turning = this.active ? good : bad;
    if (!turning) {
      this.running = false;
      return 0;
    }
    if (!this.running) {
      this.running = true;
      this.since = n;
    }
    if (n - this.since < (this.active ? this.clear : this.hold)) return 0;
    this.active = !this.active;
    this.running = false;
    return this.active ? 1 : -1;
  }
}

interface SoundWatchOptions {
  readonly rate: FrameRate;
  readonly thresholds: SoundWatchThresholds;
  onEvent(event: WatchEvent): void;
}

/** Samples of a block: 20 ms at 48 kHz. */
const BLOCK = 960;
/** Blocks of a second. */
const BLOCKS = 50;
const LOUD_BLOCKS_MIN = 10;
const GAP_BLOCKS_MIN = 4;
const GAP_DB = 9;
const FULL_SCALE = 0.9995;
const FLAT_RUN = 8;
const FLAT_MIN = 0.25;
const FLAT_SPREAD = 2 ** -15;
const MIN_DBFS = -120;
const CLEAR_MS = 1000;
const SILENCE_CLEAR_DB = 3;

export class SoundWatch {
  private readonly levels = new Float32Array(BLOCKS).fill(MIN_DBFS);
  private readonly clips = new Int32Array(BLOCKS);
  private readonly runStart = new Float32Array(2);
  private readonly runLength = new Int32Array(2);
  private readonly silent: Hysteresis;
  private readonly clipped: Hysteresis;
  private readonly deadAir: Hysteresis;
  private block = 0;
  private blocksSeen = 0;
  private inBlock = 0;
  private energy = 0;
  private clippedInBlock = 0;
  private clippedInSecond = 0;

  constructor(private readonly options: SoundWatchOptions) {
    const { rate, thresholds } = options;
    const clear = millisecondsToFrames(CLEAR_MS, rate);
    this.silent = new Hysteresis(millisecondsToFrames(thresholds.silentMs, rate), 0);
    this.clipped = new Hysteresis(millisecondsToFrames(thresholds.clippedMs, rate), clear);
    this.deadAir = new Hysteresis(millisecondsToFrames(thresholds.deadAirMs, rate), 0);
  }

  /** Takes the sound of frame n: `samples` interleaved stereo samples at 48 kHz, after mixing and muting. */
  hear(n: FrameIndex, audio: Float32Array, samples: number): void {
    let at = 0;
    while (at < samples) {
      const end = Math.min(samples, at + BLOCK - this.inBlock);
      this.take(audio, at, end);
      this.inBlock += end - at;
      at = end;
      if (this.inBlock === BLOCK) this.endBlock(n);
    }
  }

  private take(audio: Float32Array, from: number, to: number): void {
    const { runStart, runLength } = this;
    let energy = 0;
    for (let i = 2 * from; i < 2 * to; i += 1) {
      const x = audio[i]!;
      energy += x * x;
      const channel = i & 1;
      if (x > -FLAT_MIN && x < FLAT_MIN) {
        runLength[channel] = 0;
        continue;
      }
      const flat = x - runStart[channel]!;
      if (flat > FLAT_SPREAD || flat < -FLAT_SPREAD) {
        runStart[channel] = x;
        runLength[channel] = 0;
      }
      const run = (runLength[channel]! += 1);
      if (x >= FULL_SCALE || x <= -FULL_SCALE || run > FLAT_RUN) this.clippedInBlock += 1;
      else if (run === FLAT_RUN) this.clippedInBlock += FLAT_RUN;
    }
    this.energy += energy;
  }

  private endBlock(n: FrameIndex): void {
    const { levels, clips, options } = this;
    const t = options.thresholds;
    const mean = this.energy / (2 * BLOCK);
    const level = mean > 1e-12 ? 10 * Math.log10(mean) : MIN_DBFS;
    levels[this.block] = level;
    this.clippedInSecond += this.clippedInBlock - clips[this.block]!;
    clips[this.block] = this.clippedInBlock;
    this.block = (this.block + 1) % BLOCKS;
    this.blocksSeen += 1;
    this.inBlock = 0;
    this.energy = 0;
    this.clippedInBlock = 0;

    this.report('silent', this.silent, n, level, level < t.silentDbfs, level >= t.silentDbfs + SILENCE_CLEAR_DB);
    const share = this.clippedInSecond / (2 * BLOCK * BLOCKS);
    this.report('clipped', this.clipped, n, share, share >= t.clippedShare, share < t.clippedShare / 2);
    if (this.blocksSeen < BLOCKS) return;
    const speech = this.holdsSpeech(t.speechDbfs);
    this.report('dead-air', this.deadAir, n, level, !speech, speech);
  }

  /** Whether the last second has loud blocks with gaps among them. */
  private holdsSpeech(speechDbfs: number): boolean {
    const { levels } = this;
    let loudest = MIN_DBFS;
    let loud = 0;
    for (let i = 0; i < BLOCKS; i += 1) {
      const level = levels[i]!;
      if (level > loudest) loudest = level;
      if (level >= speechDbfs) loud += 1;
    }
    if (loud < LOUD_BLOCKS_MIN) return false;
    let gaps = 0;
    for (let i = 0; i < BLOCKS; i += 1) if (levels[i]! < loudest - GAP_DB) gaps += 1;
    return gaps >= GAP_BLOCKS_MIN;
  }

  private report(
    kind: 'silent' | 'clipped' | 'dead-air',
    alarm: Hysteresis,
    n: FrameIndex,
    value: number,
    bad: boolean,
    good: boolean,
  ): void {
    const change = alarm.step(n, bad, good);
    if (change === 0) return;
    const since = frameIndex(alarm.since);
    this.options.onEvent({ kind, rule: WATCH_RULES[kind], active: change > 0, since, frame: n, value });
  }
}
