// frame path
import type { MuteSpan } from '../core/speech.js';
import { SOUND } from '../core/verdict.js';

/** Raised cosine: rises from 0 to 1 as x goes from 0 to 1, smooth at both ends, so even a short ramp does not click. */
export const raisedCosine = (x: number): number => (x <= 0 ? 0 : x >= 1 ? 1 : 0.5 - 0.5 * Math.cos(Math.PI * x));

/**
 * A gain that moves to its target along a raised cosine, for muting and unmuting without a click. A new target during a
 * move starts a new curve from the current gain.
 */
export class GainRamp {
  private from: number;
  private to: number;
  private at: number;

  /** @param rampSamples length of a full move, at least 1. */
  constructor(
    private readonly rampSamples: number,
    gain = 1,
  ) {
    this.from = gain;
    this.to = gain;
    this.at = rampSamples;
  }

  /** The gain of the next sample. */
  get gain(): number {
    return this.from + (this.to - this.from) * raisedCosine(this.at / this.rampSamples);
  }

  moveTo(gain: number): void {
    if (gain === this.to) return;
    this.from = this.gain;
    this.to = gain;
    this.at = 0;
  }

  /** Applies the gain to `samples` interleaved frames in place. */
  apply(data: Float32Array, samples: number, channels: number): void {
    let i = 0;
    for (; i < samples && this.at < this.rampSamples; i += 1) {
      const gain = this.gain;
      for (let c = 0; c < channels; c += 1) data[i * channels + c]! *= gain;
      this.at += 1;
    }
    if (this.to === 1) return;
    for (let k = i * channels; k < samples * channels; k += 1) data[k]! *= this.to;
  }
}

/** Fade lengths of muted words and of a line's ends, in samples at 48 kHz. */
const MUTE_RAMP = 360;
const EDGE_RAMP = 96;
export const CUT_RAMP = 480;

/** 1 kHz, one period at 48 kHz. */
const TONE_PERIOD = 48;
const TONE = new Float64Array(TONE_PERIOD);
for (let i = 0; i < TONE_PERIOD; i += 1) TONE[i] = Math.sin((2 * Math.PI * i) / TONE_PERIOD);
/** A sine of this amplitude on both channels measures −30 LUFS. */
const TONE_AMPLITUDE = 10 ** (-30 / 20);

/** One scheduled utterance. Its muted words and edges are applied during mixing. */
export class SpeechSlot {
  /** Samples from here on are cancelled; Infinity while none are. */
  private cutAt = Infinity;
  private cutRamp = CUT_RAMP;
  private readonly muteFrom: Float64Array;
  private readonly muteTo: Float64Array;
  /** 1 where a tone replaces silence. */
  private readonly muteTone: Uint8Array;

  /** @param enterAt first audible sample: the start, or later when it was scheduled too late. */
  constructor(
    readonly id: string,
    readonly startSample: number,
    readonly enterAt: number,
    private readonly pcm: Float32Array,
    private readonly gain: number,
    mutes: readonly MuteSpan[],
    tone: boolean,
    /** Whether its words were judged. */
    private readonly judged = false,
  ) {
    this.muteTone = Uint8Array.from(mutes, (m) => ((m.tone ?? tone) ? 1 : 0));
    this.muteFrom = Float64Array.from(mutes, (m) => m.startSample);
    this.muteTo = Float64Array.from(mutes, (m) => m.endSample);
  }

  get endSample(): number {
    return Math.min(this.startSample + this.pcm.length, this.cutAt + this.cutRamp);
  }

  /** Fades it out from a sample on; an earlier cut stays. */
  cut(at: number, fadeSamples: number): void {
    if (at >= this.cutAt) return;
    this.cutAt = at;
    this.cutRamp = Math.max(1, fadeSamples);
  }

  /** Verdict of its sound between two samples, one of SOUND; clean where it is silent. */
  soundOf(from: number, to: number): number {
    if (to <= this.enterAt || from >= this.endSample) return SOUND.clean;
    if (!this.judged) return SOUND.unjudged;
    return this.silences(from - this.startSample, to - this.startSample) ? SOUND.violation : SOUND.clean;
  }

  /** Adds this line's sound to `samples` stereo frames of `bus`, from `from` on. */
  mix(from: number, samples: number, bus: Float32Array): void {
    const first = Math.max(0, this.enterAt - from);
    const last = Math.min(samples, this.endSample - from);
    if (last <= first) return;
    const { pcm, gain } = this;
    const offset = from - this.startSample;
    if (this.isPlain(from + first, from + last)) {
      for (let i = first; i < last; i += 1) {
        const x = pcm[offset + i]! * gain;
        bus[2 * i]! += x;
        bus[2 * i + 1]! += x;
      }
      return;
    }
    for (let i = first; i < last; i += 1) {
      const k = from + i;
      const open = this.muteGain(k - this.startSample);
      const edge = this.edgeGain(k);
      let x = pcm[offset + i]! * gain * open * edge;
      if (open < 1 && this.toneAt(k - this.startSample))
        x += TONE[k % TONE_PERIOD]! * TONE_AMPLITUDE * (1 - open) * edge;
      bus[2 * i]! += x;
      bus[2 * i + 1]! += x;
    }
  }

  /** True when only the constant gain applies between two samples. */
  private isPlain(from: number, to: number): boolean {
    if (from < this.enterAt + EDGE_RAMP || to > this.startSample + this.pcm.length - EDGE_RAMP || to > this.cutAt)
      return false;
    return !this.silences(from - this.startSample, to - this.startSample);
  }

  /** Whether a muted word or its ramps overlap two samples of the line. */
  private silences(a: number, b: number): boolean {
    for (let m = 0; m < this.muteFrom.length; m += 1)
      if (b > this.muteFrom[m]! - MUTE_RAMP && a < this.muteTo[m]! + MUTE_RAMP) return true;
    return false;
  }

  private edgeGain(k: number): number {
    const into = raisedCosine((k - this.enterAt + 1) / EDGE_RAMP);
    const out = raisedCosine((this.startSample + this.pcm.length - k) / EDGE_RAMP);
    return into * out * (1 - raisedCosine((k - this.cutAt) / this.cutRamp));
  }

  /** Whether the muted word nearest to a sample is a tone. */
  private toneAt(p: number): boolean {
    let nearest = Infinity;
    let tone = 0;
    for (let m = 0; m < this.muteFrom.length; m += 1) {
      const from = this.muteFrom[m]!;
      const to = this.muteTo[m]!;
      const away = p < from ? from - p : p < to ? 0 : p - to + 1;
      if (away >= nearest) continue;
      nearest = away;
      tone = this.muteTone[m]!;
    }
    return tone !== 0;
  }

  /** 0 within a muted word, 1 away from it, a curve at its edges. */
  private muteGain(p: number): number {
    let open = 1;
    for (let m = 0; m < this.muteFrom.length; m += 1) {
      const from = this.muteFrom[m]!;
      const to = this.muteTo[m]!;
      if (p >= from && p < to) return 0;
      const away = p < from ? from - p : p - to + 1;
      open = Math.min(open, raisedCosine(away / MUTE_RAMP));
    }
    return open;
  }
}
