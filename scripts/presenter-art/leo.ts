import { face, facePath, features, neck, type FaceShape } from './head.js';
import { both, gradient, type Look } from './look.js';

const SHAPE: FaceShape = { temple: 113, cheek: 114, jaw: 88, jawY: 416, chinY: 476, chin: 44 };

const HAIR = '#6a4327';
const HAIR_LIGHT = '#a06f42';
const HAIR_DARK = '#452a18';
const COAT = '#2f4a78';
const COAT_SHADE = '#1d3054';
const COAT_LIGHT = '#5476ad';

export const leo: Look = {
  name: 'leo',
  title: 'Leo',
  ageYears: 35,
  voices: { en: { name: 'flite-rms' } },
  skin: '#f3c6a5',
  skinShade: '#d39a76',
  skinLight: '#fddcc2',
  blush: '#e07a62',
  lip: '#d98a7c',
  lipShade: '#c0695f',
  lipLight: '#eeb3a4',
  brow: '#54341f',
  iris: '#2f6478',
  irisLight: '#6fb0bd',
  lash: '#2d1d14',
  eye: { halfWidth: 27, lid: 14.5, rise: 2, lashWidth: 3.2, spacing: 52, y: 324 },
  browShape: { halfWidth: 36, thickness: 11, arch: 8, y: 283, spacing: 54 },
  mouth: { halfWidth: 33, upper: 4.6, lower: 6.6, y: 419, smile: 8 },
  sleeve: COAT,
  sleeveShade: COAT_SHADE,
  sleeveLight: COAT_LIGHT,
  cuff: '#ffffff',
  nails: null,
  arm: { shoulder: 57, elbow: 50, wrist: 39, upperLength: 272, foreLength: 232 },
  shoulder: [699, 645],
  handScale: 1.08,
  dimples: false,
  draw: { hairBack, body, head, features: details, hairFront },
};

function hairBack(): string {
  return `<path d="M 396 250 C 392 330 396 400 420 420 L 580 420 C 604 400 608 330 604 250 Z" fill="${HAIR_DARK}"/>`;
}

function body(): string {
  const lapel =
    `<path d="M 566 512 C 594 530 618 546 642 562 L 668 682 L 622 690 L 644 722 L 503 968 C 534 820 558 660 566 512 Z" fill="#38568a" stroke="${COAT_SHADE}" stroke-width="3.5" stroke-linejoin="round"/>` +
    `<path d="M 566 512 C 558 650 536 800 508 950 C 528 810 548 660 566 512 Z" fill="${COAT_LIGHT}" opacity="0.6"/>`;
  return (
    `<defs>${gradient('coat', [
      [0, COAT],
      [0.5, COAT],
      [1, '#263c64'],
    ])}${gradient('shirt', [
      [0, '#ffffff'],
      [1, '#dfe7f2'],
    ])}</defs>` +
    neck(leo, 62, 640, 96, 444) +
    `<path d="M 428 530 L 500 636 L 572 530 L 612 560 L 570 1010 L 430 1010 L 388 560 Z" fill="url(#shirt)"/>` +
    `<path d="M 500 640 L 500 980" stroke="#bccadd" stroke-width="3"/><path d="M 511 640 L 511 980" stroke="#d5dfec" stroke-width="2.5"/>` +
    `<circle cx="505.5" cy="716" r="5.5" fill="#c3d0e2"/><circle cx="505.5" cy="796" r="5.5" fill="#c3d0e2"/><circle cx="505.5" cy="876" r="5.5" fill="#c3d0e2"/>` +
    `<path d="M 462 720 C 470 800 476 880 484 950 M 552 740 C 544 820 532 880 522 940" stroke="#ccd8e8" stroke-width="4" fill="none" stroke-linecap="round"/>` +
    both(
      `<path d="M 562 490 C 572 512 566 560 501 640 L 552 690 C 578 640 596 600 604 546 Z" fill="#ffffff"/><path d="M 501 640 L 552 690 C 578 640 596 600 604 546" fill="none" stroke="#b9c8dd" stroke-width="3.5" stroke-linejoin="round"/>`,
    ) +
    both(
      `<path d="M 564 508 C 594 534 660 556 706 580 C 752 602 762 648 752 720 C 744 810 712 900 704 985 C 702 1090 716 1200 722 1400 L 500 1400 L 500 975 C 536 820 560 660 564 508 Z" fill="url(#coat)"/><path d="M 564 508 C 594 534 660 556 706 580 C 752 602 762 648 752 720 C 744 810 712 900 704 985 C 702 1090 716 1200 722 1404" fill="none" stroke="${COAT_SHADE}" stroke-width="3.4"/>`,
    ) +
    both(
      `<path d="M 752 720 C 744 810 712 900 704 985 C 702 1090 716 1200 722 1400 L 668 1400 C 668 1210 664 1100 672 985 C 680 900 722 810 738 700 Z" fill="${COAT_SHADE}" opacity="0.5"/>` +
        `<path d="M 694 650 C 684 740 660 820 632 884" fill="none" stroke="${COAT_SHADE}" stroke-width="4.5" opacity="0.45" stroke-linecap="round"/>` +
        `<path d="M 574 1150 L 672 1134 L 675 1168 L 577 1184 Z" fill="${COAT}" stroke="${COAT_SHADE}" stroke-width="4" stroke-linejoin="round"/>`,
    ) +
    `<path d="M 500 975 C 504 1080 526 1200 556 1400 L 500 1400 Z" fill="${COAT_SHADE}" opacity="0.4"/>` +
    `<path d="M 500 968 C 500 1090 512 1230 536 1400" fill="none" stroke="${COAT_SHADE}" stroke-width="4.5"/>` +
    both(lapel) +
    // Pocket square.
    `<path d="M 632 770 L 650 738 L 664 758 L 684 734 L 696 764 Z" fill="#f3b64b"/><path d="M 628 772 L 700 760 L 702 776 L 630 788 Z" fill="${COAT}" stroke="${COAT_SHADE}" stroke-width="3.5" stroke-linejoin="round"/>` +
    `<circle cx="500" cy="1000" r="12" fill="#16233d"/><circle cx="497" cy="997" r="4" fill="#6d86b3"/>`
  );
}

function head(): string {
  return (
    face(leo, SHAPE, true) +
    // A short beard, open around the mouth.
    `<defs><clipPath id="jaw"><path d="${facePath(SHAPE)}"/></clipPath>${gradient('beard', [
      [0, HAIR, 0.2],
      [0.4, '#7a5033', 0.92],
      [1, '#5a3a22', 0.96],
    ])}</defs>` +
    `<g clip-path="url(#jaw)"><path d="M 384 300 C 396 330 400 366 416 390 C 436 398 448 388 462 385 C 480 381 492 386 500 388 C 508 386 520 381 538 385 C 552 388 564 398 584 390 C 600 366 604 330 616 300 L 630 500 L 370 500 Z" fill="url(#beard)"/>` +
    `<path d="M 486 452 C 494 446 506 446 514 452 M 430 400 C 424 420 428 440 440 452 M 570 400 C 576 420 572 440 560 452 M 500 398 l 0 8" fill="none" stroke="${HAIR_DARK}" stroke-width="3" stroke-linecap="round" opacity="0.4"/></g>`
  );
}

function details(): string {
  return features(leo, { y: 368, width: 21, bridge: 12 }, 372, 72, 0.26);
}

function hairFront(): string {
  return (
    `<defs>${gradient('hair', [
      [0, '#8a5c35'],
      [0.5, HAIR],
      [1, HAIR_DARK],
    ])}</defs>` +
    `<path d="M 392 290 C 396 262 404 240 418 228 C 470 232 520 216 560 214 C 588 226 600 250 608 290 L 600 300 C 590 262 574 244 556 236 C 500 244 456 250 424 246 C 410 262 404 280 400 300 Z" fill="${leo.skinShade}" opacity="0.6"/>` +
    `<path d="M 386 322 C 374 280 370 232 382 196 C 388 150 430 112 486 104 C 520 92 578 98 604 132 C 634 158 634 236 614 322 C 606 300 604 268 590 244 C 580 228 566 218 548 214 C 516 232 464 240 422 230 C 408 246 398 280 396 300 Z" fill="url(#hair)"/>` +
    // Quiff: locks that sweep up and back.
    `<path d="M 422 230 C 410 196 430 160 470 148 C 448 176 450 206 470 232 C 452 236 436 234 422 230 Z" fill="${HAIR_LIGHT}" opacity="0.55"/>` +
    `<path d="M 470 232 C 462 196 488 160 540 150 C 512 176 508 202 520 226 C 504 230 486 232 470 232 Z" fill="${HAIR_LIGHT}" opacity="0.42"/>` +
    `<path d="M 520 226 C 516 194 540 168 588 166 C 566 182 556 200 558 216 C 548 214 534 220 520 226 Z" fill="${HAIR_LIGHT}" opacity="0.3"/>` +
    `<path d="M 404 250 C 392 220 398 180 424 154 M 436 230 C 430 198 446 168 476 150 M 488 230 C 482 198 504 168 546 152 M 536 220 C 536 196 556 176 592 168 M 598 250 C 612 226 618 196 606 168" fill="none" stroke="${HAIR_DARK}" stroke-width="3" stroke-linecap="round" opacity="0.6"/>` +
    `<path d="M 440 136 C 480 112 540 108 578 128" fill="none" stroke="${HAIR_LIGHT}" stroke-width="7" stroke-linecap="round" opacity="0.55"/>`
  );
}
