// frame path
import type { Audio } from '../config/sections/audio.js';
import { makeRoomTone } from './room-tone.js';

/** Fade-in at the start of the show. */
const OPENING_FADE = 48_000;
/** Half a second for a change of gain, and for each side of a change of track. */
const CHANGE_FADE = 24_000;
const GAIN_MAX_DB = 30;

/** A track as it is played: interleaved stereo at 48 kHz, 32 768 is full scale. */
export interface BedTrack {
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
