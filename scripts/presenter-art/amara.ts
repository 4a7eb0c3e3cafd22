import { face, features, neck, type FaceShape } from './head.js';
import { both, gradient, type Look } from './look.js';

const SHAPE: FaceShape = { temple: 110, cheek: 111, jaw: 85, jawY: 405, chinY: 464, chin: 38 };

const HAIR = '#2a1b1c';
const HAIR_LIGHT = '#6b4640';
const HAIR_DARK = '#190f11';
const KNIT = '#f0b03f';
const KNIT_SHADE = '#c27d1d';
const KNIT_LIGHT = '#ffd685';
const FRAME = '#1f6f74';

export const amara: Look = {
  name: 'amara',
  title: 'Amara',
  ageYears: 31,
  voices: { en: { name: 'flite-slt', pitch: 0.99 }, '*': { name: 'f4', pitch: 1.04 } },
  skin: '#8d5537',
  skinShade: '#663722',
  skinLight: '#a66b48',
  blush: '#c4543d',
  lip: '#a8434a',
  lipShade: '#84303a',
  lipLight: '#e08f8a',
  brow: '#22150f',
  iris: '#3a1f14',
  irisLight: '#7d4a2a',
  lash: '#150c0b',
  eye: { halfWidth: 29, lid: 17, rise: 4, lashWidth: 5, spacing: 51, y: 326 },
  browShape: { halfWidth: 33, thickness: 7.5, arch: 11, y: 278, spacing: 53 },
  mouth: { halfWidth: 33, upper: 8.5, lower: 11, y: 411, smile: 8 },
  sleeve: KNIT,
  sleeveShade: KNIT_SHADE,
  sleeveLight: KNIT_LIGHT,
  cuff: '#e09a2c',
  nails: '#f4c9b0',
  arm: { shoulder: 50, elbow: 45, wrist: 37, upperLength: 258, foreLength: 222 },
  shoulder: [668, 636],
  handScale: 0.95,
  dimples: true,
  draw: { hairBack, body, head, features: details, hairFront, eyewear },
};

/** The outline of a cloud of curls: bumps on an ellipse, uneven by a fixed pattern. */
function cloud(cx: number, cy: number, rx: number, ry: number, from: number, to: number, bumps: number): string {
  const at = (i: number): [number, number] => {
    const angle = ((from + ((to - from) * i) / bumps) * Math.PI) / 180;
    const wobble = 1 + 0.025 * Math.sin(i * 2.7) + 0.02 * Math.cos(i * 1.3);
    return [cx + rx * wobble * Math.cos(angle), cy + ry * wobble * Math.sin(angle)];
  };
  const points = Array.from({ length: bumps + 1 }, (_, i) => at(i));
  return points
    .map(([x, y], i) => {
      if (i === 0) return `M ${x.toFixed(1)} ${y.toFixed(1)}`;
      const [px, py] = points[i - 1]!;
      const r = Math.hypot(x - px, y - py) * 0.56;
      return `A ${r.toFixed(1)} ${r.toFixed(1)} 0 0 1 ${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join(' ');
}

/** Small curls, laid out on rings by a fixed pattern. */
function curls(cx: number, cy: number, rings: readonly (readonly [number, number, number, number])[]): string {
  let d = '';
  for (const [rx, ry, count, phase] of rings) {
    for (let i = 0; i < count; i += 1) {
      const angle = ((phase + (i * 360) / count) * Math.PI) / 180;
      const x = cx + rx * Math.cos(angle);
      const y = cy + ry * Math.sin(angle);
      const s = 9 + 3 * Math.sin(i * 1.9 + phase);
      d += `M ${(x - s).toFixed(1)} ${y.toFixed(1)} q ${s.toFixed(1)} ${(-1.5 * s).toFixed(1)} ${(2 * s).toFixed(1)} ${(i % 3) - 1} `;
    }
  }
  return d;
}

function hairBack(): string {
  return (
    `<defs>${gradient(
      'afro',
      [
        [0, '#4a302d'],
        [0.35, HAIR],
        [1, HAIR_DARK],
      ],
      'x1="0.3" y1="0" x2="0.6" y2="1"',
    )}</defs>` +
    `<path d="${cloud(500, 278, 192, 176, 90, 450, 30)} Z" fill="url(#afro)"/>` +
    `<path d="${curls(500, 278, [
      [166, 152, 22, 4],
      [138, 126, 18, 12],
    ])}" fill="none" stroke="${HAIR_LIGHT}" stroke-width="4" stroke-linecap="round" opacity="0.5"/>` +
    `<path d="M 366 214 C 382 172 414 142 456 130" fill="none" stroke="${HAIR_LIGHT}" stroke-width="12" stroke-linecap="round" opacity="0.4"/>`
  );
}

function body(): string {
  let ribs = '';
  for (let x = 520; x <= 690; x += 17) ribs += `M ${x} 1330 L ${x + (x - 500) * 0.02} 1400 `;
  return (
    `<defs>${gradient('knit', [
      [0, KNIT],
      [0.55, KNIT],
      [1, '#dc9a2d'],
    ])}${gradient('tee', [
      [0, '#2b8f93'],
      [1, '#1b6a70'],
    ])}</defs>` +
    neck(amara, 48, 720, 104, 438) +
    // Tee with a round neck.
    `<path d="M 410 536 C 424 606 466 632 500 632 C 534 632 576 606 590 536 L 640 570 L 640 1400 L 360 1400 L 360 570 Z" fill="url(#tee)"/>` +
    `<path d="M 410 536 C 424 606 466 632 500 632 C 534 632 576 606 590 536" fill="none" stroke="#1a5f65" stroke-width="12"/>` +
    `<path d="M 412 530 C 428 598 468 622 500 622 C 532 622 572 598 588 530" fill="none" stroke="#4db3b3" stroke-width="3" opacity="0.7"/>` +
    `<path d="M 452 700 C 458 800 462 900 456 1010 M 552 690 C 546 780 540 860 544 960" stroke="#17585e" stroke-width="5" fill="none" stroke-linecap="round" opacity="0.5"/>` +
    // Beads.
    `<g fill="#f4c95f">${Array.from({ length: 13 }, (_, i) => {
      const t = (i - 6) / 6;
      return `<circle cx="${(500 + 62 * t).toFixed(1)}" cy="${(598 - 58 * t * t).toFixed(1)}" r="${i === 6 ? 10 : 6.5}"/>`;
    }).join('')}</g>` +
    // Cardigan.
    both(
      `<path d="M 578 524 C 606 542 648 558 680 578 C 718 600 728 642 718 708 C 710 792 672 884 666 972 C 668 1075 698 1180 706 1400 L 556 1400 C 560 1200 562 1080 566 980 C 574 820 602 680 578 524 Z" fill="url(#knit)"/><path d="M 578 524 C 606 542 648 558 680 578 C 718 600 728 642 718 708 C 710 792 672 884 666 972 C 668 1075 698 1180 706 1404" fill="none" stroke="${KNIT_SHADE}" stroke-width="3.4"/>` +
        `<path d="M 718 708 C 710 792 672 884 666 972 C 668 1075 698 1180 706 1400 L 656 1400 C 650 1200 634 1080 640 972 C 648 884 690 792 706 694 Z" fill="${KNIT_SHADE}" opacity="0.45"/>` +
        `<path d="M 664 646 C 658 720 640 800 622 850" fill="none" stroke="${KNIT_SHADE}" stroke-width="4" opacity="0.4" stroke-linecap="round"/>` +
        // Button band.
        `<path d="M 578 524 C 602 680 574 820 566 980 C 562 1080 560 1200 556 1400 L 586 1400 C 590 1200 592 1080 596 982 C 604 830 636 680 604 540 Z" fill="#e5a235" stroke="${KNIT_SHADE}" stroke-width="3" stroke-linejoin="round"/>` +
        `<path d="M 556 1400 C 560 1200 562 1080 566 980 C 574 820 602 680 578 524 L 566 560 C 584 690 558 820 548 980 C 544 1080 540 1200 536 1400 Z" fill="#0e3f44" opacity="0.35"/>` +
        `<path d="M 618 1150 L 682 1142 L 690 1250 L 622 1256 Z" fill="#eba93a" stroke="${KNIT_SHADE}" stroke-width="3" stroke-linejoin="round"/>`,
    ) +
    `<g fill="#7a4a12"><circle cx="595" cy="760" r="8"/><circle cx="584" cy="900" r="8"/><circle cx="577" cy="1060" r="8"/><circle cx="573" cy="1210" r="8"/></g>`
  );
}

function head(): string {
  return (
    face(amara, SHAPE, true) +
    both(
      `<circle cx="616" cy="394" r="21" fill="none" stroke="#c8922f" stroke-width="7"/><circle cx="616" cy="394" r="21" fill="none" stroke="#f6d27a" stroke-width="2.5"/>`,
    )
  );
}

function details(): string {
  return features(amara, { y: 364, width: 22, bridge: 11 }, 378, 66, 0.4);
}

function hairFront(): string {
  return (
    `<defs>${gradient('fringe', [
      [0, '#4a302d'],
      [1, HAIR],
    ])}</defs>` +
    `<path d="${cloud(500, 262, 120, 74, 180, 360, 13)} C 612 220 590 196 560 204 C 540 190 520 206 500 196 C 478 206 458 192 440 206 C 412 198 392 224 380 262 Z" fill="url(#fringe)"/>` +
    `<path d="M 376 250 C 380 170 440 130 500 130 C 560 130 620 170 624 250 L 610 240 C 600 180 560 168 500 168 C 440 168 400 180 390 240 Z" fill="${HAIR}"/><path d="M 384 262 a 17 17 0 0 0 16 -28 a 18 18 0 0 0 24 -22 a 18 18 0 0 0 30 -12 a 20 20 0 0 0 34 -6 a 20 20 0 0 0 34 2 a 20 20 0 0 0 34 8 a 18 18 0 0 0 26 16 a 17 17 0 0 0 20 24 a 16 16 0 0 0 14 18 L 620 200 L 500 150 L 380 200 Z" fill="${HAIR}"/>` +
    `<path d="M 404 222 q 9 -14 18 -1 M 430 190 q 10 -15 20 -1 M 466 172 q 10 -15 20 0 M 508 168 q 10 -15 20 1 M 548 178 q 9 -14 18 1 M 578 206 q 8 -13 16 2" fill="none" stroke="${HAIR_LIGHT}" stroke-width="3.5" stroke-linecap="round" opacity="0.5"/>`
  );
}

function eyewear(): string {
  const lens =
    `<rect x="509" y="291" width="88" height="72" rx="32" fill="#ffffff" fill-opacity="0.1" stroke="${FRAME}" stroke-width="7"/>` +
    `<path d="M 524 316 C 528 306 538 301 550 300" fill="none" stroke="#ffffff" stroke-width="4" stroke-linecap="round" opacity="0.32"/>` +
    `<path d="M 597 314 L 612 308" stroke="${FRAME}" stroke-width="7" stroke-linecap="round"/>`;
  return (
    both(lens) +
    `<path d="M 491 318 Q 500 308 509 318" fill="none" stroke="${FRAME}" stroke-width="7" stroke-linecap="round"/>`
  );
}
