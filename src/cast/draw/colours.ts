/** Colours of the parts library: skin and hair by name, and tones made from any colour. */
export interface Tone {
  readonly base: string;
  readonly shade: string;
  readonly light: string;
  /** Lines and the deepest folds. */
  readonly deep: string;
}

const parse = (hex: string): readonly [number, number, number] => [
  Number.parseInt(hex.slice(1, 3), 16),
  Number.parseInt(hex.slice(3, 5), 16),
  Number.parseInt(hex.slice(5, 7), 16),
];

export function mix(from: string, to: string, t: number): string {
  const [a, b] = [parse(from), parse(to)];
  return `#${a
    .map((v, i) =>
      Math.round(v + (b[i]! - v) * t)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}

/** 0 black … 1 white, as the eye weighs the channels. */
export function lightness(hex: string): number {
  const [r, g, b] = parse(hex);
  return (0.299 * r + 0.587 * g + 0.114 * b) / 255;
}

/**
 * Folds of pale cloth are grey-violet, of dark cloth nearly black; its lit side is warm. White stays white there: a
 * cream chest between bluish sleeves would look like another garment.
 */
export function tone(base: string): Tone {
  const pale = lightness(base);
  const shadow = pale > 0.8 ? mix(base, '#27385c', 0.3) : mix(base, '#0d0a1a', 0.36);
  return {
    base,
    shade: shadow,
    light: pale > 0.8 ? mix(base, '#fffdf9', 0.6) : mix(base, '#fff3e2', 0.24),
    deep: mix(shadow, '#0d0a1a', pale > 0.8 ? 0.3 : 0.4),
  };
}

export const SKIN_NAMES = [
  'porcelain',
  'fair',
  'light',
  'warm',
  'beige',
  'olive',
  'tan',
  'bronze',
  'brown',
  'deep',
  'ebony',
] as const;
export type SkinName = (typeof SKIN_NAMES)[number];

export interface Skin extends Tone {
  readonly blush: string;
  readonly lip: string;
  /** Light from behind on the right edge: the darker the skin, the warmer. */
  readonly rim: string;
  readonly rimOpacity: number;
}

const skin = (
  light: string,
  base: string,
  shade: string,
  deep: string,
  blush: string,
  lip: string,
  rim: string,
  rimOpacity: number,
): Skin => ({ base, shade, light, deep, blush, lip, rim, rimOpacity });

export const SKINS: Readonly<Record<SkinName, Skin>> = {
  porcelain: skin('#fde6d6', '#f3cdb6', '#d69a80', '#a9654f', '#ee8f80', '#c9676a', '#fff4e4', 0.26),
  fair: skin('#fce1cd', '#f0c6ab', '#d09274', '#a05e46', '#e88675', '#c36262', '#fff2e0', 0.28),
  light: skin('#fbdcc4', '#ecbf9f', '#c98a68', '#96583d', '#e27d6a', '#bd5a58', '#fff1dc', 0.3),
  warm: skin('#f7d4b4', '#e6b592', '#c0805c', '#8b5136', '#dc7860', '#b65751', '#ffeed4', 0.32),
  beige: skin('#f2cbaa', '#deab85', '#b57b56', '#824b30', '#d67359', '#b1524d', '#ffecce', 0.34),
  olive: skin('#ecc39c', '#d6a177', '#a96f49', '#754529', '#cf6d52', '#a94f49', '#ffe9c8', 0.36),
  tan: skin('#d9a679', '#bd8557', '#8b5634', '#5b341d', '#b95f43', '#9c4a42', '#ffe0b8', 0.44),
  bronze: skin('#c99268', '#aa724c', '#78482a', '#4d2b17', '#af593f', '#954741', '#ffdbaf', 0.5),
  brown: skin('#b97f56', '#976039', '#663a20', '#402212', '#a5523a', '#8e4340', '#ffd6a6', 0.55),
  deep: skin('#94613f', '#714428', '#472616', '#2a140b', '#8f4431', '#8d433f', '#ffcf9c', 0.62),
  ebony: skin('#815338', '#5d3823', '#3a1f13', '#22100a', '#7e3b2d', '#87413f', '#ffcc9a', 0.68),
};

export const HAIR_NAMES = [
  'black',
  'soft-black',
  'dark-brown',
  'brown',
  'chestnut',
  'auburn',
  'ginger',
  'dark-blonde',
  'blonde',
  'platinum',
  'ash',
  'burgundy',
  'grey',
  'silver',
  'white',
] as const;
export type HairName = (typeof HAIR_NAMES)[number];

const hair = (base: string, light: string, shade: string, deep: string): Tone => ({ base, shade, light, deep });

export const HAIRS: Readonly<Record<HairName, Tone>> = {
  black: hair('#2a2021', '#6d5852', '#191213', '#0d0909'),
  'soft-black': hair('#37292a', '#84685f', '#231818', '#130c0c'),
  'dark-brown': hair('#3f2a1e', '#7a563e', '#2a1a12', '#1a0f09'),
  brown: hair('#5d3d28', '#9a6d49', '#402717', '#29170c'),
  chestnut: hair('#713f27', '#b17147', '#4d2817', '#33180c'),
  auburn: hair('#7f3822', '#c0693f', '#572211', '#3a140a'),
  ginger: hair('#b4622f', '#e39a5c', '#83421a', '#5c2b0e'),
  'dark-blonde': hair('#a17d50', '#d3b07c', '#755733', '#533b20'),
  blonde: hair('#d2ad6c', '#f3dca6', '#a58149', '#7a5c2e'),
  platinum: hair('#e3d3ae', '#fbf3dc', '#bba67c', '#8f7c56'),
  ash: hair('#8c7b6c', '#bcab9a', '#65574b', '#463b32'),
  burgundy: hair('#56222d', '#98505c', '#3b141d', '#250a11'),
  grey: hair('#8a8889', '#bdbbbd', '#646264', '#454345'),
  silver: hair('#b5b4b8', '#e4e3e8', '#88878c', '#626166'),
  white: hair('#dedbd6', '#fbf9f5', '#b0aca6', '#878279'),
};

/** Hair with a share of grey in it. */
export function greyed(of: Tone, share: number): Tone {
  return {
    base: mix(of.base, '#9a989b', share * 0.62),
    light: mix(of.light, '#e2e0e4', share * 0.85),
    shade: mix(of.shade, '#5e5c60', share * 0.6),
    deep: mix(of.deep, '#3c3a3e', share * 0.6),
  };
}
