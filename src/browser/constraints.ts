/**
 * Matches a page's constraints with the abilities of this camera or microphone, following Media Capture and Streams
 * (W3C, "SelectSettings").
 *
 * Problem: a page asks for sizes and rates, some as wishes and some as conditions, and expects the answer of a camera
 * in its browser.
 * Demands: conditions (`exact`, `min`, `max`) hold, or the first unmet one is named; no picture is cropped, as the mark
 * "AI-generated" may stand at its edge; no picture is larger than the room's or smaller than a wish needs.
 * Rule: wishes choose a size in the room's own aspect ratio that covers them; conditions then adjust it, the aspect
 * ratio last.
 * Numbers: any size from 1×1 to the room's, any rate from 1 fps to the room's.
 */

/** A value from a page; a bare one is a wish. */
type Constraint = unknown;
export type ConstraintSet = Readonly<Record<string, Constraint>>;

export interface CameraLimits {
  readonly width: number;
  readonly height: number;
  readonly frameRate: number;
  readonly deviceId: string;
  readonly groupId: string;
}

export interface VideoSettings {
  readonly width: number;
  readonly height: number;
  readonly frameRate: number;
  readonly aspectRatio: number;
  readonly facingMode: 'user';
  readonly resizeMode: 'none' | 'crop-and-scale';
  readonly deviceId: string;
  readonly groupId: string;
}

export interface AudioSettings {
  readonly deviceId: string;
  readonly groupId: string;
  readonly channelCount: number;
  readonly sampleRate: number;
  readonly sampleSize: number;
  readonly latency: number;
  readonly echoCancellation: boolean;
  readonly noiseSuppression: boolean;
  readonly autoGainControl: boolean;
}

export type Settled<S> =
  | { readonly ok: true; readonly settings: S }
  | { readonly ok: false; readonly constraint: string };

const FACING = 'user';
export const SAMPLE_RATE_HZ = 48_000;
const SAMPLE_SIZE_BITS = 16;
const LATENCY_S = 0.01;
const PROCESSING = ['echoCancellation', 'noiseSuppression', 'autoGainControl'] as const;
/** Camera properties this camera lacks: as a condition they cannot be met. */
const LACKING =
  'pan tilt zoom torch brightness contrast saturation sharpness colorTemperature iso exposureMode exposureTime exposureCompensation focusMode focusDistance whiteBalanceMode'.split(
    ' ',
  );

interface Range {
  readonly min: number;
  readonly max: number;
  readonly ideal: number | undefined;
  /** Whether the page made it a condition. */
  readonly bound: boolean;
}

class Unmet extends Error {
  constructor(readonly constraint: string) {
    super(constraint);
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Values of a string constraint: `'a'`, `['a', 'b']`. */
const strings = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string');

/** The required values and the wished ones. */
export function wanted(set: ConstraintSet, name: string): { exact: string[] | undefined; ideal: string[] } {
  const value = set[name];
  if (value === undefined || value === null) return { exact: undefined, ideal: [] };
  if (!isObject(value) || Array.isArray(value)) return { exact: undefined, ideal: strings(value) };
  return {
    exact: value['exact'] === undefined ? undefined : strings(value['exact']),
    ideal: value['ideal'] === undefined ? [] : strings(value['ideal']),
  };
}

function range(set: ConstraintSet, name: string, least: number, most: number): Range {
  const value = set[name];
  const number = (one: unknown): number | undefined =>
    typeof one === 'number' && Number.isFinite(one) ? one : undefined;
  if (!isObject(value)) return { min: least, max: most, ideal: number(value), bound: false };
  const exact = number(value['exact']);
  const min = exact ?? number(value['min']) ?? least;
  const max = exact ?? number(value['max']) ?? most;
  if (min > most || max < least || min > max) throw new Unmet(name);
  return {
    min: Math.max(least, min),
    max: Math.min(most, max),
    ideal: number(value['ideal']) ?? exact,
    bound: exact !== undefined || value['min'] !== undefined || value['max'] !== undefined,
  };
}

const clamp = (value: number, { min, max }: { min: number; max: number }): number =>
  Math.min(max, Math.max(min, value));
const even = (value: number): number => Math.max(2, Math.round(value / 2) * 2);

function requireOneOf(set: ConstraintSet, name: string, has: readonly string[]): void {
  const { exact } = wanted(set, name);
  if (exact !== undefined && !exact.some((one) => has.includes(one))) throw new Unmet(name);
}

/** Merges a constraint and a condition on the same property. */
function both(given: Constraint, condition: Record<string, unknown>): Constraint {
  if (!isObject(given) || Array.isArray(given)) return { ...condition, ideal: condition['ideal'] ?? given };
  const exact = [given['exact'], condition['exact']].filter((one) => one !== undefined);
  if (exact.some((one) => typeof one !== 'number')) {
    const [first, second = first] = exact.map(strings);
    return { ...given, ...condition, exact: first!.filter((one) => second!.includes(one)) };
  }
  const bound = (name: 'min' | 'max'): number[] =>
    [given[name], condition[name], ...exact].filter((one): one is number => typeof one === 'number');
  return {
    ideal: condition['ideal'] ?? given['ideal'],
    min: Math.max(...bound('min')),
    max: Math.min(...bound('max')),
  };
}

/**
 * Advanced sets are tried in order, with every bare value in them as a condition, and kept when all kept sets still
 * hold together.
 */
function withAdvanced<S>(set: ConstraintSet, settle: (set: ConstraintSet) => S): S {
  let kept = set;
  let settings = settle(kept);
  const advanced = Array.isArray(set['advanced']) ? set['advanced'].filter(isObject) : [];
  for (const one of advanced) {
    const conditions = Object.fromEntries(
      Object.entries(one).map(([name, value]) => [
        name,
        isObject(value) && !Array.isArray(value) ? value : { exact: value },
      ]),
    );
    const together = { ...kept };
    for (const [name, value] of Object.entries(conditions)) together[name] = both(kept[name], value);
    try {
      settings = settle(together);
      kept = together;
    } catch (error) {
      if (!(error instanceof Unmet)) throw error;
    }
  }
  return settings;
}

function attempt<S>(settle: () => S): Settled<S> {
  try {
    return { ok: true, settings: settle() };
  } catch (error) {
    if (error instanceof Unmet) return { ok: false, constraint: error.constraint };
    throw error;
  }
}

/** `constraints.video`, with `true` read as no constraint at all. */
export const constraintSet = (value: unknown): ConstraintSet => (isObject(value) ? value : {});

export const settleVideo = (set: ConstraintSet, limits: CameraLimits): Settled<VideoSettings> =>
  attempt(() => withAdvanced(set, (one) => videoSettings(one, limits)));

function videoSettings(set: ConstraintSet, limits: CameraLimits): VideoSettings {
  const { deviceId, groupId } = limits;
  requireOneOf(set, 'deviceId', [deviceId]);
  requireOneOf(set, 'groupId', [groupId]);
  requireOneOf(set, 'facingMode', [FACING]);
  requireOneOf(set, 'resizeMode', ['none', 'crop-and-scale']);
  for (const name of LACKING) {
    const value = set[name];
    if (isObject(value) && ['exact', 'min', 'max'].some((key) => value[key] !== undefined)) throw new Unmet(name);
  }
  const rate = range(set, 'frameRate', 1, limits.frameRate);
  const size = chooseSize(set, limits);
  return {
    ...size,
    frameRate: clamp(rate.ideal ?? limits.frameRate, rate),
    aspectRatio: size.width / size.height,
    facingMode: FACING,
    resizeMode: size.width === limits.width && size.height === limits.height ? 'none' : 'crop-and-scale',
    deviceId,
    groupId,
  };
}

function chooseSize(set: ConstraintSet, limits: CameraLimits): { width: number; height: number } {
  const unscaled = wanted(set, 'resizeMode').exact?.join() === 'none';
  const width = range(set, 'width', unscaled ? limits.width : 1, limits.width);
  const height = range(set, 'height', unscaled ? limits.height : 1, limits.height);
  const covering = Math.max((width.ideal ?? 0) / limits.width, (height.ideal ?? 0) / limits.height);
  let scale = covering > 0 ? Math.min(1, covering) : 1;
  scale = Math.max(scale, width.min / limits.width, height.min / limits.height);
  scale = Math.min(scale, width.max / limits.width, height.max / limits.height);
  const chosen = {
    width: clamp(even(limits.width * scale), width),
    height: clamp(even(limits.height * scale), height),
  };
  const aspect = range(set, 'aspectRatio', 1 / limits.height, limits.width);
  const now = chosen.width / chosen.height;
  if (!aspect.bound || (now >= aspect.min * 0.99 && now <= aspect.max * 1.01)) return chosen;
  const target = clamp(now, aspect);
  const narrower = Math.round(chosen.height * target);
  const lower = Math.round(chosen.width / target);
  if (narrower <= chosen.width && narrower >= width.min) return { ...chosen, width: Math.max(1, narrower) };
  if (lower <= chosen.height && lower >= height.min) return { ...chosen, height: Math.max(1, lower) };
  throw new Unmet('aspectRatio');
}

export const settleAudio = (set: ConstraintSet, ids: { deviceId: string; groupId: string }): Settled<AudioSettings> =>
  attempt(() => withAdvanced(set, (one) => audioSettings(one, ids)));

function audioSettings(
  set: ConstraintSet,
  { deviceId, groupId }: { deviceId: string; groupId: string },
): AudioSettings {
  requireOneOf(set, 'deviceId', [deviceId]);
  requireOneOf(set, 'groupId', [groupId]);
  const channels = range(set, 'channelCount', 1, 2);
  range(set, 'sampleRate', SAMPLE_RATE_HZ, SAMPLE_RATE_HZ);
  range(set, 'sampleSize', SAMPLE_SIZE_BITS, SAMPLE_SIZE_BITS);
  range(set, 'latency', 0, 1);
  const processing = Object.fromEntries(PROCESSING.map((name) => [name, flag(set[name])])) as Pick<
    AudioSettings,
    (typeof PROCESSING)[number]
  >;
  return {
    deviceId,
    groupId,
    channelCount: Math.round(clamp(channels.ideal ?? 2, channels)),
    sampleRate: SAMPLE_RATE_HZ,
    sampleSize: SAMPLE_SIZE_BITS,
    latency: LATENCY_S,
    ...processing,
  };
}

/** Synthetic sound has no echo or noise to remove: the settings are as requested; on by default as in browsers. */
function flag(value: unknown): boolean {
  const asked = isObject(value) ? (value['exact'] ?? value['ideal']) : value;
  return typeof asked === 'boolean' ? asked : true;
}

export function videoCapabilities(limits: CameraLimits): Record<string, unknown> {
  return {
    aspectRatio: { max: limits.width, min: 1 / limits.height },
    deviceId: limits.deviceId,
    facingMode: [FACING],
    frameRate: { max: limits.frameRate, min: 1 },
    groupId: limits.groupId,
    height: { max: limits.height, min: 1 },
    resizeMode: ['none', 'crop-and-scale'],
    width: { max: limits.width, min: 1 },
  };
}

export function audioCapabilities({
  deviceId,
  groupId,
}: {
  deviceId: string;
  groupId: string;
}): Record<string, unknown> {
  return {
    autoGainControl: [true, false],
    channelCount: { max: 2, min: 1 },
    deviceId,
    echoCancellation: [true, false],
    groupId,
    latency: { max: LATENCY_S, min: LATENCY_S },
    noiseSuppression: [true, false],
    sampleRate: { max: SAMPLE_RATE_HZ, min: SAMPLE_RATE_HZ },
    sampleSize: { max: SAMPLE_SIZE_BITS, min: SAMPLE_SIZE_BITS },
  };
}
