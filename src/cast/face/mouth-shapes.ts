/** The 15 Oculus visemes as shapes, after the pictures of the viseme reference, and two smiles. */
export interface MouthShape {
  /** Half width and gap between the lips, in hundredths of the head's height. */
  readonly wide: number;
  readonly gap: number;
  /** Thickness of the lips, 1 as at rest. */
  readonly upper: number;
  readonly lower: number;
  /** Corner lift, 1 as at rest. */
  readonly smile: number;
  readonly teeth: 'none' | 'upper' | 'both' | 'on-lip';
  readonly tongue: 'none' | 'low' | 'tip' | 'between';
}

/** Half width of a mouth at rest, in the same unit. */
export const REST_WIDTH = 10.5;

const shape = (
  wide: number,
  gap: number,
  upper: number,
  lower: number,
  smile: number,
  teeth: MouthShape['teeth'],
  tongue: MouthShape['tongue'],
): MouthShape => ({ wide, gap, upper, lower, smile, teeth, tongue });

export const MOUTH_SHAPES: Readonly<Record<string, MouthShape>> = {
  sil: shape(10.5, 0, 1, 1, 1, 'none', 'none'),
  'sil-1': shape(12.2, 0, 0.94, 0.96, 1.8, 'none', 'none'),
  'sil-2': shape(13.4, 4.6, 0.9, 0.9, 2.2, 'upper', 'none'),
  PP: shape(9.8, 0, 0.72, 0.8, 0.4, 'none', 'none'),
  FF: shape(9.8, 2, 1.06, 0.8, 0.5, 'on-lip', 'none'),
  TH: shape(9.8, 3.5, 1.06, 1, 0.5, 'upper', 'between'),
  DD: shape(10, 3.8, 1.06, 1, 0.6, 'upper', 'tip'),
  kk: shape(10, 4.6, 1.06, 1, 0.6, 'upper', 'low'),
  CH: shape(8.6, 2.6, 1.12, 1.1, 0.2, 'both', 'none'),
  SS: shape(10.5, 2.3, 1.06, 1, 0.7, 'both', 'none'),
  nn: shape(9.8, 3.5, 1.06, 1, 0.6, 'upper', 'tip'),
  RR: shape(8.4, 3.8, 1.1, 1.04, 0.3, 'upper', 'low'),
  aa: shape(10.5, 10.2, 1.06, 1.08, 0.4, 'upper', 'low'),
  E: shape(12.1, 5.1, 1.06, 1, 0.9, 'upper', 'low'),
  I: shape(12.9, 3.1, 1, 0.95, 1.1, 'upper', 'none'),
  O: shape(7.8, 7.8, 1.12, 1, 0, 'none', 'none'),
  U: shape(5.9, 3.1, 1.12, 1, -0.1, 'none', 'none'),
};

/** How far each of the levels 1–3 opens. */
export const MOUTH_LEVELS = [0.42, 0.72, 1] as const;
/** Opens so little that its lower levels would look alike. */
export const ONE_LEVEL: ReadonlySet<string> = new Set(['sil', 'sil-1', 'sil-2', 'PP', 'FF']);
