import { face, features, neck, type FaceShape } from './head.js';
import { both, gradient, type Look } from './look.js';

const SHAPE: FaceShape = { temple: 112, cheek: 113, jaw: 84, jawY: 404, chinY: 466, chin: 36 };

const HAIR = '#2c2026';
const HAIR_LIGHT = '#5d4650';
const HAIR_DARK = '#1b1317';
const COAT = '#e4685c';
const COAT_SHADE = '#b8453f';
const COAT_LIGHT = '#f39283';

export const mei: Look = {
  name: 'mei',
  title: 'Mei',
  ageYears: 29,
  voices: { en: { name: 'flite-slt', pitch: 1.1 }, '*': { name: 'f2' } },
  skin: '#fbdcc5',
  skinShade: '#e5ad90',
  skinLight: '#ffeadb',
  blush: '#f2837b',
  lip: '#e06a6c',
  lipShade: '#c9505a',
  lipLight: '#ffb9b0',
  brow: '#3b2a2e',
  iris: '#4b2d22',
  irisLight: '#8a5638',
  lash: '#20151a',
  eye: { halfWidth: 29, lid: 17.5, rise: 7, lashWidth: 5, spacing: 51, y: 326 },
  browShape: { halfWidth: 33, thickness: 6.5, arch: 8, y: 284, spacing: 54 },
  mouth: { halfWidth: 29, upper: 6.5, lower: 9, y: 413, smile: 7.5 },
  sleeve: COAT,
  sleeveShade: COAT_SHADE,
  sleeveLight: COAT_LIGHT,
  cuff: '#fff8f0',
  nails: '#e8808a',
  arm: { shoulder: 48, elbow: 42, wrist: 33, upperLength: 258, foreLength: 222 },
  shoulder: [662, 634],
  handScale: 0.94,
  dimples: true,
  draw: { hairBack, body, head, features: details, hairFront },
};

function hairBack(): string {
  return (
    `<defs>${gradient('back', [
      [0, HAIR_DARK],
      [0.7, HAIR],
      [1, '#3a2a31'],
    ])}</defs>` +
    `<path d="M 500 150 C 400 150 356 240 358 350 C 358 430 348 490 356 548 C 366 586 420 592 448 572 L 552 572 C 580 592 634 586 644 548 C 652 490 642 430 642 350 C 644 240 600 150 500 150 Z" fill="url(#back)"/>`
  );
}

function body(): string {
  const lapel =
    `<path d="M 562 516 C 588 534 606 546 626 560 L 648 668 L 606 676 L 624 706 L 503 944 C 530 800 552 650 562 516 Z" fill="${COAT}" stroke="${COAT_SHADE}" stroke-width="3.5" stroke-linejoin="round"/>` +
    `<path d="M 562 516 C 556 640 536 780 506 930 C 528 800 546 650 562 516 Z" fill="${COAT_LIGHT}" opacity="0.55"/>`;
  return (
    `<defs>${gradient('coat', [
      [0, COAT],
      [0.55, COAT],
      [1, '#cf544b'],
    ])}${gradient('blouse', [
      [0, '#fffdf9'],
      [1, '#efe3d8'],
    ])}</defs>` +
    neck(mei, 47, 690, 96, 440) +
    // Blouse with its open collar.
    `<path d="M 436 528 L 500 690 L 564 528 L 600 560 L 560 980 L 440 980 L 400 560 Z" fill="url(#blouse)"/>` +
    `<path d="M 500 690 L 500 960" stroke="#d9c8ba" stroke-width="3"/>` +
    `<path d="M 470 700 C 476 780 480 860 486 930 M 540 720 C 532 800 524 860 516 920" stroke="#e2d3c6" stroke-width="4" fill="none" stroke-linecap="round"/>` +
    both(
      `<path d="M 558 512 C 566 536 560 570 500 692 L 540 716 C 566 660 586 610 592 548 Z" fill="#ffffff"/><path d="M 500 692 L 540 716 C 566 660 586 610 592 548" fill="none" stroke="#dccbbd" stroke-width="3" stroke-linejoin="round"/>`,
    ) +
    // Necklace.
    `<path d="M 452 536 C 462 590 486 622 500 626 C 514 622 538 590 548 536" fill="none" stroke="#d9a441" stroke-width="3"/><circle cx="500" cy="632" r="7.5" fill="#e9bd58"/><circle cx="498" cy="630" r="2.5" fill="#fff4cf"/>` +
    // Coat: two fronts that meet at the button.
    both(
      `<path d="M 560 512 C 586 540 640 556 674 576 C 712 598 722 640 712 706 C 704 790 664 880 656 968 C 660 1070 690 1180 698 1400 L 500 1400 L 500 950 C 532 800 556 650 560 512 Z" fill="url(#coat)"/><path d="M 560 512 C 586 540 640 556 674 576 C 712 598 722 640 712 706 C 704 790 664 880 656 968 C 660 1070 690 1180 698 1404" fill="none" stroke="${COAT_SHADE}" stroke-width="3.4"/>`,
    ) +
    // Modelling: side shade, waist, fold lines.
    both(
      `<path d="M 712 706 C 704 790 664 880 656 968 C 660 1070 690 1180 698 1400 L 640 1400 C 640 1200 620 1080 626 968 C 634 880 684 790 700 690 Z" fill="${COAT_SHADE}" opacity="0.42"/>` +
        `<path d="M 660 640 C 652 720 630 800 604 860" fill="none" stroke="${COAT_SHADE}" stroke-width="4" opacity="0.35" stroke-linecap="round"/>` +
        `<path d="M 560 1130 L 648 1112 L 650 1140 L 562 1158 Z" fill="${COAT}" stroke="${COAT_SHADE}" stroke-width="3.5" stroke-linejoin="round"/>`,
    ) +
    `<path d="M 500 948 C 502 1060 516 1180 540 1400 L 500 1400 Z" fill="${COAT_SHADE}" opacity="0.35"/>` +
    `<path d="M 500 944 C 500 1080 508 1220 524 1400" fill="none" stroke="${COAT_SHADE}" stroke-width="4"/>` +
    both(lapel) +
    `<circle cx="500" cy="975" r="12" fill="#7d2c2c"/><circle cx="497" cy="972" r="4" fill="#c96a61"/>`
  );
}

function head(): string {
  // With the shadow that the hair casts on forehead and cheeks: below the brows.
  return (
    face(mei, SHAPE, false) +
    `<path d="M 393 372 C 396 330 404 302 422 284 C 450 266 522 250 566 206 C 586 240 598 270 603 318 L 608 300 L 608 240 L 540 180 L 400 230 L 390 340 Z" fill="${mei.skinShade}" opacity="0.55"/>`
  );
}

function details(): string {
  return features(mei, { y: 368, width: 15, bridge: 9 }, 376, 62, 0.42);
}

function hairFront(): string {
  return (
    `<defs>${gradient('hair', [
      [0, '#3b2a31'],
      [0.4, HAIR],
      [1, HAIR_DARK],
    ])}${gradient(
      'sheen',
      [
        [0, HAIR_LIGHT, 0],
        [0.5, HAIR_LIGHT, 0.95],
        [1, HAIR_LIGHT, 0],
      ],
      'x1="0" y1="0" x2="1" y2="0"',
    )}</defs>` +
    `<path d="M 506 112 C 420 104 360 160 354 262 C 350 350 344 440 350 520 C 354 566 392 574 418 556 C 398 500 388 420 398 344 C 402 312 412 288 430 268 C 480 262 536 240 566 190 C 586 230 600 262 604 312 C 612 400 604 496 584 556 C 608 574 646 566 650 520 C 656 440 650 350 646 262 C 640 160 584 116 506 112 Z" fill="url(#hair)"/>` +
    // Strands and sheen.
    `<path d="M 376 270 C 392 216 440 176 520 160 C 470 190 420 224 396 300 C 388 300 378 290 376 270 Z" fill="url(#sheen)" opacity="0.75"/>` +
    `<path d="M 590 190 C 616 216 628 250 630 300 C 620 270 606 240 584 212 Z" fill="url(#sheen)" opacity="0.9"/>` +
    `<path d="M 560 186 C 510 226 460 240 420 262 M 552 170 C 500 200 440 216 404 256 M 378 330 C 370 400 370 470 382 540 M 366 350 C 360 420 358 480 364 540 M 622 330 C 630 400 630 470 618 540 M 634 350 C 640 420 642 480 636 540 M 574 180 C 600 214 616 262 618 310" fill="none" stroke="${HAIR_LIGHT}" stroke-width="2.4" stroke-linecap="round" opacity="0.5"/>` +
    `<path d="M 566 190 C 562 168 548 140 520 116" fill="none" stroke="${HAIR_DARK}" stroke-width="3.4" stroke-linecap="round"/>`
  );
}
