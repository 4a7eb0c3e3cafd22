import { castParts, type CastDrawings } from './cast-parts.js';
import { personOf } from './person-of.js';
import { OUTFIT_NAMES, type OutfitName } from './outfit/outfits.js';
import type { PresenterSpec, WardrobeLook } from './presenter-spec.js';
import { rigOf } from './rig.js';

/** A look by name: of the presenter's own wardrobe, or an outfit of the library. Undefined for an unknown name. */
export function lookNamed(spec: PresenterSpec, name: string): WardrobeLook | undefined {
  const own = spec.wardrobe[name];
  if (own !== undefined) return own;
  if (!(OUTFIT_NAMES as readonly string[]).includes(name)) return undefined;
  return { outfit: { kind: name as OutfitName } };
}

/** Names that a look may have: the presenter's own ones first. */
export const looksOf = (spec: PresenterSpec): string[] => [...Object.keys(spec.wardrobe), ...OUTFIT_NAMES];

/** A pack made from a spec: the manifest before its check, and the drawings as SVG files. */
export function specPack(spec: PresenterSpec, change?: WardrobeLook): CastDrawings & { readonly manifest: object } {
  const person = personOf(spec);
  return { manifest: rigOf(spec, person), ...castParts(person, spec.look, change) };
}

export const specManifest = (spec: PresenterSpec): object => rigOf(spec, personOf(spec));
