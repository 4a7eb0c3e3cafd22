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
  const shadow = pale > 0.8 ? mix(base, '#7a7494', 0.3) : mix(base, '#140c24', 0.3);
  return {
    base,
    shade: shadow,
    light: pale > 0.8 ? mix(base, '#fffdf9', 0.6) : mix(base, '#fff4e2', 0.26),
    deep: mix(shadow, '#120a1c', pale > 0.8 ? 0.22 : 0.34),
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
}

const skin = (base: string, shade: string, light: string, deep: string, blush: string, lip: string): Skin => ({
  base,
  shade,
  light,
  deep,
  blush,
  lip,
});

export const SKINS: Readonly<Record<SkinName, Skin>> = {
  porcelain: skin('#fde3d6', '#eab9a6', '#fff3ec', '#bd7c6c', '#f0827c', '#d96f73'),
  fair: skin('#fad9c4', '#e4ab91', '#ffede1', '#b5735c', '#ee7d70', '#d0686a'),
  light: skin('#f5cdb0', '#dc9f7f', '#fee3cf', '#a9664a', '#e97662', '#c86462'),
  warm: skin('#eec09a', '#d0936a', '#fbd9ba', '#9c5f3c', '#e2704f', '#c05f57'),
  beige: skin('#e4b08a', '#c2825b', '#f4cba9', '#8f5534', '#d9664a', '#b55a50'),
  olive: skin('#d7a67a', '#b27e53', '#eac49c', '#80512f', '#cb6245', '#a9544a'),
  tan: skin('#c68f62', '#9d663e', '#deac80', '#6f4224', '#bf573c', '#9e4b43'),
  bronze: skin('#b17850', '#86512f', '#cb9469', '#5c331a', '#b3503a', '#91453f'),
  brown: skin('#925d3f', '#693c25', '#ae7856', '#472514', '#a84a38', '#8a4240'),
  deep: skin('#734935', '#502d1f', '#90624a', '#351b11', '#96423a', '#7c3c3c'),
  ebony: skin('#5a382a', '#3c2118', '#784f3e', '#281309', '#853a34', '#703638'),
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
  black: hair('#231c21', '#55495a', '#17121a', '#0c090e'),
  'soft-black': hair('#2e2226', '#68505a', '#1f1519', '#110b0e'),
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
