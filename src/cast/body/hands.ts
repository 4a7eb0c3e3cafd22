import { gradientAlong } from '../draw/shapes.js';
import type { Person } from '../person.js';
import { crease, finger, palm, patch } from './finger.js';

/** Hands of the picture's right arm, wrist at the origin, fingers downwards, thumb to the right; the left arm mirrors them. */
export function allHands(p: Person): string {
  const { skin } = p;
  const hand = (id: string, content: string): string =>
    `<g id="${id}"><g transform="scale(${p.body.hand})" stroke-linecap="round">${content}</g></g>`;
  const blush = `<ellipse cx="0" cy="36" rx="24" ry="22" fill="${skin.blush}" fill-opacity="0.16"/>`;
  const shade = `<path d="M -24 8 C -36 26 -38 46 -34 64 L -22 62 C -28 44 -26 26 -16 8 Z" fill="${skin.shade}" fill-opacity="0.5"/>`;
  const wrist = `<path d="M -22 -14 L -23 6 Q 0 16 22 6 L 21 -14 Z" fill="${skin.shade}" fill-opacity="0.4"/>`;
  return (
    `<defs>${gradientAlong(
      'hand',
      [-34, 0],
      [36, 60],
      [
        [0, skin.shade],
        [0.32, skin.base],
        [0.62, skin.light],
        [1, skin.base],
      ],
    )}</defs>` +
    // Relaxed, seen from the back: lies over the other hand.
    hand(
      'rest',
      finger(p, '-26 56, -31 84, -27 104', 16.5, true) +
        finger(p, '-9 60, -12 96, -8 119', 17.5, true) +
        finger(p, '9 60, 9 98, 11 122', 17.5, true) +
        finger(p, '25 56, 28 88, 28 110', 16.5, true) +
        palm(p, 'M -21 -14 L -23 12 C -34 26 -38 48 -34 66 C -14 76 18 76 36 64 C 38 44 32 24 22 10 L 21 -14 Z') +
        patch(p, 'M -31 54 C -32 64 -32 68 -31 74 Q 0 80 33 74 C 34 66 33 58 31 52 Z') +
        crease(p, 'M -17.5 70 l -1 13 M 0 72 l 0 14 M 17 70 l 1.5 13') +
        crease(p, 'M -28 60 q 5 -6 10 0 M -10 62 q 6 -6 12 0 M 8 62 q 6 -6 12 0', 0.55) +
        finger(p, '23 16, 42 36, 41 64', 17.5, true) +
        patch(p, 'M -20 -10 L -22 14 C -20 28 10 42 30 26 L 20 8 L 20 -10 Z') +
        shade +
        wrist,
    ) +
    // Palm to the viewer, fingers spread: wave.
    hand(
      'open',
      finger(p, '-27 58, -36 82, -41 102', 16) +
        finger(p, '-10 62, -14 98, -16 126', 17.5) +
        finger(p, '9 62, 11 102, 11 132', 18) +
        finger(p, '26 58, 33 94, 37 118', 17.5) +
        finger(p, '22 22, 48 40, 62 74', 19) +
        palm(p, 'M -21 -14 L -24 10 C -36 26 -40 48 -36 64 C -16 78 20 78 37 66 C 42 46 36 24 22 8 L 21 -14 Z') +
        patch(p, 'M -34 46 L -34 66 Q 0 78 35 68 L 38 50 Z M 14 14 L 38 30 L 30 54 L 8 44 Z') +
        crease(p, 'M -28 50 C -12 42 12 46 30 58 M -30 36 C -14 32 6 34 20 44 M 8 12 C 24 26 26 40 20 58', 0.85) +
        blush +
        wrist,
    ) +
    // Flat palm offered, thumb up: present.
    hand(
      'palm',
      finger(p, '-24 54, -29 90, -23 117', 16) +
        finger(p, '-10 58, -12 104, -6 132', 17) +
        finger(p, '6 58, 7 108, 10 136', 17.5) +
        finger(p, '22 56, 27 98, 28 124', 17) +
        finger(p, '20 16, 46 27, 64 52', 18.5) +
        palm(p, 'M -21 -14 L -24 10 C -34 26 -36 46 -33 62 C -14 74 18 74 34 62 C 38 44 34 24 22 8 L 21 -14 Z') +
        patch(p, 'M -31 42 L -31 68 Q 0 78 32 70 L 35 46 Z M 12 10 L 36 22 L 30 50 L 6 40 Z') +
        crease(p, 'M -26 48 C -10 40 12 44 28 54 M -28 34 C -12 30 6 32 20 42 M 8 10 C 22 22 26 36 20 54', 0.85) +
        blush +
        wrist,
    ) +
    // Index finger out, the others curled.
    hand(
      'point',
      finger(p, '22 52, 26 94, 27 136', 17.5, true) +
        palm(p, 'M -21 -14 L -24 12 C -35 26 -38 46 -34 62 C -16 74 18 74 35 62 C 38 44 32 24 22 10 L 21 -14 Z') +
        finger(p, '-25 52, -28 68, -20 78', 17) +
        finger(p, '-9 56, -10 74, -3 84', 18) +
        finger(p, '9 56, 10 76, 14 84', 18) +
        patch(p, 'M -30 36 L -32 58 Q 0 66 33 60 L 34 38 Z') +
        crease(p, 'M -28 56 q 5 -6 10 0 M -10 60 q 6 -6 12 0 M 8 60 q 6 -6 12 0', 0.6) +
        finger(p, '22 18, 34 44, 10 62', 18, true) +
        patch(p, 'M -20 -8 L -22 14 L 24 26 L 20 8 L 20 -10 Z') +
        shade +
        wrist,
    ) +
    // Fist with the thumb out.
    hand(
      'thumb',
      finger(p, '16 22, 44 25, 84 22', 20, true) +
        palm(p, 'M -21 -14 L -24 10 C -36 22 -38 46 -32 62 C -14 70 16 72 32 60 C 38 44 34 22 22 8 L 21 -14 Z') +
        finger(p, '28 44, 34 72, 4 75', 18) +
        finger(p, '12 48, 14 80, -12 77', 18) +
        finger(p, '-6 50, -6 80, -22 73', 17) +
        finger(p, '-22 48, -26 72, -32 63', 15.5) +
        patch(p, 'M -32 20 L -34 50 Q 0 58 33 50 L 30 14 Z') +
        crease(p, 'M 14 30 C 22 36 30 36 36 32', 0.8) +
        shade +
        wrist,
    ) +
    // Loosely curled, knuckle to the chin: think.
    hand(
      'chin',
      finger(p, '16 20, 38 52, 30 94', 18, true) +
        palm(p, 'M -21 -14 L -24 12 C -35 26 -38 46 -34 62 C -16 74 18 74 34 62 C 38 44 32 24 22 10 L 21 -14 Z') +
        finger(p, '18 52, 12 88, -8 97', 17) +
        finger(p, '2 54, -5 84, -20 87', 17) +
        finger(p, '-12 54, -19 76, -30 75', 16) +
        finger(p, '-24 48, -31 62, -36 59', 15) +
        patch(p, 'M -30 20 L -33 54 Q 0 62 27 58 L 30 24 Z') +
        crease(p, 'M 20 24 C 26 36 28 48 26 58', 0.7) +
        shade +
        wrist,
    )
  );
}
