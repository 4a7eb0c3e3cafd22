import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { RULES } from '../../src/compliance/rules/rule-table.js';
import { layer } from '../../src/config/layer.js';
import { packageRoot, templatePath } from '../../src/core/paths.js';

const read = (file: string): string => readFileSync(join(packageRoot(), file), 'utf8');
const pages = ['README.md', 'CONTRIBUTING.md', 'docs/room-file.md', 'docs/rules.md'];

/** The JSON examples of a page, in order. */
const examples = (page: string): unknown[] =>
  [...read(page).matchAll(/```json\n([\s\S]*?)```/g)].map((m) => JSON.parse(m[1]!) as unknown);

t.test('the room in the README is the minimal room', async (t) => {
  const minimal = JSON.parse(readFileSync(templatePath('rooms', 'minimal', 'room.json'), 'utf8')) as unknown;
  t.same(examples('README.md'), [minimal]);
});

t.test('the examples of the room guide are JSON', async (t) => {
  const found = examples('docs/room-file.md') as { type?: string }[];
  t.equal(found.length, 4);
  for (const one of found) if (one.type !== undefined) t.equal(layer.safeParse(one).success, true, one.type);
});

t.test('the page of rules has every rule as the table has it', async (t) => {
  const page = read('docs/rules.md');
  const rows = new Map<string, string[]>();
  for (const line of page.split('\n')) {
    const cells = line.split('|').map((cell) => cell.trim());
    rows.set(cells[1] ?? '', cells);
  }
  for (const rule of RULES) {
    const [, , en, zh, , actions, weight] = rows.get(rule.id) ?? [];
    t.same([en, zh, weight], [rule.title.en, rule.title.zh, String(rule.weight)], rule.id);
    for (const [surface, action] of Object.entries(rule.actions)) {
      const part = actions?.split(';').find((one) => one.trim().startsWith(`${action}:`));
      t.match(part, surface, `${rule.id} on ${surface}`);
    }
  }
});

t.test('links inside the project lead somewhere', async (t) => {
  const generated = new Set(['docs/architecture.md', 'docs/benchmarks.md']);
  for (const page of pages) {
    for (const [, target] of read(page).matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
      const file = join(dirname(page), target!);
      if (!generated.has(file)) t.ok(existsSync(join(packageRoot(), file)), `${page}: ${target}`);
    }
  }
});
