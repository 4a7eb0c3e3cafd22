import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CastPartName } from './cast-parts.js';
import type { PresenterSpec, WardrobeLook } from './presenter-spec.js';
import { specPack } from './spec-pack.js';

const kebab = (name: string): string => name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);

/** Writes a spec out as a pack with drawings of its own, to be changed by hand. Returns the files. */
export async function writePack(spec: PresenterSpec, dir: string, change?: WardrobeLook): Promise<string[]> {
  const { manifest, parts } = specPack(spec, change);
  await mkdir(join(dir, 'parts'), { recursive: true });
  const names = (Object.keys(parts) as CastPartName[]).filter(
    (name) => (name !== 'eyewear' && name !== 'hairRight') || /<path|<use|<ellipse|<circle/.test(parts[name]),
  );
  const files = Object.fromEntries(names.map((name) => [name, `parts/${kebab(name)}.svg`]));
  for (const name of names) await writeFile(join(dir, files[name]!), parts[name]);
  const pack = join(dir, 'pack.json');
  await writeFile(pack, `${JSON.stringify({ ...manifest, parts: files }, null, 2)}\n`);
  return [pack, ...names.map((name) => join(dir, files[name]!))];
}
