import { crease, finger, palm, patch } from './finger.js';
import type { Look } from './look.js';

/**
 * Hands of the picture's right arm, wrist at the origin, fingers downwards, thumb to the right; the left
 * arm shows them mirrored.
 */
export function allHands(look: Look): string {
  const scale = look.handScale;
  const hand = (id: string, content: string): string =>
    `<g id="${id}"><g transform="scale(${scale})" stroke-linecap="round">${content}</g></g>`;
  const wristPalm = 'M -21 -14 L -23 12 C -34 26 -38 48 -34 66 C -14 78 18 78 36 64 C 38 44 32 24 22 10 L 21 -14 Z';
  return (
    // Relaxed, seen from the back: lies over the other hand.
    hand(
      'rest',
      finger(look, '-25 58, -30 88, -26 106', 17, true) +
        finger(look, '-9 62, -11 98, -7 118', 18, true) +
        finger(look, '8 62, 8 100, 11 120', 18, true) +
        finger(look, '24 58, 27 90, 28 108', 17, true) +
        palm(look, wristPalm) +
        patch(look, 'M -31 52 C -33 64 -33 72 -31 80 L 33 80 C 35 68 34 58 32 50 Z') +
        crease(look, 'M -17 72 l -1.5 14 M 0 74 l 0 16 M 16.5 72 l 1.5 14') +
        finger(look, '24 14, 44 34, 42 62', 18, true) +
        patch(look, 'M -20 -10 L -22 14 C -20 30 10 44 30 28 L 20 8 L 20 -10 Z') +
        `<path d="M -24 10 C -34 26 -37 46 -34 64 L -24 62 C -28 44 -26 26 -18 10 Z" fill="${look.skinShade}" opacity="0.35"/>`,
    ) +
    // Palm to the viewer, fingers spread: wave.
    hand(
      'open',
      finger(look, '-27 60, -40 96', 17) +
        finger(look, '-10 66, -15 124', 18.5) +
        finger(look, '9 66, 11 130', 19) +
        finger(look, '26 62, 36 116', 18.5) +
        finger(look, '22 22, 50 40, 62 72', 20) +
        palm(look, 'M -21 -14 L -24 10 C -36 26 -40 48 -36 64 C -16 80 20 80 37 66 C 42 46 36 24 22 8 L 21 -14 Z') +
        patch(look, 'M -34 46 L -36 72 L 36 76 L 38 50 Z M 14 14 L 38 30 L 30 54 L 8 44 Z') +
        crease(look, 'M -26 52 C -10 44 12 48 28 58 M 8 14 C 22 26 26 38 22 52', 0.7) +
        `<ellipse cx="0" cy="34" rx="22" ry="20" fill="${look.blush}" opacity="0.18"/>`,
    ) +
    // Flat palm offered, thumb up: present.
    hand(
      'palm',
      finger(look, '-24 56, -30 96, -22 118', 17) +
        finger(look, '-10 60, -12 108, -6 132', 18) +
        finger(look, '6 60, 6 112, 10 136', 18.5) +
        finger(look, '22 58, 26 104, 28 124', 18) +
        finger(look, '20 16, 46 26, 64 50', 19.5) +
        palm(look, 'M -21 -14 L -24 10 C -34 26 -36 46 -33 62 C -14 74 18 74 34 62 C 38 44 34 24 22 8 L 21 -14 Z') +
        patch(look, 'M -31 42 L -32 74 L 33 76 L 35 46 Z M 12 10 L 36 22 L 30 50 L 6 40 Z') +
        crease(look, 'M -24 50 C -8 42 12 46 26 54 M 8 12 C 20 22 26 34 22 48', 0.7) +
        `<ellipse cx="0" cy="32" rx="20" ry="20" fill="${look.blush}" opacity="0.18"/>`,
    ) +
    // Index finger out, the others curled.
    hand(
      'point',
      finger(look, '22 54, 26 96, 27 134', 18.5, true) +
        palm(look, 'M -21 -14 L -24 12 C -35 26 -38 46 -34 62 C -16 74 18 74 35 62 C 38 44 32 24 22 10 L 21 -14 Z') +
        finger(look, '-25 58, -27 70, -20 74', 18) +
        finger(look, '-9 62, -10 80, -3 82', 19) +
        finger(look, '9 62, 10 82, 14 82', 19) +
        patch(look, 'M -30 36 L -32 62 L 33 64 L 34 38 Z') +
        finger(look, '22 18, 34 44, 10 62', 19, true) +
        patch(look, 'M -20 -8 L -22 14 L 24 26 L 20 8 L 20 -10 Z'),
    ) +
    // Fist with the thumb out.
    hand(
      'thumb',
      finger(look, '16 22, 40 24, 82 24', 21, true) +
        palm(look, 'M -21 -14 L -24 10 C -36 22 -38 46 -32 62 C -14 70 16 72 32 60 C 38 44 34 22 22 8 L 21 -14 Z') +
        finger(look, '28 46, 34 74, 4 74', 19) +
        finger(look, '12 50, 14 82, -12 76', 19) +
        finger(look, '-6 52, -6 82, -22 72', 18) +
        finger(look, '-22 50, -26 74, -32 62', 16) +
        patch(look, 'M -32 20 L -34 54 L 33 54 L 30 14 Z') +
        crease(look, 'M 14 30 C 22 36 30 36 36 32', 0.8),
    ) +
    // Loosely curled, knuckle to the chin: think.
    hand(
      'chin',
      finger(look, '16 20, 38 50, 30 92', 19, true) +
        palm(look, 'M -21 -14 L -24 12 C -35 26 -38 46 -34 62 C -16 74 18 74 34 62 C 38 44 32 24 22 10 L 21 -14 Z') +
        finger(look, '18 56, 10 92, -8 96', 18) +
        finger(look, '2 58, -6 88, -20 86', 18) +
        finger(look, '-12 58, -20 80, -30 74', 17) +
        finger(look, '-24 52, -32 66, -36 58', 16) +
        patch(look, 'M -30 20 L -33 58 L 26 64 L 30 24 Z') +
        crease(look, 'M 20 24 C 26 36 28 48 26 58', 0.7),
    )
  );
}
