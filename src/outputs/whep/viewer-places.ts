/**
 * Decides who gets a place when a viewer comes.
 *
 * Problem: places are few, an offer costs its sender nothing, and an offer that never connects holds its place for
 * seconds. A stranger who offers twice a second would hold them all and lock out the seller's own camera page.
 * Rule: a quarter of the places is reserved for holders of the token, who may also evict a stranger when all are taken.
 * One address gets at most half of the strangers' places. Among strangers, an offer that has not connected within
 * PATIENCE_MS gives way to the next one: a real viewer connects well within that time and then stays.
 */
import type { ViewerFrom } from '../../core/room-handle.js';

export interface Place extends ViewerFrom {
  readonly id: string;
  readonly sinceMs: number;
  readonly connected: boolean;
}

export type Decision =
  | { readonly admitted: true; readonly leaves?: string }
  | { readonly admitted: false; readonly max: number };

export const PATIENCE_MS = 2000;

const keptPlaces = (maxViewers: number): number => (maxViewers < 2 ? 0 : Math.max(1, Math.floor(maxViewers / 4)));

/** @param places in the order they were taken */
export function placeFor(
  { holdsToken, address }: ViewerFrom,
  places: readonly Place[],
  maxViewers: number,
  nowMs: number,
): Decision {
  const waiting = (one: Place): boolean => !one.connected && nowMs - one.sinceMs >= PATIENCE_MS;
  const strangers = places.filter((one) => !one.holdsToken);
  const full = places.length >= maxViewers;
  if (holdsToken) {
    if (!full) return { admitted: true };
    const leaving = strangers.find((one) => !one.connected) ?? strangers.at(-1) ?? places.find(waiting);
    return leaving === undefined ? { admitted: false, max: maxViewers } : { admitted: true, leaves: leaving.id };
  }
  const max = maxViewers - keptPlaces(maxViewers);
  const maxOfAddress = Math.ceil(max / 2);
  const ofAddress = strangers.filter((one) => one.address === address);
  const crowded = ofAddress.length >= maxOfAddress;
  if (!crowded && !full && strangers.length < max) return { admitted: true };
  const leaving = (crowded ? ofAddress : strangers).find(waiting);
  if (leaving !== undefined) return { admitted: true, leaves: leaving.id };
  return { admitted: false, max: crowded ? maxOfAddress : max };
}
