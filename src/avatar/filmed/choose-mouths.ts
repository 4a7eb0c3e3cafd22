// frame path
import { VISEMES, type MouthTrack } from '../../core/speech.js';
import { FULL_OPENNESS } from '../mouth-track.js';
import type { MouthFeatures } from './film-data.js';

/**
 * Which picture of a mouth each frame of a line shows.
 *
 * Problem: the nearest picture for every frame alone flickers between pictures that are equally near.
 * Rule: the cheapest path over the line (Viterbi): a picture costs what it differs from the wanted opening, spread and
 * viseme; a step costs what two pictures differ, more than the wanted mouth changes, and nothing from a picture to the
 * one after it in the footage. Lips that meet are shown met, whatever the path would like.
 * Numbers: the ten nearest pictures of each frame; the first picture is the mouth at rest.
 */
const CANDIDATES = 10;
const OPEN_UNIT = 34;
const SPREAD_UNIT = 0.55;
/** Another viseme's picture with the same lips. */
const OTHER_VISEME = 0.35;
/** Teeth on the lip are a sign that nothing else gives. */
const WRONG_CONTACT = 9;
const STEP = 0.22;

const SIL = VISEMES.indexOf('sil');
const PP = VISEMES.indexOf('PP');
const FF = VISEMES.indexOf('FF');
/** Spread wanted by each viseme, in the order of VISEMES. */
const SPREAD = Float32Array.of(0, 0, 0, 0.3, 0.3, 0, -1, 1, 0.3, -1, 0, 0.5, 1, -0.6, -1);
/** Pictures shared by sounds that look alike: index of the viseme that stands for them. */
const LIKE = Uint8Array.of(0, 1, 2, 4, 4, 10, 14, 12, 4, 14, 10, 11, 12, 13, 14);

/** The mouth for each frame of a track; index 0, the mouth at rest, in silence. */
export function chooseMouths(track: MouthTrack, mouths: MouthFeatures): Uint8Array {
  const frames = track.viseme.length;
  const chosen = new Uint8Array(frames);
  const size = frames * CANDIDATES;
  const candidate = new Int16Array(size).fill(-1);
  const cost = new Float64Array(size).fill(Infinity);
  const came = new Int8Array(size);
  for (let f = 0; f < frames; f += 1) {
    const at = f * CANDIDATES;
    nearest(track.viseme[f]!, track.openness[f]!, mouths, candidate, cost, at);
    if (f === 0) continue;
    const wanted = Math.abs(track.openness[f]! - track.openness[f - 1]!) / OPEN_UNIT;
    for (let k = 0; k < CANDIDATES; k += 1) {
      const mouth = candidate[at + k]!;
      if (mouth < 0) continue;
      let best = Infinity;
      for (let j = 0; j < CANDIDATES; j += 1) {
        const before = candidate[at - CANDIDATES + j]!;
        if (before < 0) continue;
        const total = cost[at - CANDIDATES + j]! + stepCost(before, mouth, wanted, mouths);
        if (total >= best) continue;
        best = total;
        came[at + k] = j;
      }
      cost[at + k] = cost[at + k]! + best;
    }
  }
  let k = 0;
  const last = (frames - 1) * CANDIDATES;
  for (let j = 1; j < CANDIDATES && frames > 0; j += 1) if (cost[last + j]! < cost[last + k]!) k = j;
  for (let f = frames - 1; f >= 0; f -= 1) {
    chosen[f] = Math.max(0, candidate[f * CANDIDATES + k]!);
    k = came[f * CANDIDATES + k]!;
  }
  return chosen;
}

/** Greatest change of opening and spread in a frame: a mouth takes two to four frames to any other. */
const MAX_OPEN_STEP = 78;
const MAX_SPREAD_STEP = 0.62;

/**
 * The way from one mouth to the next, for a bank whose mouths are all warps of one picture: the frames between two
 * pictures show the warps between them, so that no frame shows two mouths at once. Lips that meet stay met.
 */
export function easeMouths(chosen: Uint8Array, mouths: MouthFeatures): Uint8Array {
  const frames = chosen.length;
  const open = Float32Array.from(chosen, (m) => mouths.openness[m]!);
  const spread = Float32Array.from(chosen, (m) => mouths.spread[m]!);
  const isFixed = (f: number): boolean => {
    const viseme = mouths.viseme[chosen[f]!]!;
    return viseme === PP || viseme === FF || chosen[f] === 0;
  };
  const follow = (f: number, from: number): void => {
    if (isFixed(f)) return;
    open[f] = clamp(open[f]!, open[from]! - MAX_OPEN_STEP, open[from]! + MAX_OPEN_STEP);
    spread[f] = clamp(spread[f]!, spread[from]! - MAX_SPREAD_STEP, spread[from]! + MAX_SPREAD_STEP);
  };
  for (let f = 1; f < frames; f += 1) follow(f, f - 1);
  for (let f = frames - 2; f >= 0; f -= 1) follow(f, f + 1);
  const eased = Uint8Array.from(chosen);
  for (let f = 0; f < frames; f += 1) {
    const own = chosen[f]!;
    if (isFixed(f) || (open[f] === mouths.openness[own] && spread[f] === mouths.spread[own])) continue;
    let least = Infinity;
    for (let m = 1; m < mouths.viseme.length; m += 1) {
      if (mouths.viseme[m] === PP || mouths.viseme[m] === FF) continue;
      const o = (mouths.openness[m]! - open[f]!) / OPEN_UNIT;
      const s = (mouths.spread[m]! - spread[f]!) / SPREAD_UNIT;
      const distance = o * o + s * s;
      if (distance >= least) continue;
      least = distance;
      eased[f] = m;
    }
  }
  return eased;
}

const clamp = (v: number, low: number, high: number): number => Math.min(high, Math.max(low, v));

function unary(viseme: number, openness: number, mouth: number, mouths: MouthFeatures): number {
  const is = mouths.viseme[mouth]!;
  if (viseme === SIL || viseme === PP) {
    // A rest is the first picture alone; closed lips are those of a P, or else the rest.
    if (viseme === SIL) return mouth === 0 ? 0 : 4 + mouths.openness[mouth]! / 8;
    return is === PP ? 0 : mouth === 0 ? 0.5 : WRONG_CONTACT + mouths.openness[mouth]!;
  }
  const open = (mouths.openness[mouth]! - openness) / OPEN_UNIT;
  const presence = Math.min(1, 0.35 + openness / Math.max(40, FULL_OPENNESS[viseme]!));
  const spread = (mouths.spread[mouth]! - SPREAD[viseme]! * presence) / SPREAD_UNIT;
  const contact = (is === FF) !== (viseme === FF) || is === PP ? WRONG_CONTACT : 0;
  return open * open + 0.6 * spread * spread + contact + (LIKE[is]! === LIKE[viseme]! ? 0 : OTHER_VISEME);
}

function nearest(
  viseme: number,
  openness: number,
  mouths: MouthFeatures,
  candidate: Int16Array,
  cost: Float64Array,
  at: number,
): void {
  for (let mouth = 0; mouth < mouths.viseme.length; mouth += 1) {
    const c = unary(viseme, openness, mouth, mouths);
    let k = CANDIDATES - 1;
    if (c >= cost[at + k]!) continue;
    for (; k > 0 && cost[at + k - 1]! > c; k -= 1) {
      cost[at + k] = cost[at + k - 1]!;
      candidate[at + k] = candidate[at + k - 1]!;
    }
    cost[at + k] = c;
    candidate[at + k] = mouth;
  }
}

function stepCost(before: number, mouth: number, wanted: number, mouths: MouthFeatures): number {
  if (before === mouth || mouths.next[before] === mouth) return 0;
  const open = Math.abs(mouths.openness[before]! - mouths.openness[mouth]!) / OPEN_UNIT;
  const spread = Math.abs(mouths.spread[before]! - mouths.spread[mouth]!) / SPREAD_UNIT;
  const beyond = open > wanted ? open - wanted : 0;
  return STEP * (0.25 + beyond * beyond + spread * spread);
}
