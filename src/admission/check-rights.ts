import { basename } from 'node:path';
import type { RoomConfig } from '../config/room-config.js';
import { isProductPicture } from '../config/sections/layer.js';
import { EngineError } from '../core/errors.js';

export interface CheckFault {
  /** `fault`: the room must not go on air. `warning`: it can, but somebody should look. */
  readonly severity: 'fault' | 'warning';
  readonly where: string;
  readonly expected: string;
  readonly found: string;
  readonly rule?: string;
  /** How to mend it, where known. */
  readonly todo?: string;
}

const NAMED = 5;

/** Rules 5.4 and 5.13: a warning for assets without a declared licence, a fault for a source without one. */
export function checkRights(room: RoomConfig): CheckFault[] {
  const faults: CheckFault[] = [];
  const source = sourceFault(room);
  if (source !== undefined) faults.push(source);
  const bare = room.rights.assets === undefined ? assetsWithoutLicence(room) : [];
  if (bare.length > 0) {
    const more = bare.length > NAMED ? ` and ${bare.length - NAMED} more` : '';
    faults.push({
      severity: 'warning',
      where: 'rights.assets',
      expected: 'the right to show each picture and play the music (`licence` there, or `rights.assets` for all)',
      found: `nothing for ${bare.slice(0, NAMED).join(', ')}${more}`,
      rule: '5.4',
    });
  }
  return faults;
}

/** Throws E_ROOM_REFUSED for a relayed event or others' material without a declared licence. */
export function refuseSource(room: RoomConfig): void {
  const fault = sourceFault(room);
  if (fault === undefined) return;
  const { where, expected, found, rule } = fault;
  throw new EngineError('E_ROOM_REFUSED', {
    where: `${room.file}: ${where}`,
    expected,
    found: `${found} (rule ${rule})`,
    todo: 'name the permission, or show material of your own',
  });
}

function sourceFault({ rights }: RoomConfig): CheckFault | undefined {
  const { source, sourceLicence } = rights;
  if (source === 'own' || sourceLicence !== undefined) return undefined;
  return {
    severity: 'fault',
    where: 'rights.sourceLicence',
    expected: source === 'event' ? 'the permission to relay the event' : "the licence of others' material",
    found: `nothing, with source "${source}"`,
    rule: source === 'event' ? '5.13' : '5.4',
  };
}

function assetsWithoutLicence(room: RoomConfig): string[] {
  const found = new Set<string>();
  for (const layer of room.layers) {
    if ((layer.type === 'image' || layer.type === 'sticker') && layer.licence === undefined) {
      if (!isProductPicture(layer.src)) found.add(nameOf(layer.src));
      if (layer.type === 'image' && layer.night !== undefined) found.add(nameOf(layer.night));
    }
    if (layer.type === 'media' && layer.licence === undefined) for (const item of layer.items) found.add(nameOf(item));
  }
  for (const product of room.products) if (product.licence === undefined) found.add(nameOf(product.image));
  const { music } = room.audio;
  if (music !== undefined && music.licence === undefined) found.add(nameOf(music.src));
  if (room.cover !== undefined && room.cover.licence === undefined) found.add(nameOf(room.cover.src));
  return [...found];
}

const nameOf = (src: string): string => (src.startsWith('data:') ? 'a data: URL' : basename(src));
