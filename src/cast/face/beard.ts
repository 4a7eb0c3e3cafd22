import { mix, type Tone } from '../draw/colours.js';
import { fill, gradient, line, n } from '../draw/shapes.js';
import type { Person } from '../person.js';

export const BEARDS = ['none', 'stubble', 'moustache', 'goatee', 'short', 'full', 'long', 'chin-strap'] as const;
export type Beard = (typeof BEARDS)[number];

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
