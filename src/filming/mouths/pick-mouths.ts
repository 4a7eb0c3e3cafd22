import type { Viseme } from '../../core/speech.js';

/** A frame of the talk as a candidate for the bank. */
export interface TalkFrame {
  readonly frame: number;
  readonly viseme: Viseme;
  readonly openness: number;
  readonly spread: number;
  /** Higher is better: sharp and looking into the camera. */
  readonly quality: number;
}

const MAX_MOUTHS = 180;
const PER_BIN = 5;
const OPEN_BIN = 26;
const SPREAD_BIN = 0.5;
/** Neighbours of a chosen frame come along, since steps between them are the person's own. */
const NEIGHBOURS = 1;

/** Mouths of each viseme, opening and spread, the best of each, with their neighbours in the footage; by frame. */
export function pickMouths(frames: readonly TalkFrame[]): TalkFrame[] {
  const bins = new Map<string, TalkFrame[]>();
  for (const one of frames) {
    const key = `${one.viseme} ${Math.floor(one.openness / OPEN_BIN)} ${Math.round(one.spread / SPREAD_BIN)}`;
    const list = bins.get(key);
    if (list === undefined) bins.set(key, [one]);
    else list.push(one);
  }
  const byFrame = new Map(frames.map((f) => [f.frame, f]));
  const chosen = new Map<number, TalkFrame>();
  for (const list of bins.values()) list.sort((a, b) => b.quality - a.quality);
  // One of each kind, then a second, so that a full bank lacks no kind.
  for (let round = 0; round < PER_BIN && chosen.size < MAX_MOUTHS; round += 1) {
    for (const list of bins.values()) {
      const one = list.find((f) => !chosen.has(f.frame));
      if (one === undefined || chosen.size >= MAX_MOUTHS) continue;
      chosen.set(one.frame, one);
      for (let d = -NEIGHBOURS; d <= NEIGHBOURS; d += 1) {
        const near = byFrame.get(one.frame + d);
        if (near !== undefined && chosen.size < MAX_MOUTHS) chosen.set(near.frame, near);
      }
    }
  }
  return [...chosen.values()].sort((a, b) => a.frame - b.frame);
}
