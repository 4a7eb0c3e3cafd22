import type { ConstraintSet } from './constraints.js';

type Legacy = { mandatory?: Record<string, unknown>; optional?: readonly Record<string, unknown>[] };

const legacy = (value: unknown): Legacy | undefined =>
  typeof value === 'object' && value !== null && ('mandatory' in value || 'optional' in value)
    ? (value as Legacy)
    : undefined;

/** Chromium's old way to capture a screen or a tab: never the room's camera. */
export function isForeign(value: unknown): boolean {
  const { mandatory = {}, optional = [] } = legacy(value) ?? {};
  return [mandatory, ...optional].some((one) => typeof one === 'object' && 'chromeMediaSource' in (one ?? {}));
}

/** `{ mandatory: { minWidth: 640 } }` → `{ width: { min: 640 } }`; anything else is unchanged. */
export function fromLegacy(set: ConstraintSet): ConstraintSet {
  const old = legacy(set);
  if (old === undefined) return set;
  const out: Record<string, Record<string, unknown>> = {};
  const put = (name: string, key: string, value: unknown): void => void (out[name] = { ...out[name], [key]: value });
  for (const [name, value] of Object.entries(old.mandatory ?? {})) {
    const bound = /^(min|max)(Width|Height|FrameRate|AspectRatio)$/.exec(name);
    if (bound !== null) put(bound[2]![0]!.toLowerCase() + bound[2]!.slice(1), bound[1]!, value);
    else if (name === 'sourceId') put('deviceId', 'exact', value);
  }
  for (const one of old.optional ?? []) if ('sourceId' in one) put('deviceId', 'ideal', one['sourceId']);
  return out;
}
