import { readdir } from 'node:fs/promises';
import { templatePath } from '../core/files/paths.js';
import { looksOf } from '../cast/spec-pack.js';
import type { Region } from '../cast/presenter-spec.js';
import { readPresenterCard } from './presenter-pack.js';

/** Who a presenter is, for lists. What a hand-drawn pack does not say is missing. */
export interface CastCard {
  readonly name: string;
  readonly dir: string;
  readonly title: { readonly en: string; readonly zh: string };
  readonly about: { readonly en: string; readonly zh: string };
  readonly ageYears: number;
  readonly gender?: 'female' | 'male';
  readonly region?: Region;
  readonly country?: string;
  /** Names for PUT /api/presenter; a hand-drawn pack has one look. */
  readonly looks: readonly string[];
  readonly licence: string;
}

/** The presenters of a folder by name, by default those of the project. */
export async function listCast(folder = templatePath('presenters')): Promise<CastCard[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const cards = await Promise.all(
    names.sort().map(async (name): Promise<CastCard> => {
      const dir = `${folder}/${name}`;
      const { manifest, spec } = await readPresenterCard(dir);
      const { ageYears, licence } = manifest;
      if (spec === undefined)
        return {
          name,
          dir,
          title: { en: manifest.title, zh: manifest.title },
          about: { en: '', zh: '' },
          ageYears,
          looks: [],
          licence,
        };
      const { title, about, gender, region, country } = spec;
      return { name, dir, title, about, ageYears, gender, region, country, looks: looksOf(spec), licence };
    }),
  );
  return cards;
}
