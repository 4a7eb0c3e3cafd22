import type { Daylight, Light } from '../../config/sections/daylight.js';

/** Minutes of the day from which a light holds; night lasts over midnight. The same all year, at every latitude. */
const BEGINS: readonly (readonly [minute: number, light: Light])[] = [
  [21 * 60, 'night'],
  [18 * 60 + 30, 'dusk'],
  [16 * 60 + 30, 'evening'],
  [7 * 60 + 30, 'day'],
  [5 * 60 + 30, 'dawn'],
];

/** The light of a set at an instant (Unix epoch). */
export function lightAt({ light, timeZone }: Daylight, epochMs: number): Light {
  if (light !== 'clock') return light;
  const parts = new Intl.DateTimeFormat('en', { hour: 'numeric', minute: 'numeric', hourCycle: 'h23', timeZone });
  const [hour = 0, minute = 0] = parts.format(epochMs).split(':').map(Number);
  return BEGINS.find(([from]) => hour * 60 + minute >= from)?.[1] ?? 'night';
}
