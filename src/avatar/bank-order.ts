import { newBitmapId } from '../core/media/picture.js';
import type { PoseBank } from './pose-bank.js';
import type { GestureArm, HeadPose, PlacedBitmap } from './presenter-data.js';

/** Sheets finish in any order; sprites are numbered by their use, so a bank's order is deterministic. */
export function inOrder(bank: PoseBank): PoseBank {
  const sprites: PlacedBitmap[] = [];
  const renumbered = new Map<number, number>();
  const of = (old: number): number => {
    if (old < 0) return -1;
    const known = renumbered.get(old);
    if (known !== undefined) return known;
    renumbered.set(old, sprites.length);
    return sprites.push({ ...bank.sprites[old]!, id: newBitmapId() }) - 1;
  };
  const head = (p: HeadPose): HeadPose => ({
    back: of(p.back),
    head: of(p.head),
    front: of(p.front),
    eyes: p.eyes.map(of),
    brows: p.brows.map(of),
    mouths: p.mouths.map(of),
    jaws: p.jaws.map(of),
  });
  const arm = (a: GestureArm | null): GestureArm | null =>
    a === null ? null : { steps: a.steps.map(of), beat: a.beat.map(of) };
  return {
    sprites,
    sway: bank.sway.map(head),
    nod: bank.nod.map(head),
    leans: bank.leans,
    bodyLower: of(bank.bodyLower),
    bodyUpper: bank.bodyUpper.map(of),
    idleRight: bank.idleRight.map(of),
    idleLeft: bank.idleLeft.map(of),
    gestures: bank.gestures.map((g) => ({ ...g, right: arm(g.right), left: arm(g.left) })),
  };
}
