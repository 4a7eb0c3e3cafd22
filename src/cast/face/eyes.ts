import { lightness, mix } from '../draw/colours.js';
import { glow, gradient, line, n, radial } from '../draw/shapes.js';
import type { Person } from '../person.js';

const lerp = (a: number, b: number, t: number): number => a + (b - a) * t;

/** All states of the eyes, each a group of its own; see EYE_STATES. */
export function allEyes(p: Person): string {
  return (
    `<defs>${radial('iris', [
      [0, mix(p.iris, '#000000', 0.35)],
      [0.42, mix(p.iris, '#ffe9c8', lightness(p.iris) > 0.35 ? 0.3 : 0.22)],
      [0.78, p.iris],
      [1, mix(p.iris, '#0c0608', 0.62)],
    ])}` +
    gradient('white', [
      [0, '#cfc4c6'],
      [0.42, '#fbf8f6'],
      [1, '#f4ecea'],
    ]) +
    glow('lidshade', p.makeup > 0.5 ? mix(p.skin.shade, '#7a3d4c', 0.4) : p.skin.shade, 0.4 + 0.4 * p.makeup) +
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
    `<g id="${id}"><g transform="translate(${n(500 + spacing)} ${y})">${eye(p, `${id}r`, open, gazeX, gazeY)}</g>` +
    `<g transform="translate(${n(500 - spacing)} ${y}) scale(-1 1)">${eye(p, `${id}l`, open, -gazeX, gazeY)}</g></g>`
  );
}

/** One eye of the picture's right side around its centre; `open` 0–1, gaze in units. */
function eye(p: Person, id: string, open: number, gaze: number, gazeY: number): string {
  const { halfWidth: w, lid, rise, lash, fold } = p.eye;
  // Eyes look parallel only when each iris stands slightly outwards of its opening's middle.
  const gx = gaze + 3.4;
  const inner = `${n(-w)} 5`;
  const outer = `${n(w)} ${n(-rise)}`;
  const shut = 1 - open;
  const top = [
    lerp(-w * 0.66, -w * 0.5, shut),
    lerp(-lid * 0.92, lid * 0.62, shut),
    lerp(w * 0.36, w * 0.5, shut),
    lerp(-lid * 1.36, lid * 0.6, shut),
  ] as const;
  const lidCurve = `C ${n(top[0])} ${n(top[1])} ${n(top[2])} ${n(top[3])} ${outer}`;
  const bottom = `C ${n(w * 0.56)} ${n(lid * 0.66)} ${n(-w * 0.46)} ${n(lid * 0.78)} ${inner}`;
  const shape = `M ${inner} ${lidCurve} ${bottom} Z`;
  const radius = Math.min(lid * 0.78, w * 0.48);
  const raised = fold ? 8 : 5;
  const crease = `M ${n(-w * 0.86)} ${n(top[1] * 0.5 - raised + 2)} C ${n(top[0] * 0.85)} ${n(top[1] - raised)} ${n(top[2])} ${n(top[3] - raised)} ${n(w * 0.98)} ${n(-rise - raised + 1)}`;
  const wing = lash * (p.female ? 1.5 : 0.5);
  const lashLine =
    `M ${n(-w - 1)} 6 ${lidCurve} l ${n(wing)} ${n(-wing * 0.55)} ` +
    `C ${n(w * 0.78)} ${n(lerp(-rise - lid * 0.5, -rise + 2, shut))} ${n(top[2])} ${n(top[3] - lash)} ${n(top[0] * 0.6)} ${n(top[1] - lash * 0.5)} C ${n(-w * 0.76)} ${n(lerp(-lid * 0.42, 8, shut))} ${n(-w)} 3 ${n(-w - 1)} 6 Z`;
  const ball =
    open < 0.2
      ? ''
      : `<clipPath id="c${id}"><path d="${shape}"/></clipPath><path d="${shape}" fill="url(#white)"/>` +
        `<g clip-path="url(#c${id})"><circle cx="${n(gx)}" cy="${n(gazeY - 2)}" r="${n(radius)}" fill="url(#iris)"/>` +
        `<circle cx="${n(gx)}" cy="${n(gazeY - 2)}" r="${n(radius * 0.44)}" fill="#0d080a"/>` +
        `<path d="M ${n(-w - 4)} ${n(-lid * 1.6)} h ${n(2 * w + 8)} v ${n(lid)} C ${n(w * 0.4)} ${n(top[3] + 9)} ${n(-w * 0.5)} ${n(top[1] + 9)} ${n(-w - 4)} 9 Z" fill="${p.lash}" fill-opacity="0.26"/>` +
        `<circle cx="${n(gx + radius * 0.34)}" cy="${n(gazeY - 2 - radius * 0.42)}" r="${n(radius * 0.26)}" fill="#ffffff"/>` +
        `<circle cx="${n(gx - radius * 0.36)}" cy="${n(gazeY - 2 + radius * 0.46)}" r="${n(radius * 0.13)}" fill="#ffffff" fill-opacity="0.7"/>` +
        `<path d="M ${n(-w - 2)} 2 q 5 -1 7 3 q -3 4 -8 4 Z" fill="${mix(p.skin.blush, '#ffffff', 0.35)}" fill-opacity="0.75"/></g>` +
        line(`M ${n(w * 0.98)} ${n(-rise + 1.5)} ${bottom}`, p.skin.deep, 1.7, 0.55);
  return (
    (p.makeup > 0.15 || open < 1
      ? `<path d="${crease} L ${outer} C ${n(top[2])} ${n(top[3])} ${n(top[0])} ${n(top[1])} ${inner} Z" fill="${open < 1 ? p.skin.base : p.skin.shade}" fill-opacity="${open < 1 ? 0.9 : Math.round(35 * p.makeup) / 100}"/>`
      : '') +
    ball +
    line(crease, p.skin.deep, fold ? 2 : 1.6, fold ? 0.6 : 0.28) +
    `<path d="${lashLine}" fill="${p.lash}" stroke="${p.lash}" stroke-width="1.2" stroke-linejoin="round"/>` +
    (p.female && open > 0.3
      ? line(
          `M ${n(w * 0.72)} ${n(top[3] * 0.42 - rise * 0.4)} l 7 -6 M ${n(w * 0.9)} ${n(-rise - 2)} l 8 -5`,
          p.lash,
          1.8,
          0.85,
        )
      : '')
  );
}
