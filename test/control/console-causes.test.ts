import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import type { AlarmKind, AlarmSnapshot } from '../../src/core/alarm-kinds.js';
import { packageRoot } from '../../src/core/files/paths.js';

const CONSOLE = join(packageRoot(), 'src', 'control', 'console');
const load = (file: string): Promise<any> => import(pathToFileURL(join(CONSOLE, file)).href);
const { causesOf } = await load('causes.js');
const { WORDS } = await load('words.js');

interface Shown {
  readonly key: string;
  readonly severity: string;
  readonly since?: string;
  readonly text: string;
  readonly more: readonly string[];
}

let minute = 0;
const alarm = (kind: AlarmKind, en: string, more: Partial<AlarmSnapshot> = {}): AlarmSnapshot => {
  minute = (minute + 1) % 60;
  const since = `2026-01-01T10:${String(minute).padStart(2, '0')}:00.000Z`;
  return { kind, subject: '', severity: 'warning', since, text: { en, zh: `${en}。` }, ...more };
};
const shown = (
  alarms: readonly AlarmSnapshot[],
  slate: readonly string[] = [],
  busy = false,
  language: 'en' | 'zh' = 'en',
): Shown[] => causesOf({ alarms, slate, busy }, (key: string) => WORDS[language][key] ?? key, language);

const SLATE = alarm('slate', 'Viewers see the slate: frames are not checked in time', { severity: 'critical' });
const SLOW = alarm('machine-slow', 'The machine is too slow: 60 %');
const STILL = alarm('picture', 'The picture stands still', { subject: 'frozen', severity: 'critical' });
const QUIET = alarm('dead-air', 'Nobody has spoken for a while');

t.test('shows one banner, with what to do, for all that a busy machine brings', async (t) => {
  const list = shown([SLOW, QUIET, SLATE, STILL], ['unjudged', 'hold-time'], true);
  t.equal(list.length, 1);
  const [one] = list;
  t.match(one, { key: 'machine', severity: 'critical', since: SLATE.since });
  t.match(one!.text, /^Viewers see the slate\. This machine is too busy .* close other programs here\.$/);
  t.same(one!.more.toSorted(), [QUIET.text.en, SLOW.text.en, STILL.text.en].toSorted(), 'nothing is lost');
  t.match(shown([SLOW, SLATE], ['unjudged'], true, 'zh')[0]!.text, /^观众看到的是占位画面。这台机器太忙/);
});

t.test('shows a notice before an alarm is raised, and none without trouble', async (t) => {
  t.same(shown([]), []);
  const [busy, ...rest] = shown([], ['unjudged'], true);
  t.match(busy, { key: 'machine', severity: 'notice', since: undefined });
  t.same(rest, []);
  t.match(shown([], ['words', 'hold-time']), [
    { key: 'slate', severity: 'notice', text: /^Viewers see the slate: forbidden words .*; the slate stays a moment/ },
  ]);
});

t.test('keeps the slate for forbidden content apart from a busy machine', async (t) => {
  const list = shown([SLOW, SLATE, STILL], ['codes', 'unjudged'], true);
  t.same(
    list.map(({ key }) => key),
    ['slate', 'machine'],
  );
  t.equal(list[0]!.text, 'Viewers see the slate: a code in the picture, until a later check is clean.');
  t.same(list[0]!.more, [STILL.text.en], 'the slate is still, whatever it is there for');
  t.match(list[1]!.text, /^This machine is too busy/);
});

t.test('shows the slate and the silence of a held risk as one', async (t) => {
  const held = alarm('risk-held', 'The show is held on the slate, in silence: a person has to press Resume', {
    severity: 'critical',
  });
  t.match(shown([STILL, held], ['risk', 'hold-time']), [{ key: 'risk', severity: 'critical', text: held.text.en }]);
});

t.test('keeps an alarm of the slate in view until it is over', async (t) => {
  t.match(shown([SLATE]), [{ key: 'slate', severity: 'critical', text: SLATE.text.en, more: [] }]);
});

t.test('joins outputs that are down for one reason, and no others', async (t) => {
  const down = (id: string, why: string, severity: 'critical' | 'warning' = 'critical'): AlarmSnapshot =>
    alarm('output-down', `Output ${id} is down${why}`, { subject: id, severity });
  const refused = ': expected a connection, found ECONNREFUSED';
  const list = shown([
    down('c', refused, 'warning'),
    down('a', refused),
    down('b', ': wrong key'),
    down('d', ''),
    down('e', ''),
  ]);
  t.same(
    list.map(({ text, more }) => [text, more.length]),
    [
      [`Output a is down${refused}`, 1],
      ['Output b is down: wrong key', 0],
      ['Output d is down', 0],
      ['Output e is down', 0],
    ],
  );
});
