// frame path
import { hash01 } from '../core/random.js';

/**
 * Idle motion as functions of time and seed only, so any frame can be drawn without its history.
 *
 * Viewers take stillness for a frozen stream and restlessness for a puppet. The rates are human: a blink every 2–6 s,
 * lasting 130–170 ms, one in twenty-five of them double (Stern 1984; Bentivoglio 1997: people double more often, but
 * drawn double blinks look tired); a breath every 4.2 s; a sway so slow that the head moves one pixel every few frames.
 * The eyes lead a head turn by 180 ms.
 */

const TAU = 2 * Math.PI;
const KEY_BLINK = 0x0100_0000;
const KEY_DOUBLE = 0x0200_0000;
const KEY_GAZE = 0x0300_0000;
const KEY_BROW = 0x0400_0000;
const KEY_PHASE = 0x0500_0000;
const KEY_SIDE = 0x0600_0000;
const KEY_SMILE = 0x0700_0000;
const KEY_WEIGHT = 0x0800_0000;

const BLINK_SLOT_MS = 3400;
const BLINK_MS = 165;
const DOUBLE_AFTER_MS = 290;
const GLANCE_MS = 1500;
const EYES_LEAD_MS = 180;
const TURN_MS = 380;
const GLANCE_TURN = 0.3;
/** Share of glances that go to the product, where it stands at one side. */
const PRODUCT_SHARE = 0.75;
const WEIGHT_SLOT_MS = 6500;
const WEIGHT_JITTER_MS = 1500;
const WEIGHT_MS = 667;
const SMILE_SLOT_MS = 11_300;
const SMILE_MS = 2600;

/** 0 open, 1 half, 2 closed, for a blink that began `ageMs` ago. */
export function lidsOfBlink(ageMs: number): 0 | 1 | 2 {
  if (ageMs < 0 || ageMs >= BLINK_MS) return 0;
  return ageMs < 34 || ageMs >= 132 ? 1 : 2;
}

/** Start of a slot's blink, in ms from the room's first frame. */
const blinkStartMs = (slot: number, seed: number): number =>
  slot * BLINK_SLOT_MS + 150 + hash01(seed, KEY_BLINK + slot) * (BLINK_SLOT_MS - 900);

export function lidsAt(timeMs: number, seed: number): 0 | 1 | 2 {
  const slot = Math.floor(timeMs / BLINK_SLOT_MS);
  const age = timeMs - blinkStartMs(slot, seed);
  const lids = lidsOfBlink(age);
  if (lids !== 0 || hash01(seed, KEY_DOUBLE + slot) > 0.04) return lids;
  return lidsOfBlink(age - DOUBLE_AFTER_MS);
}

/** Time between a moment and the nearest idle blink. */
export function blinkDistanceMs(timeMs: number, seed: number): number {
  const slot = Math.floor(timeMs / BLINK_SLOT_MS);
  let nearest = Infinity;
  for (let s = slot - 1; s <= slot + 1; s += 1) nearest = Math.min(nearest, Math.abs(timeMs - blinkStartMs(s, seed)));
  return nearest;
}

/** Side of the product: 0 none, 1 left, 2 right. */
export type Side = 0 | 1 | 2;

/** Gaze: index into EYE_STATES. It changes under cover of a blink, as in people. */
export function gazeAt(timeMs: number, seed: number, talking: boolean, product: Side = 0): 0 | 1 | 2 | 4 {
  const slot = glanceSlot(timeMs, seed);
  // A glance lasts at most a second and a half; then the eyes return to the viewer.
  if (timeMs - blinkStartMs(slot, seed) > GLANCE_MS) return 0;
  return glanceOf(slot, seed, talking, product);
}

/** The slot of the last blink that covered a gaze change. */
function glanceSlot(timeMs: number, seed: number): number {
  const slot = Math.floor(timeMs / BLINK_SLOT_MS);
  return timeMs < blinkStartMs(slot, seed) + 60 ? slot - 1 : slot;
}

function glanceOf(slot: number, seed: number, talking: boolean, product: Side): 0 | 1 | 2 | 4 {
  const h = hash01(seed, KEY_GAZE + slot);
  if (h > (talking ? 0.2 : 0.36)) return 0;
  if (h < 0.08) return 4;
  if (product !== 0 && hash01(seed, KEY_SIDE + slot) < PRODUCT_SHARE) return product;
  return h < 0.22 ? 1 : 2;
}

/** −1…1: how far the head follows a glance, later than the eyes both ways. */
export function glanceTurnAt(timeMs: number, seed: number, talk: number, product: Side = 0): number {
  const slot = glanceSlot(timeMs, seed);
  const glance = glanceOf(slot, seed, talk > 0.5, product);
  if (glance !== 1 && glance !== 2) return 0;
  const age = timeMs - blinkStartMs(slot, seed) - 60;
  const weight = smooth((age - EYES_LEAD_MS) / TURN_MS) * smooth((GLANCE_MS + EYES_LEAD_MS + TURN_MS - age) / TURN_MS);
  return (glance === 1 ? -GLANCE_TURN : GLANCE_TURN) * weight;
}

/** Sway −1…1 at a time. The talking head moves more and faster than the listening one; `talk` 0–1 blends. */
export function swayAt(timeMs: number, seed: number, talk: number): number {
  const s = timeMs / 1000;
  const p1 = hash01(seed, KEY_PHASE + 1) * TAU;
  const p2 = hash01(seed, KEY_PHASE + 2) * TAU;
  const p3 = hash01(seed, KEY_PHASE + 3) * TAU;
  const slow = 0.46 * Math.sin((s * TAU) / 7.9 + p1) + 0.18 * Math.sin((s * TAU) / 4.3 + p2);
  const quick = 0.34 * Math.sin((s * TAU) / 3.1 + p3) * Math.sin((s * TAU) / 9.7 + p2);
  return slow + talk * quick;
}

const smooth = (t: number): number => {
  const c = t < 0 ? 0 : t > 1 ? 1 : t;
  return c * c * (3 - 2 * c);
};

/** Weight on one foot or the other, −1…1: it changes every 5–8 s within two thirds of a second. */
export function weightAt(timeMs: number, seed: number): number {
  const slot = Math.floor(timeMs / WEIGHT_SLOT_MS);
  const shiftMs = (s: number): number => s * WEIGHT_SLOT_MS + hash01(seed, KEY_WEIGHT + s) * WEIGHT_JITTER_MS;
  const side = (s: number): number =>
    ((s + seed) % 2 === 0 ? 1 : -1) * (0.55 + 0.45 * hash01(seed, KEY_WEIGHT + 0x8_0000 + s));
  const from = side(slot - 1);
  return from + (side(slot) - from) * smooth((timeMs - shiftMs(slot)) / WEIGHT_MS);
}

/** Smile of a silent face: 0 at rest, 1 slight, 2 open; in some slots only, so that no loop shows. */
export function idleSmileAt(timeMs: number, seed: number): 0 | 1 | 2 {
  const slot = Math.floor(timeMs / SMILE_SLOT_MS);
  const h = hash01(seed, KEY_SMILE + slot);
  if (h > 0.55) return 0;
  const age = timeMs - slot * SMILE_SLOT_MS - hash01(seed, KEY_SMILE + 0x8_0000 + slot) * (SMILE_SLOT_MS - SMILE_MS);
  return smileOfAge(age, SMILE_MS, h < 0.2);
}

/** A smile comes and goes over its slight form. */
export function smileOfAge(ageMs: number, lengthMs: number, isOpen: boolean): 0 | 1 | 2 {
  if (ageMs < 0 || ageMs >= lengthMs) return 0;
  return isOpen && ageMs > 130 && ageMs < lengthMs - 260 ? 2 : 1;
}

/** Breath 0…1: in over two fifths of the time, out over the rest, with a short pause at the bottom. */
export function breathAt(timeMs: number, seed: number): number {
  const period = 4200;
  const phase = (timeMs / period + hash01(seed, KEY_PHASE + 4)) % 1;
  const t = phase < 0.4 ? phase / 0.4 : phase < 0.9 ? 1 - (phase - 0.4) / 0.5 : 0;
  return t * t * (3 - 2 * t);
}

/** Lift of the chest by the stress of speech, −0.4…0.4: about one in a second, stronger at times. */
export function stressAt(timeMs: number, seed: number): number {
  const s = timeMs / 1000;
  const phase = hash01(seed, KEY_PHASE + 5) * TAU;
  return 0.4 * Math.sin((s * TAU) / 1.07 + phase) * (0.6 + 0.4 * Math.sin((s * TAU) / 3.7 + phase));
}

const BROW_SLOT_MS = 760;
/** Brows of a talking face: 0 neutral, 1 lifted, 2 raised. Emphasis comes in slots, about one in three. */
export function talkingBrows(timeMs: number, lineAgeMs: number, seed: number): 0 | 1 | 2 {
  // A line begins with raised brows, which draws attention.
  if (lineAgeMs < 420) return lineAgeMs < 50 || lineAgeMs > 340 ? 1 : 2;
  const slot = Math.floor(timeMs / BROW_SLOT_MS);
  const h = hash01(seed, KEY_BROW + slot);
  if (h > 0.34) return 0;
  const age = timeMs - slot * BROW_SLOT_MS;
  if (age < 60 || age > 480) return age > 560 ? 0 : 1;
  return h < 0.14 ? 2 : 1;
}
