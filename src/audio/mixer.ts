// frame path
import type { Audio } from '../config/sections/audio.js';
import type { MuteSpan } from '../core/speech.js';
import { frameIndex, type FrameRate, frameToSample, millisecondsToFrames, type SampleIndex } from '../core/time.js';
import { SOUND, type TextVerdict } from '../core/verdict.js';
import { CHIMES, type Chime, chimeSound } from './chimes.js';
import { LIMITER_DELAY, TruePeakLimiter } from './limiter.js';
import { LoudnessMeter } from '../core/audio/loudness.js';
import { makeRoomTone } from './room-tone.js';
import { CUT_RAMP, SpeechSlot } from './speech-slot.js';

/** Fade-in at the start of the show. */
const OPENING_FADE = 48_000;
/** Half a second for a change of gain, and for each side of a change of track. */
const CHANGE_FADE = 24_000;
const GAIN_MAX_DB = 30;

/** A track as it is played: interleaved stereo at 48 kHz, 32 768 is full scale. */
interface BedTrack {
  readonly pcm: Int16Array;
  readonly loudnessLufs: number;
}

/**
 * The bed under the speech: music that loops, or a room tone. Gain and track change by fades; a new track begins at its
 * first sample once the old one is silent.
 */
export class MusicBed {
  private track: BedTrack | null;
  private frames: number;
  /** Gain from a stored sample to the bus, now and as wanted. */
  private gain: number;
  private wanted: number;
  /** Change of gain per sample. */
  private step = 0;
  /** The track to follow when the current one is silent; undefined for none. */
  private following: BedTrack | null | undefined;
  private followingGain = 0;
  /** Sample at which the track begins. */
  private origin = 0;
  private tone: Float32Array | undefined;
  private toneGain: number;
  private toneWanted: number;

  constructor(audio: Audio, track: BedTrack | null) {
    this.track = playable(track);
    this.frames = this.track === null ? 0 : Math.floor(this.track.pcm.length / 2);
    this.gain = gainOf(this.track, audio);
    this.wanted = this.gain;
    this.toneWanted = this.track === null && audio.roomTone ? 1 : 0;
    this.toneGain = this.toneWanted;
    if (this.toneWanted === 1) this.tone = makeRoomTone();
  }

  /** Changes gain and track; undefined keeps the track. */
  change(audio: Audio, track: BedTrack | null | undefined): void {
    const next = track === undefined ? (this.following === undefined ? this.track : this.following) : playable(track);
    if (next === this.track) {
      this.following = undefined;
      this.wanted = gainOf(next, audio);
    } else {
      this.following = next;
      this.followingGain = gainOf(next, audio);
      this.wanted = 0;
    }
    this.step = Math.abs(this.wanted - this.gain) / CHANGE_FADE;
    this.toneWanted = next === null && audio.roomTone ? 1 : 0;
    if (this.toneWanted === 1) this.tone ??= makeRoomTone();
  }

  /** Fills the bus from sample `head` on, with a ducking gain that goes from `from` to `to`. */
  play(bus: Float32Array, quantum: number, head: number, from: number, to: number): void {
    if (head < 0) {
      bus.fill(0);
      return;
    }
    if (this.following !== undefined && (this.gain === 0 || this.track === null)) this.follow(head);
    const { track } = this;
    if (track === null) bus.fill(0);
    else this.playTrack(track.pcm, bus, quantum, head, from, to);
    if (this.tone !== undefined) this.addTone(this.tone, bus, quantum, head);
  }

  private follow(head: number): void {
    this.track = this.following ?? null;
    this.following = undefined;
    this.frames = this.track === null ? 0 : Math.floor(this.track.pcm.length / 2);
    this.origin = head;
    this.gain = 0;
    this.wanted = this.track === null ? 0 : this.followingGain;
    this.step = this.wanted / CHANGE_FADE;
  }

  private playTrack(pcm: Int16Array, bus: Float32Array, quantum: number, head: number, from: number, to: number): void {
    const { frames, origin, wanted } = this;
    const begun = this.gain;
    const most = this.step * quantum;
    const ended = begun < wanted ? Math.min(wanted, begun + most) : Math.max(wanted, begun - most);
    this.gain = ended;
    let at = (((head - origin) % frames) + frames) % frames;
    for (let i = 0; i < quantum; i += 1) {
      const fade = head + i < OPENING_FADE ? (head + i) / OPENING_FADE : 1;
      const level = begun === ended ? begun : begun + ((ended - begun) * i) / quantum;
      const gain = level * (from + ((to - from) * i) / quantum) * fade;
      bus[2 * i] = pcm[2 * at]! * gain;
      bus[2 * i + 1] = pcm[2 * at + 1]! * gain;
      at += 1;
      if (at === frames) at = 0;
    }
  }

  private addTone(tone: Float32Array, bus: Float32Array, quantum: number, head: number): void {
    const begun = this.toneGain;
    const { toneWanted } = this;
    const step = quantum / CHANGE_FADE;
    const ended = begun < toneWanted ? Math.min(toneWanted, begun + step) : Math.max(toneWanted, begun - step);
    this.toneGain = ended;
    if (begun === 0 && ended === 0) return;
    let left = head % tone.length;
    let right = (head + (tone.length >> 1)) % tone.length;
    for (let i = 0; i < quantum; i += 1) {
      const fade = head + i < OPENING_FADE ? (head + i) / OPENING_FADE : 1;
      const gain = fade * (begun + ((ended - begun) * i) / quantum);
      bus[2 * i] = bus[2 * i]! + tone[left]! * gain;
      bus[2 * i + 1] = bus[2 * i + 1]! + tone[right]! * gain;
      left = left + 1 === tone.length ? 0 : left + 1;
      right = right + 1 === tone.length ? 0 : right + 1;
    }
  }
}

/** Null for a track without anything to hear. */
const playable = (track: BedTrack | null): BedTrack | null =>
  track !== null && track.pcm.length >= 2 && track.loudnessLufs > -Infinity ? track : null;

const gainOf = (track: BedTrack | null, audio: Audio): number => {
  if (track === null) return 0;
  const gainDb = audio.targetLufs + (audio.music?.gainDb ?? 0) - track.loudnessLufs;
  return 10 ** (Math.min(GAIN_MAX_DB, gainDb) / 20) / 32_768;
};

/**
 * Speech over music, at programme loudness and under the true-peak ceiling, sample k at k.
 *
 * Problem: music must be low before a word begins, and the limiter down before a peak, yet no sound may lag behind the
 * picture. Lines are scheduled ahead, so the mixer works ahead of the requested sample instead of delaying anything.
 *
 * - Work goes in quanta of 64 samples on one grid, so the output does not depend on the call sizes. The mixer is at
 * most 256 samples (5.3 ms) ahead of its output. A line scheduled or cancelled for an earlier sample takes effect from
 * there on, with a fade.
 * - Music falls by duckDb within 200 ms and is down 50 ms before a line; it stays down for 700 ms after one, which
 * bridges the pauses of a script, and rises within 900 ms. Straight lines in dB.
 * - Music loops from sample 0, so its position is a function of k; it fades in over the first second.
 * - A line is brought to targetLufs (it is mono on two channels, which adds 3.01 dB; the pauses between lines take
 * 0.4), music idles at targetLufs + music.gainDb. Muted words are silent or a 1 kHz tone at −30 LUFS, with 7.5 ms
 * curves outside of them; lines begin and end with 2 ms curves, a cancelled one fades within 10 ms unless told otherwise.
 * - Without music a room tone at −63 dBFS plays, unless the room disables it.
 * - Chimes lie on the bus as they are, neither ducked nor ducking.
 * - At most 64 lines are scheduled; further ones are refused and counted.
 */
const QUANTUM = 64;
const SLOTS = 64;
const DUCK_AHEAD = 12_000;
const DUCK_ATTACK = 9600;
const DUCK_HOLD = 33_600;
const DUCK_RELEASE = 43_200;
/** So that a release ends, whatever the depth. */
const MIN_DUCK_STEP = 64;
/** A jump ahead up to this is rendered and discarded; a longer one, or one back, restarts. */
const SKIP_MAX = 48_000;
/** Preroll of a restart, so limiter and ducking have settled. */
const WARM_UP = QUANTUM * 188;
const MONO_TO_STEREO_DB = 3.01;
/** Measured on scripts in three languages: blocks that straddle a line's edges, and limiting, read this much low. */
const EDGES_DB = 0.4;
const PEAK_WINDOW_MS = 500;
/** The fall of a meter (IEC 60268-10, type I). */
const METER_FALL_DB = 20;
const METER_FALL_SAMPLES = 72_000;

/** Chimes that sound at a time. */
const CHIME_SLOTS = 4;
/** A chime that comes again sooner is left out: a crowd that buys would ring without end. */
const CHIME_GAP = 12 * 48_000;
/** The ticks of a countdown are a second apart. */
const CHIME_GAPS: Readonly<Record<Chime, number>> = {
  product: CHIME_GAP,
  thanks: CHIME_GAP,
  tick: 24_000,
  end: 24_000,
};
/** Of a countdown, each with a tick. */
const LAST_SECONDS = 3;
/** Programme loudness that the chimes' peaks are made for. */
const CHIME_LUFS = -16;

const decibels = (x: number): number => (x > 0 ? 20 * Math.log10(x) : -Infinity);

interface ScheduledSpeech {
  readonly id: string;
  readonly startSample: SampleIndex;
  /** Mono, 48 kHz. */
  readonly pcm: Float32Array<SharedArrayBuffer>;
  /** Integrated loudness of `pcm` as one channel. */
  readonly loudnessLufs: number;
  readonly mutes: readonly MuteSpan[];
  /** A tone instead of silence in muted words. */
  readonly tone: boolean;
  /** The judge's verdict on its words; `mutes` are the forbidden ones. Without it the line is mixed as unjudged. */
  readonly verdict?: TextVerdict['verdict'];
}

export interface Levels {
  /** Last 400 ms. */
  readonly momentaryLufs: number;
  /** Gated, since the mixer was created. */
  readonly integratedLufs: number;
  /** Maximum sample of the last half to one second. */
  readonly peakDbfs: number;
  /** Of now, for meters: rises at once, falls by 20 dB in 1.5 s. */
  readonly leftDbfs: number;
  readonly rightDbfs: number;
}

export interface MixerOptions {
  readonly rate: FrameRate;
  /** Interleaved stereo at 48 kHz, 32 768 is full scale, at least one frame long. */
  readonly music?: Int16Array<SharedArrayBuffer>;
  readonly musicLoudnessLufs?: number;
  readonly audio: Audio;
}

export class Mixer {
  /** Lines refused because the schedule was full. */
  refused = 0;
  /** Verdict of the sound mixed last, one of SOUND; music has its verdict since before the show. */
  sound: number = SOUND.clean;
  private readonly slots: (SpeechSlot | undefined)[] = Array.from({ length: SLOTS }, () => undefined);
  private slotCount = 0;
  private readonly bed: MusicBed;
  private duckDb: number;
  private hasChimes: boolean;
  private readonly chimes: (Float32Array | undefined)[] = Array.from({ length: CHIME_SLOTS }, () => undefined);
  private readonly chimeStarts = new Float64Array(CHIME_SLOTS);
  /** The last start of each chime. */
  private readonly chimed = new Map<Chime, number>(CHIMES.map((chime) => [chime, -Infinity]));
  private secondsLeft = Infinity;
  private readonly targetLufs: number;
  private readonly limiter: TruePeakLimiter;
  private readonly meter = new LoudnessMeter(2);
  private readonly bus = new Float32Array(2 * QUANTUM);
  private readonly done = new Float32Array(2 * QUANTUM);
  /** First sample of the next quantum. */
  private head = -WARM_UP;
  /** First sample in `done`, and first sample not yet handed out. */
  private doneFrom = -1;
  private next = -1;
  private duckNow = 0;
  private duckGain = 1;
  private peak = 0;
  private previousPeak = 0;
  private left = 0;
  private right = 0;
  private peakSamples = 0;
  private readonly peakWindow: number;

  constructor(options: MixerOptions) {
    const { audio, music, musicLoudnessLufs = -Infinity } = options;
    this.targetLufs = audio.targetLufs;
    this.duckDb = audio.duckDb;
    this.hasChimes = audio.chimes;
    if (this.hasChimes) for (const chime of CHIMES) chimeSound(chime);
    this.limiter = new TruePeakLimiter(audio.ceilingDbtp);
    this.bed = new MusicBed(audio, music === undefined ? null : { pcm: music, loudnessLufs: musicLoudnessLufs });
    this.peakWindow = frameToSample(frameIndex(millisecondsToFrames(PEAK_WINDOW_MS, options.rate)), options.rate);
  }

  /** Changes music, its gain and the ducking, with fades; undefined keeps the track. Between two ticks. */
  changeBed(audio: Audio, track: BedTrack | null | undefined): void {
    this.duckDb = audio.duckDb;
    this.hasChimes = audio.chimes;
    this.bed.change(audio, track);
  }

  /** Plays a chime from a sample on, unless the room has none or it has just sounded. */
  chime(chime: Chime, atSample: SampleIndex): void {
    if (!this.hasChimes || Math.abs(atSample - this.chimed.get(chime)!) < CHIME_GAPS[chime]) return;
    const free = this.chimes.indexOf(undefined);
    if (free < 0) return;
    this.chimed.set(chime, atSample);
    this.chimes[free] = chimeSound(chime);
    this.chimeStarts[free] = Math.max(atSample, this.head);
  }

  /** Schedules a line; false when the schedule is full. */
  schedule(u: ScheduledSpeech): boolean {
    if (this.slotCount === SLOTS) {
      this.refused += 1;
      return false;
    }
    const gainDb = Math.min(GAIN_MAX_DB, this.targetLufs + EDGES_DB - u.loudnessLufs - MONO_TO_STEREO_DB);
    const gain = u.loudnessLufs === -Infinity ? 0 : 10 ** (gainDb / 20);
    const enterAt = Math.max(u.startSample, this.head);
    const judged = u.verdict !== undefined;
    this.slots[this.slotCount] = new SpeechSlot(u.id, u.startSample, enterAt, u.pcm, gain, u.mutes, u.tone, judged);
    this.slotCount += 1;
    return true;
  }

  /** Fades a line out from the given sample on; a line that has not begun by then is never heard. */
  cancel(id: string, atSample: SampleIndex, fadeSamples = CUT_RAMP): void {
    const at = Math.max(atSample, this.head);
    for (let s = this.slotCount - 1; s >= 0; s -= 1) {
      const slot = this.slots[s]!;
      if (slot.id !== id) continue;
      if (slot.enterAt >= at) this.remove(s);
      else slot.cut(at, fadeSamples);
    }
  }

  /** Chimes for the last seconds of a countdown and for its end; `secondsLeft` as the picture from that sample on shows it. */
  countDown(secondsLeft: number, atSample: SampleIndex): void {
    const before = this.secondsLeft;
    this.secondsLeft = secondsLeft;
    // A countdown that comes on the picture in its last seconds has not been watched so far.
    if (secondsLeft >= before || secondsLeft > LAST_SECONDS || before > LAST_SECONDS + 1) return;
    this.chime(secondsLeft === 0 ? 'end' : 'tick', atSample);
  }

  /** Writes `samples` stereo frames from `startSample` on. Calls follow each other without gaps. */
  mix(startSample: SampleIndex, samples: number, out: Float32Array): void {
    if (startSample !== this.next) this.seek(startSample);
    let written = 0;
    while (written < samples) {
      const left = this.doneFrom + QUANTUM - this.next;
      if (left <= 0) {
        this.advance();
        continue;
      }
      const n = Math.min(left, samples - written);
      const from = 2 * (this.next - this.doneFrom);
      for (let i = 0; i < 2 * n; i += 1) out[2 * written + i] = this.done[from + i]!;
      written += n;
      this.next += n;
    }
    this.meter.process(out, 0, samples);
    this.watchPeak(out, samples);
    this.sound = this.soundOf(startSample, startSample + samples);
  }

  levels(): Levels {
    const peak = Math.max(this.peak, this.previousPeak);
    return {
      momentaryLufs: this.meter.momentary(),
      integratedLufs: this.meter.integrated(),
      peakDbfs: decibels(peak),
      leftDbfs: decibels(this.left),
      rightDbfs: decibels(this.right),
    };
  }

  /** The worst verdict of the lines heard between two samples. */
  private soundOf(from: number, to: number): number {
    let worst: number = SOUND.clean;
    for (let s = 0; s < this.slotCount; s += 1) {
      const sound = this.slots[s]!.soundOf(from, to);
      if (sound === SOUND.unjudged) return sound;
      if (sound === SOUND.violation) worst = sound;
    }
    return worst;
  }

  private seek(startSample: number): void {
    const ahead = startSample - this.next;
    if (this.next >= 0 && ahead > 0 && ahead <= SKIP_MAX) {
      while (this.doneFrom + QUANTUM <= startSample) this.advance();
    } else {
      this.head = Math.floor(startSample / QUANTUM) * QUANTUM - WARM_UP;
      this.limiter.reset();
      this.duckNow = this.speaksNear(this.head) ? this.duckDb : 0;
      this.duckGain = 10 ** (this.duckNow / 20);
      do this.advance();
      while (this.doneFrom + QUANTUM <= startSample);
    }
    this.next = startSample;
  }

  /** Mixes one quantum and takes the next finished one from the limiter. */
  private advance(): void {
    const { bus, head } = this;
    this.duck();
    this.playMusic();
    this.playChimes();
    for (let s = this.slotCount - 1; s >= 0; s -= 1) {
      const slot = this.slots[s]!;
      if (slot.startSample < head + QUANTUM) slot.mix(head, QUANTUM, bus);
      if (slot.endSample + DUCK_HOLD < head) this.remove(s);
    }
    this.limiter.process(bus, this.done, QUANTUM);
    this.doneFrom = head - LIMITER_DELAY;
    this.head = head + QUANTUM;
  }

  /** Moves the ducking by one quantum towards its scheduled value. */
  private duck(): void {
    const isBelow = this.duckNow < this.duckDb;
    // Ducking may have been lowered since.
    const step = Math.max(-this.duckDb, isBelow ? -this.duckNow : 0) * QUANTUM;
    const target = this.speaksNear(this.head) ? this.duckDb : 0;
    this.duckNow =
      this.duckNow > target
        ? Math.max(target, this.duckNow - step / DUCK_ATTACK)
        : Math.min(target, this.duckNow + Math.max(step, MIN_DUCK_STEP) / DUCK_RELEASE);
  }

  private speaksNear(k: number): boolean {
    for (let s = 0; s < this.slotCount; s += 1) {
      const slot = this.slots[s]!;
      if (k >= slot.startSample - DUCK_AHEAD && k < slot.endSample + DUCK_HOLD) return true;
    }
    return false;
  }

  private playMusic(): void {
    const from = this.duckGain;
    const to = 10 ** (this.duckNow / 20);
    this.duckGain = to;
    this.bed.play(this.bus, QUANTUM, this.head, from, to);
  }

  private playChimes(): void {
    const { bus, head, chimes, chimeStarts } = this;
    for (let c = 0; c < CHIME_SLOTS; c += 1) {
      const sound = chimes[c];
      if (sound === undefined) continue;
      const at = head - chimeStarts[c]!;
      const gain = 10 ** ((this.targetLufs - CHIME_LUFS) / 20);
      for (let i = Math.max(0, -at); i < QUANTUM && at + i < sound.length; i += 1) {
        bus[2 * i]! += sound[at + i]! * gain;
        bus[2 * i + 1]! += sound[at + i]! * gain;
      }
      if (at + QUANTUM >= sound.length) chimes[c] = undefined;
    }
  }

  private watchPeak(out: Float32Array, samples: number): void {
    const fall = 10 ** ((-METER_FALL_DB * samples) / (20 * METER_FALL_SAMPLES));
    let left = this.left * fall;
    let right = this.right * fall;
    for (let i = 0; i < 2 * samples; i += 2) {
      const l = Math.abs(out[i]!);
      const r = Math.abs(out[i + 1]!);
      if (l > left) left = l;
      if (r > right) right = r;
      if (l > this.peak) this.peak = l;
      if (r > this.peak) this.peak = r;
    }
    this.left = left;
    this.right = right;
    this.peakSamples += samples;
    if (this.peakSamples < this.peakWindow) return;
    this.previousPeak = this.peak;
    this.peak = 0;
    this.peakSamples = 0;
  }

  private remove(s: number): void {
    this.slotCount -= 1;
    this.slots[s] = this.slots[this.slotCount];
    this.slots[this.slotCount] = undefined;
  }
}
