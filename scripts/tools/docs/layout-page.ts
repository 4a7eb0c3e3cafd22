import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/core/files/paths.js';

export const LAYOUT_PAGES = ['CONTRIBUTING.md', 'docs/architecture.md'];

interface Arrows {
  readonly floors: readonly (readonly string[])[];
  readonly holds: Readonly<Record<string, string>>;
}

/** The page with its tables as arrows.json has them; a room whose folder does not exist is left out. */
export function withLayout(page: string, root = packageRoot()): string {
  const { floors, holds } = JSON.parse(readFileSync(join(root, 'scripts', 'lint', 'arrows.json'), 'utf8')) as Arrows;
  const built = floors
    .map((rooms) => rooms.filter((room) => existsSync(join(root, 'src', room))))
    .filter((rooms) => rooms.length > 0);
  const rows = built.flat().map((room) => `| \`${room}\` | ${holds[room] ?? ''} |`);
  const tables: Record<string, string> = {
    floors: ['```', ...built.map((rooms) => rooms.join('  ')), '```'].join('\n'),
    rooms: ['| folder | contents |', '| --- | --- |', ...rows].join('\n'),
  };
  return page.replaceAll(
    /(<!-- (floors|rooms) -->\n)[^]*?(\n<!-- end -->)/g,
    (_, head: string, name: string, end: string) => head + tables[name]! + end,
  );
}
