import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { ERROR_MEANINGS, errorsPage } from '../../scripts/tools/docs/errors-page.js';
import { languagesPage } from '../../scripts/tools/docs/languages-page.js';
import { LAYOUT_PAGES, withLayout } from '../../scripts/tools/docs/layout-page.js';
import { SCRIPTS_PAGE, withScripts } from '../../scripts/tools/docs/scripts-page.js';
import { alarmTiming } from '../../src/alerts/room-alarms.js';
import { alerts } from '../../src/config/sections/alerts.js';
import { layer } from '../../src/config/sections/layer.js';
import { ALARM_KINDS } from '../../src/core/alarm-kinds.js';
import { ERROR_CODES } from '../../src/core/errors.js';
import { packageRoot, templatePath } from '../../src/core/files/paths.js';
import { RULES } from '../../src/moderation/packs/rule-table.js';

t.test('errors', async (t) => {
  t.test('the page of errors lists every code as the table has it', async (t) => {
    const page = readFileSync(join(packageRoot(), 'docs', 'errors.md'), 'utf8');
    t.equal(page, errorsPage(), 'run `npm run tool -- write-errors`');
  });

  t.test('every code has a meaning and a thing to do, of one line that a table can hold', async (t) => {
    t.same(Object.keys(ERROR_MEANINGS).toSorted(), Object.keys(ERROR_CODES).toSorted());
    for (const [code, { meaning, todo }] of Object.entries(ERROR_MEANINGS)) {
      for (const text of [meaning, todo]) t.match(text, /^[^|\n]{10,130}\.$/, code);
    }
  });
});

t.test('languages', async (t) => {
  t.test('the page of languages lists every language as the table has it', async (t) => {
    const page = readFileSync(join(packageRoot(), 'docs', 'languages.md'), 'utf8');
    t.equal(page, languagesPage(), 'run `npm run tool -- write-languages`');
  });
});

t.test('layout', async (t) => {
  const arrows = JSON.parse(readFileSync(join(packageRoot(), 'scripts', 'lint', 'arrows.json'), 'utf8')) as {
    floors: string[][];
    holds: Record<string, string>;
  };

  t.test('the pages show the layout that the lint rule checks', async (t) => {
    for (const page of LAYOUT_PAGES) {
      const text = readFileSync(join(packageRoot(), page), 'utf8');
      t.match(text, /<!-- floors -->/, page);
      t.equal(text, withLayout(text), `${page}: run \`npm run tool -- write-layout\``);
    }
  });

  t.test('says of every room what it holds', async (t) => {
    t.strictSame(Object.keys(arrows.holds), arrows.floors.flat(), 'in the order of the floors');
    for (const [room, contents] of Object.entries(arrows.holds)) t.match(contents, /^[^|\n]{10,}$/, room);
    for (const room of readdirSync(join(packageRoot(), 'src'))) t.ok(arrows.holds[room], `src/${room}`);
  });

  t.test('replaces stale tables by those of the arrows', async (t) => {
    const stale = '# x\n<!-- floors -->\nold\n<!-- end -->\n<!-- rooms -->\nold\n<!-- end -->\nkept\n';
    const fresh = withLayout(stale);
    t.match(fresh, /^# x\n<!-- floors -->\n```\ncli\n/);
    t.match(fresh, /\n\| `loop` \| .* \|\n/);
    t.match(fresh, /<!-- end -->\nkept\n$/);
  });
});

t.test('pages', async (t) => {
  const read = (file: string): string => readFileSync(join(packageRoot(), file), 'utf8');

  /** The JSON examples of a page, in order. */
  const examples = (page: string): unknown[] =>
    [...read(page).matchAll(/```json\n([\s\S]*?)```/g)].map((m) => JSON.parse(m[1]!) as unknown);

  t.test('shows the minimal room in the README', async (t) => {
    const minimal = JSON.parse(readFileSync(templatePath('rooms', 'minimal', 'room.json'), 'utf8')) as unknown;
    t.same(examples('README.md'), [minimal]);
  });

  t.test("has valid JSON in the room guide's examples", async (t) => {
    const found = examples('docs/room-file.md') as { type?: string }[];
    t.equal(found.length, 4);
    for (const one of found) if (one.type !== undefined) t.equal(layer.safeParse(one).success, true, one.type);
  });

  t.test('lists every rule as in the rule table', async (t) => {
    const page = read('docs/rules.md');
    const rows = new Map<string, string[]>();
    for (const line of page.split('\n')) {
      const cells = line.split('|').map((cell) => cell.trim());
      rows.set(cells[1] ?? '', cells);
    }
    const usual = /The default is `([^`]+)`/.exec(page)?.[1];
    for (const rule of RULES) {
      const [, , en, zh, , stated, weight] = rows.get(rule.id) ?? [];
      const actions = stated === 'default' ? usual : stated;
      t.same([en, zh, weight], [rule.title.en, rule.title.zh, String(rule.weight)], rule.id);
      for (const [surface, action] of Object.entries(rule.actions)) {
        const part = actions?.split(';').find((one) => one.trim().startsWith(`${action}:`));
        t.match(part, surface, `${rule.id} on ${surface}`);
      }
      const listed = actions?.split(';').flatMap((one) => one.slice(one.indexOf(':') + 1).split(','));
      t.equal(listed?.length, Object.keys(rule.actions).length, `${rule.id}: no surface more than the table has`);
    }
  });

  /** A heading's anchor: lower case, no punctuation, spaces as hyphens. */
  const anchorOf = (heading: string): string =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');

  const headings = (page: string): string[] =>
    [...read(page).matchAll(/^#+ (.+)$/gmu)].map((match) => anchorOf(match[1]!));

  t.test('links inside the project to existing pages and headings', async (t) => {
    const everyPage = readdirSync(join(packageRoot(), 'docs'), { recursive: true, encoding: 'utf8' });
    const linking = [
      'README.md',
      'CONTRIBUTING.md',
      'CHANGELOG.md',
      'SECURITY.md',
      ...everyPage.filter((f) => f.endsWith('.md')).map((f) => join('docs', f)),
    ];
    for (const page of linking) {
      for (const [, target, anchor] of read(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)) {
        const file = target === '' ? page : join(dirname(page), target!);
        const found = existsSync(join(packageRoot(), file));
        t.ok(found, `${page}: ${target}`);
        if (found && anchor !== undefined) t.ok(headings(file).includes(anchor), `${page}: ${target}#${anchor}`);
      }
    }
  });

  t.test('lists every kind of alert with its timing, and a valid example', async (t) => {
    const page = read('docs/alerts.md');
    const [given] = [...page.matchAll(/```json\n"alerts": ([\s\S]*?)```/g)];
    const example = JSON.parse(given![1]!.replaceAll('${SLACK_HOOK}', 'https://hooks.slack.com/x')) as unknown;
    t.equal(alerts.safeParse(example).success, true);
    const ms = (text: string): number => {
      const [, n, unit] = /^(\d+) (s|min|h)$/.exec(text) ?? [];
      return n === undefined ? 0 : Number(n) * { s: 1000, min: 60_000, h: 3_600_000 }[unit as 's' | 'min' | 'h'];
    };
    for (const kind of ALARM_KINDS) {
      const cells = new RegExp(`^\\| \`${kind}\` \\|(.*)\\|$`, 'm')
        .exec(page)?.[1]
        ?.split('|')
        .map((cell) => cell.trim());
      const [, after, clear, repeat] = cells ?? [];
      t.same(
        { afterMs: ms(after ?? ''), clearMs: ms(clear ?? ''), repeatMs: ms(repeat ?? '') },
        alarmTiming(kind, alerts.parse({})),
        kind,
      );
    }
  });

  t.test('the index of pages lists every page', async (t) => {
    const index = read('docs/README.md');
    const pages = readdirSync(join(packageRoot(), 'docs')).filter(
      (file) => file.endsWith('.md') && file !== 'README.md',
    );
    for (const page of pages) t.match(index, `](${page})`, page);
    const decisions = read('docs/decisions/README.md');
    const each = readdirSync(join(packageRoot(), 'docs', 'decisions')).filter((file) => /^\d/.test(file));
    for (const page of each) t.match(decisions, `](${page})`, page);
  });

  t.test('a newcomer finds every command in docs/cli.md', async (t) => {
    const page = read('docs/cli.md');
    const commands = readdirSync(join(packageRoot(), 'src', 'cli', 'commands'));
    for (const file of commands.filter((one) => one.endsWith('-command.ts'))) {
      const name = /new Command\('([\w-]+)'\)/.exec(read(join('src', 'cli', 'commands', file)))?.[1];
      if (name !== undefined) t.match(page, `engine ${name}`, name);
    }
  });
});

t.test('scripts', async (t) => {
  t.test('the scripts of the documentation are those that the writer writes', async (t) => {
    const page = readFileSync(join(packageRoot(), SCRIPTS_PAGE), 'utf8');
    t.equal(page, await withScripts(page), 'run `npm run tool -- write-scripts`');
  });
});
