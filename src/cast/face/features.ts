import { lightness, mix, type Tone } from '../draw/colours.js';
import { dot, fill, glow, gradient, line, n, oval, radial, softFill, softLine } from '../draw/light.js';
import type { Person } from '../person.js';

export const BEARDS = ['none', 'stubble', 'moustache', 'goatee', 'short', 'full', 'long', 'chin-strap'] as const;
type Beard = (typeof BEARDS)[number];

const n2 = (v: number): number => Math.round(v * 100) / 100;

/** Beard and moustache, drawn on the head so that they follow the jaw. `under` goes below the face's clip. */
export function beard(p: Person, kind: Beard, tone: Tone): { readonly on: string; readonly below: string } {
  if (kind === 'none') return { on: '', below: '' };
  const { mouth, face: f, nose } = p;
  const y = mouth.y;
  const w = mouth.halfWidth;
  const x = (v: number): string => n(500 + v);
  const top = nose.y + 17;
  const defs = `<defs>${gradient('beard', [
    [0, tone.base, 0.12],
    [0.34, tone.base, 0.86],
    [1, tone.shade, 0.97],
  ])}</defs>`;
  const moustache = (thick: number, droop: number): string =>
    fill(
      `M 500 ${n(top + 2)} C ${x(10)} ${n(top - 3)} ${x(w * 0.7)} ${n(top + 2)} ${x(w + 8)} ${n(y - 4 + droop)} C ${x(w * 0.8)} ${n(y - 6 + thick * 0.3)} ${x(w * 0.4)} ${n(y - 9 + thick * 0.4)} 500 ${n(top + 8 + thick * 0.3)} ` +
        `C ${x(-w * 0.4)} ${n(y - 9 + thick * 0.4)} ${x(-w * 0.8)} ${n(y - 6 + thick * 0.3)} ${x(-w - 8)} ${n(y - 4 + droop)} C ${x(-w * 0.7)} ${n(top + 2)} ${x(-10)} ${n(top - 3)} 500 ${n(top + 2)} Z`,
      tone.base,
      0.94,
    ) +
    line(
      `M ${x(8)} ${n(top + 4)} q 14 2 22 10 M ${x(-8)} ${n(top + 4)} q -14 2 -22 10 M ${x(3)} ${n(top + 4)} q 8 4 14 10 M ${x(-3)} ${n(top + 4)} q -8 4 -14 10`,
      tone.light,
      1.4,
      0.4,
    );
  const inner = `M ${x(w - 1)} ${n(y - 5)} C ${x(w - 2)} ${n(y + 10)} ${x(w * 0.6)} ${n(y + 14)} 500 ${n(y + 14)} C ${x(-w * 0.6)} ${n(y + 14)} ${x(-w + 2)} ${n(y + 10)} ${x(1 - w)} ${n(y - 5)}`;
  const cover = (sideY: number, cheekIn: number): string =>
    `M ${x(-f.temple - 6)} ${sideY} C ${x(-f.cheek + 4)} 340 ${x(-f.jaw + cheekIn * 0.3)} 372 ${x(-w - cheekIn)} ${n(y - 12)} C ${x(-w - 6)} ${n(top + 8)} ${x(-12)} ${n(top - 2)} 500 ${n(top + 4)} ` +
    `C ${x(12)} ${n(top - 2)} ${x(w + 6)} ${n(top + 8)} ${x(w + cheekIn)} ${n(y - 12)} C ${x(f.jaw - cheekIn * 0.3)} 372 ${x(f.cheek - 4)} 340 ${x(f.temple + 6)} ${sideY} L 640 520 L 360 520 Z ${inner} Z`;
  const patch = fill(
    `M ${x(-7)} ${n(y + 14)} Q 500 ${n(y + 12)} ${x(7)} ${n(y + 14)} L ${x(5)} ${n(y + 30)} L ${x(-5)} ${n(y + 30)} Z`,
    tone.base,
    0.75,
  );
  const hairs = (): string => {
    let d = '';
    for (let i = 0; i < 26; i += 1) {
      const a = -1.25 + (2.5 * i) / 25;
      const r = 0.86 + 0.1 * Math.sin(i * 5.1);
      const px = 500 + Math.sin(a) * f.jaw * r;
      const py = y - 4 + Math.cos(a) * (f.chinY - y) * r;
      d += `M ${n(px)} ${n(py)} l ${n(Math.sin(a) * 3)} 9 `;
    }
    return line(d, mix(tone.light, tone.base, 0.3), 1.5, 0.45);
  };
  const solid = (d: string, opacity: number): string =>
    `<g fill-rule="evenodd" fill="url(#beard)" stroke="${tone.base}" fill-opacity="${n2(opacity * 0.8)}" stroke-opacity="${n2(opacity * 0.16)}"><path d="${d}" stroke-width="13"/><path d="${d}" stroke-width="7" fill="none"/><path d="${d}" stroke-width="3" fill="none"/></g>`;
  switch (kind) {
    case 'stubble':
      return { on: `${defs}${solid(cover(318, 22), 0.34)}`, below: '' };
    case 'moustache':
      return { on: moustache(9, 3), below: '' };
    case 'goatee':
      return {
        on: `${defs}${moustache(6, 6)}${fill(`M ${x(-w - 7)} ${n(y)} C ${x(-w - 5)} ${n(y + 30)} ${x(-f.chin * 0.8)} ${f.chinY + 4} 500 ${f.chinY + 6} C ${x(f.chin * 0.8)} ${f.chinY + 4} ${x(w + 5)} ${n(y + 30)} ${x(w + 7)} ${n(y)} C ${x(w - 2)} ${n(y + 24)} ${x(w * 0.5)} ${n(y + 22)} 500 ${n(y + 21)} C ${x(-w * 0.5)} ${n(y + 22)} ${x(-w + 2)} ${n(y + 24)} ${x(-w - 7)} ${n(y)} Z`, tone.base, 0.9)}${patch}`,
        below: '',
      };
    case 'chin-strap':
      return { on: `${defs}<g>${solid(`${cover(300, 40)}`, 0.55)}</g>${moustache(5, 3)}`, below: '' };
    case 'short':
      return { on: `${defs}${solid(cover(300, 22), 0.92)}${moustache(7, 4)}${patch}${hairs()}`, below: '' };
    case 'full':
    case 'long': {
      const drop = kind === 'long' ? 62 : 18;
      const below =
        `<defs>${gradient('beardlow', [
          [0, tone.base],
          [1, tone.shade],
        ])}</defs>` +
        `<path d="M ${x(-f.jaw - 3)} ${f.jawY - 24} C ${x(-f.jaw + 2)} ${n(f.chinY + drop * 0.3)} ${x(-f.chin - 8)} ${n(f.chinY + drop)} 500 ${n(f.chinY + drop)} C ${x(f.chin + 8)} ${n(f.chinY + drop)} ${x(f.jaw - 2)} ${n(f.chinY + drop * 0.3)} ${x(f.jaw + 3)} ${f.jawY - 24} Z" fill="url(#beardlow)"/>`;
      return { on: `${defs}${solid(cover(296, 20), 0.97)}${moustache(9, 6)}${patch}${hairs()}`, below };
    }
  }
}

/** Brows at four heights; of a thinking face one drops. */
export function allBrows(p: Person): string {
  const { halfWidth: w, thickness: t, arch, tilt, y, spacing } = p.brows;
  const brow = (lift: number, bend: number): string => {
    const inner = 1 - bend;
    const d =
      `M ${n(-w)} ${n(inner)} C ${n(-w * 0.45)} ${n(-arch * 0.82 - bend * 0.4)} ${n(w * 0.25)} ${n(-arch * 1.3 - tilt * 0.5)} ${n(w)} ${n(3 - tilt)} ` +
      `C ${n(w * 0.4)} ${n(-arch * 1.15 + t * 0.72 - tilt * 0.4)} ${n(-w * 0.3)} ${n(-arch * 0.66 + t - bend * 0.4)} ${n(-w + 2)} ${n(inner + t * 0.95)} Q ${n(-w - 3)} ${n(inner + t * 0.5)} ${n(-w)} ${n(inner)} Z`;
    let hairs = '';
    for (let i = 0; i < 8; i += 1) {
      const u = i / 8;
      const x = -w + 3 + u * w * 1.5;
      const top = inner - arch * 0.9 * Math.sin(u * 1.9);
      hairs += `M ${n(x)} ${n(top + t * 0.9)} l ${n(1.4 + 4.6 * u)} ${n(-t * 0.8 + 3 * u)} `;
    }
    return (
      `<g transform="translate(0 ${n(-lift)})"><path d="${d}" fill="${p.brow}" fill-opacity="0.86"/>` +
      line(hairs, mix(p.brow, '#000000', 0.3), 1.2, 0.45) +
      `</g>`
    );
  };
  const pair = (id: string, right: string, left: string): string =>
    `<g id="${id}"><g transform="translate(${n(500 + spacing)} ${y}) scale(0.93 1)">${right}</g><g transform="translate(${n(500 - spacing)} ${y}) scale(-1 1)">${left}</g></g>`;
  return (
    pair('neutral', brow(0, 0), brow(0, 0)) +
    pair('lifted', brow(4, 0.5), brow(4, 0.5)) +
    pair('raised', brow(9, 1), brow(9, 1)) +
    pair('think', brow(8, 0), brow(-2, -3))
  );
}

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

/** Nose, cheeks, freckles and the lines of age: all that slides over the face when the head turns. */
export function features(p: Person): string {
  const { skin, makeup } = p;
  const y = p.eye.y + 48;
  const x = p.face.cheek * 0.6;
  return (
    `<defs>${glow('blush', skin.blush, (p.female ? 0.36 : 0.22) + 0.12 * makeup)}${glow('apple', skin.light, 0.7)}${glow('glint', '#ffffff', skin.rimOpacity > 0.5 ? 0.4 : 0.5)}</defs>` +
    oval(496 - x, y, 38, 27, 'url(#blush)') +
    oval(502 + x, y, 31, 25, 'url(#blush)') +
    `<g transform="rotate(-18 ${n(497 - x)} ${n(y - 20)})">${oval(497 - x, y - 20, 26, 13, 'url(#apple)', 0.75)}${oval(490 - x, y - 24, 11, 6, 'url(#glint)', 0.8)}</g>` +
    (p.marks.freckles ? freckles(p) : '') +
    ageLines(p) +
    noseShape(p) +
    (p.marks.mole === null ? '' : dot(p.marks.mole[0], p.marks.mole[1], 2.6, skin.deep, 0.85))
  );
}

/** A nose made by light: a lit bridge, its shaded side, tip, shadow below and two soft nostrils; no line around it. */
function noseShape(p: Person): string {
  const { skin, nose } = p;
  const { y, width: w, tip, bend } = nose;
  const at = (v: number): string => n(503 + v);
  const side = 6 + tip * 2 + bend * 2;
  const top = p.eye.y - 26;
  const bridge = 0.3 + 0.32 * nose.bridge;
  const shaded = `M ${at(14)} ${n(top)} C ${at(10)} ${n(top + 24)} ${at(side + 3)} ${y - 40} ${at(side + 2)} ${y - 20} C ${at(w * 0.8)} ${y - 16} ${at(w * 0.98)} ${y - 4} ${at(w * 0.9)} ${y + 2} L ${at(w * 0.4)} ${y} C ${at(8)} ${y - 20} ${at(7)} ${n(top + 40)} ${at(14)} ${n(top)} Z`;
  const under = `M ${at(-w * 0.86)} ${y + 1} C ${at(-w * 0.5)} ${n(y + 10)} ${at(-w * 0.22)} ${y + 7} ${at(0)} ${n(y + 11 + tip)} C ${at(w * 0.24)} ${y + 7} ${at(w * 0.56)} ${n(y + 10)} ${at(w * 0.88)} ${y} C ${at(w * 0.74)} ${n(y + 17)} ${at(-w * 0.74)} ${n(y + 17)} ${at(-w * 0.86)} ${y + 1} Z`;
  const nostril = (s: 1 | -1): string =>
    `M ${at(s * w * 0.2)} ${n(y + 5.4)} q ${n(s * 4.4)} -4.6 ${n(s * (4.6 + w * 0.22))} 0.6 q ${n(s * -4)} 3.4 ${n(s * -(4.6 + w * 0.22))} -0.6 Z`;
  const wing = (s: 1 | -1): string => `M ${at(s * (w - 2))} ${y - 9} q ${n(s * 5)} 7 ${n(s * -2.4)} 13`;
  return (
    softFill(shaded, skin.shade, 3.4, bridge) +
    softLine(`M ${at(-8)} ${n(top + 2)} Q ${at(-5)} ${n(top + 18)} ${at(-3)} ${n(top + 34)}`, skin.shade, 5, 3, 0.24) +
    softLine(
      `M ${at(3 + bend)} ${n(top + 10)} Q ${at(4 + bend * 3)} ${y - 40} ${at(1)} ${y - 22}`,
      skin.light,
      6,
      3.4,
      0.46,
    ) +
    softFill(under, skin.shade, 2, 0.6) +
    `<path d="${nostril(1)} ${nostril(-1)}" fill="${skin.deep}" fill-opacity="0.72"/>` +
    softLine(`${wing(1)} ${wing(-1)}`, skin.shade, 2.6, 1.2, 0.7) +
    oval(503, y - 7, 10 + 4 * tip, 8 + 2 * tip, 'url(#apple)') +
    oval(500, y - 9, 7, 5.4, 'url(#glint)', 0.95) +
    // The groove of the upper lip.
    softLine(
      `M ${at(-5)} ${y + 17} q -1.4 5 -1.4 ${n(p.mouth.y - y - 28)} M ${at(6)} ${y + 17} q 1.4 5 1.4 ${n(p.mouth.y - y - 28)}`,
      skin.shade,
      2.2,
      1.2,
      0.26,
    )
  );
}

function freckles(p: Person): string {
  let out = '';
  for (let i = 0; i < 26; i += 1) {
    const side = i % 2 === 0 ? 1 : -1;
    const a = i * 2.399;
    const r = Math.sqrt((i + 1) / 26);
    out += dot(
      500 + side * 44 + 34 * r * Math.cos(a),
      358 + 15 * r * Math.sin(a),
      1.3 + (i % 3) * 0.4,
      p.skin.deep,
      0.42,
    );
  }
  return out;
}

/** Folds beside nose and mouth, under the eyes, at their corners and across the forehead. */
function ageLines(p: Person): string {
  const { aged, skin, mouth, nose, eye } = p;
  if (aged <= 0) return '';
  const lines = (opacity: number, width: number, d: string): string =>
    softLine(d, skin.shade, width, 1.6, Math.min(0.8, opacity * aged * 2.1));
  const w = nose.width;
  const m = mouth.halfWidth;
  const e = eye.spacing;
  return (
    lines(
      0.34,
      2.4,
      `M ${n(500 + w + 6)} ${nose.y - 4} C ${n(500 + w + 15)} ${nose.y + 12} ${n(500 + m + 10)} ${mouth.y - 22} ${n(500 + m + 13)} ${mouth.y - 3} M ${n(500 - w - 6)} ${nose.y - 4} C ${n(500 - w - 15)} ${nose.y + 12} ${n(500 - m - 10)} ${mouth.y - 22} ${n(500 - m - 13)} ${mouth.y - 3}`,
    ) +
    lines(
      0.34,
      2,
      `M ${n(500 - e - 18)} ${eye.y + 20} Q ${n(500 - e + 2)} ${eye.y + 30} ${n(500 - e + 22)} ${eye.y + 20} M ${n(500 + e - 22)} ${eye.y + 20} Q ${n(500 + e - 2)} ${eye.y + 30} ${n(500 + e + 18)} ${eye.y + 20}`,
    ) +
    (aged < 0.45
      ? ''
      : lines(
          0.42,
          2,
          `M ${n(500 + e + 34)} ${eye.y - 4} l 12 -6 M ${n(500 + e + 35)} ${eye.y + 4} l 13 1 M ${n(500 + e + 33)} ${eye.y + 11} l 11 6 M ${n(500 - e - 34)} ${eye.y - 4} l -12 -6 M ${n(500 - e - 35)} ${eye.y + 4} l -13 1 M ${n(500 - e - 33)} ${eye.y + 11} l -11 6`,
        ) +
        lines(0.2, 2.2, `M 456 240 Q 500 233 546 240 M 460 254 Q 500 248 540 254`) +
        (p.bearded
          ? ''
          : lines(
              0.28,
              2.4,
              `M ${n(500 - m - 8)} ${mouth.y + 14} q -4 12 2 22 M ${n(500 + m + 8)} ${mouth.y + 14} q 4 12 -2 22`,
            )))
  );
}
