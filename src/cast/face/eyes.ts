import { lightness, mix } from '../draw/colours.js';
import { glow, gradient, line, n, oval, radial } from '../draw/shapes.js';
import type { Person } from '../person.js';

const lerp = (a: number, b: number, t: number): number => a + (b - a) * t;
/** The eye that is farther away is narrower. */
const FAR = 0.93;

/** All states of the eyes, each a group of its own; see EYE_STATES. */
export function allEyes(p: Person): string {
  const white = mix('#fbf6f1', p.skin.base, 0.12);
  return (
    `<defs>${radial(
      'iris',
      [
        [0, mix(p.iris, '#ffd9a0', lightness(p.iris) > 0.35 ? 0.42 : 0.36)],
        [0.5, mix(p.iris, '#ffe9c8', 0.1)],
        [0.84, p.iris],
        [1, mix(p.iris, '#0c0608', 0.66)],
      ],
      'cx="0.5" cy="0.74" r="0.62"',
    )}` +
    gradient('white', [
      [0, mix(white, '#8d7f86', 0.3)],
      [0.42, white],
      [1, mix(white, '#d9c6c0', 0.3)],
    ]) +
    glow('lidshade', p.makeup > 0.5 ? mix(p.skin.shade, '#7a3d4c', 0.4) : p.skin.shade, 0.34 + 0.4 * p.makeup) +
    `</defs>` +
    eyes(p, 'open', 1, 0, 0) +
    eyes(p, 'left', 1, -7, 0) +
    eyes(p, 'right', 1, 7, 0) +
    eyes(p, 'up', 1, 3, -4) +
    eyes(p, 'down', 0.72, 0, 4) +
    eyes(p, 'half', 0.45, 0, 2) +
    eyes(p, 'closed', 0, 0, 0)
  );
}

function eyes(p: Person, id: string, open: number, gazeX: number, gazeY: number): string {
  const { spacing, y } = p.eye;
  return (
    `<g id="${id}"><g transform="translate(${n(500 + spacing)} ${y}) scale(${FAR} 1)">${eye(p, `${id}r`, open, gazeX, gazeY, 1)}</g>` +
    `<g transform="translate(${n(500 - spacing)} ${y}) scale(-1 1)">${eye(p, `${id}l`, open, -gazeX, gazeY, -1)}</g></g>`
  );
}

/** One eye of the picture's right side around its centre; `open` 0–1, gaze in units; `side` −1 where it is mirrored. */
function eye(p: Person, id: string, open: number, gaze: number, gazeY: number, side: 1 | -1): string {
  const { halfWidth: w, lid, rise, lash, fold } = p.eye;
  const { skin } = p;
  // Eyes look parallel only when each iris stands slightly outwards of its opening's middle.
  const gx = gaze + 3.2;
  const inner = `${n(-w)} 4`;
  const outer = `${n(w)} ${n(-rise)}`;
  const shut = 1 - open;
  const top = [
    lerp(-w * 0.66, -w * 0.5, shut),
    lerp(-lid * 1.02, lid * 0.62, shut),
    lerp(w * 0.4, w * 0.5, shut),
    lerp(-lid * 1.36, lid * 0.6, shut),
  ] as const;
  const lidCurve = `C ${n(top[0])} ${n(top[1])} ${n(top[2])} ${n(top[3])} ${outer}`;
  const bottom = `C ${n(w * 0.56)} ${n(lid * 0.76)} ${n(-w * 0.46)} ${n(lid * 0.86)} ${inner}`;
  const shape = `M ${inner} ${lidCurve} ${bottom} Z`;
  const radius = Math.min(lid * 0.86, 14.4);
  const raised = fold ? 7 : 4.5;
  const crease = `M ${n(-w * 0.86)} ${n(top[1] * 0.5 - raised + 2)} C ${n(top[0] * 0.85)} ${n(top[1] - raised)} ${n(top[2])} ${n(top[3] - raised)} ${n(w * 0.98)} ${n(-rise - raised + 1)}`;
  const wing = lash * (p.female ? 1.7 : 0.5);
  const lashLine =
    `M ${n(-w - 1)} 5 ${lidCurve} l ${n(wing)} ${n(-wing * 0.55)} ` +
    `C ${n(w * 0.78)} ${n(lerp(-rise - lid * 0.5, -rise + 2, shut))} ${n(top[2])} ${n(top[3] - lash)} ${n(top[0] * 0.6)} ${n(top[1] - lash * 0.4)} C ${n(-w * 0.76)} ${n(lerp(-lid * 0.42, 7, shut))} ${n(-w)} 2.4 ${n(-w - 1)} 5 Z`;
  const iy = gazeY - 1.4;
  const ball =
    open < 0.2
      ? ''
      : `<clipPath id="c${id}"><path d="${shape}"/></clipPath><path d="${shape}" fill="url(#white)"/>` +
        `<g clip-path="url(#c${id})"><circle cx="${n(gx)}" cy="${n(iy)}" r="${n(radius)}" fill="${mix(p.iris, '#0c0608', 0.72)}"/><circle cx="${n(gx)}" cy="${n(iy)}" r="${n(radius * 0.92)}" fill="url(#iris)"/>` +
        `<circle cx="${n(gx)}" cy="${n(iy)}" r="${n(radius * 0.47)}" fill="#0d0706"/>` +
        // Shadow of the upper lid.
        `<g transform="translate(0 2.6)" fill="none" stroke="${mix(p.lash, '#2a1512', 0.5)}" stroke-opacity="0.2"><path d="M ${inner} ${lidCurve}" stroke-width="11"/><path d="M ${inner} ${lidCurve}" stroke-width="7.5"/><path d="M ${inner} ${lidCurve}" stroke-width="4"/></g>` +
        `<circle cx="${n(gx - side * radius * 0.33)}" cy="${n(iy - radius * 0.33)}" r="${n(radius * 0.25)}" fill="#ffffff" fill-opacity="0.96"/>` +
        `<circle cx="${n(gx + side * radius * 0.34)}" cy="${n(iy + radius * 0.36)}" r="${n(radius * 0.13)}" fill="#ffffff" fill-opacity="0.5"/>` +
        `<circle cx="${n(-w + 3.4)}" cy="4" r="3" fill="${mix(skin.blush, '#ffffff', 0.2)}" fill-opacity="0.65"/></g>` +
        line(`M ${n(w * 0.94)} ${n(-rise + 2)} ${bottom}`, skin.deep, 1.4, 0.4);
  return (
    oval(0, -lid * 0.9, w * 1.1, lid * 0.8, 'url(#lidshade)') +
    (open < 1
      ? `<path d="${crease} L ${outer} C ${n(top[2])} ${n(top[3])} ${n(top[0])} ${n(top[1])} ${inner} Z" fill="${mix(skin.base, skin.shade, 0.16)}" fill-opacity="0.94"/>`
      : '') +
    ball +
    line(crease, skin.deep, fold ? 1.7 : 1.4, fold ? 0.5 : 0.24) +
    line(
      `M ${n(-w * 0.62)} ${n(lid * 1.0)} Q 0 ${n(lid * 1.24)} ${n(w * 0.74)} ${n(lid * 0.74)}`,
      skin.shade,
      2.6,
      0.16 + 0.3 * p.aged,
    ) +
    `<path d="${lashLine}" fill="${p.lash}" stroke="${p.lash}" stroke-width="${p.female ? 1.2 : 0.8}" stroke-linejoin="round"/>` +
    (p.female && open > 0.3
      ? line(
          `M ${n(w * 0.72)} ${n(top[3] * 0.42 - rise * 0.4)} l 6 -5 M ${n(w * 0.9)} ${n(-rise - 2)} l 7 -4.4`,
          p.lash,
          1.6,
          0.8,
        )
      : '')
  );
}
