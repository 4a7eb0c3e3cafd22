/** The 15 Oculus visemes as shapes, after the pictures of the viseme reference, and two smiles. */
export interface MouthShape {
  /** Half width and opening, as shares of the mouth's half width. */
  readonly wide: number;
  readonly open: number;
  /** Share of the opening above the corners. */
  readonly rise: number;
  /** Lip thickness, 1 as drawn at rest. */
  readonly lips: number;
  /** Corner lift, 1 as at rest. */
  readonly smile: number;
  readonly teeth: 'none' | 'upper' | 'both' | 'on-lip';
  readonly tongue: 'none' | 'low' | 'tip' | 'between';
}

const shape = (
  wide: number,
  open: number,
  rise: number,
  lips: number,
  smile: number,
  teeth: MouthShape['teeth'],
  tongue: MouthShape['tongue'],
): MouthShape => ({ wide, open, rise, lips, smile, teeth, tongue });

export const MOUTH_SHAPES: Readonly<Record<string, MouthShape>> = {
  sil: shape(1, 0, 0, 1, 1, 'none', 'none'),
  'sil-1': shape(1.08, 0, 0, 0.96, 1.5, 'none', 'none'),
  'sil-2': shape(1.16, 0.34, 0.16, 0.92, 1.75, 'upper', 'none'),
  PP: shape(0.9, 0, 0, 0.72, 0.35, 'none', 'none'),
  FF: shape(0.9, 0.2, 0.55, 0.85, 0.5, 'on-lip', 'none'),
  TH: shape(0.92, 0.42, 0.3, 0.95, 0.5, 'upper', 'between'),
  DD: shape(0.95, 0.46, 0.3, 0.95, 0.6, 'upper', 'tip'),
  kk: shape(0.95, 0.56, 0.28, 0.95, 0.6, 'upper', 'low'),
  CH: shape(0.72, 0.46, 0.42, 1.12, 0.1, 'both', 'none'),
  SS: shape(1.0, 0.34, 0.4, 0.9, 0.8, 'both', 'none'),
  nn: shape(0.95, 0.42, 0.3, 0.95, 0.6, 'upper', 'tip'),
  RR: shape(0.76, 0.48, 0.36, 1.08, 0.2, 'upper', 'low'),
  aa: shape(0.98, 1.0, 0.2, 0.95, 0.5, 'upper', 'low'),
  E: shape(1.08, 0.64, 0.24, 0.92, 0.9, 'upper', 'low'),
  I: shape(1.12, 0.42, 0.3, 0.9, 1.1, 'both', 'none'),
  O: shape(0.7, 0.92, 0.36, 1.1, 0, 'none', 'low'),
  U: shape(0.5, 0.44, 0.44, 1.22, -0.1, 'none', 'none'),
};

/** How far each of the levels 1–3 opens. */
export const MOUTH_LEVELS = [0.42, 0.72, 1] as const;
/** Opens so little that its lower levels would look alike. */
export const ONE_LEVEL: ReadonlySet<string> = new Set(['sil', 'sil-1', 'sil-2', 'PP', 'FF']);
