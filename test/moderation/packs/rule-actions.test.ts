import t from 'tap';
import { RuleActions } from '../../../src/moderation/packs/rule-actions.js';
import { TextJudge } from '../../../src/moderation/text-judge.js';
import { actions } from '../../../src/config/sections/compliance.js';
import { checkActions } from '../../../src/admission/texts/room-rule-actions.js';

const of = (value: unknown): RuleActions => new RuleActions(actions.parse(value));

t.test('the rule table applies by default', async (t) => {
  const none = of(undefined);
  t.equal(none.action('3.2', 'speech'), 'mute');
  t.equal(none.action('3.3', 'frame'), 'blank');
  t.same([none.weaker, none.unknown], [[], []]);
});

t.test('a bare action applies to the surfaces that offer it, an object to those it names', async (t) => {
  const some = of({ '3.2': 'tone', '3.3': 'blur', '3.1': { speech: 'skip', caption: 'drop' }, '5.2': 'stop' });
  t.equal(some.action('3.2', 'speech'), 'tone');
  t.equal(some.action('3.2', 'caption'), 'drop-caption', 'a caption has no tone');
  t.equal(some.action('3.3', 'frame'), 'blur');
  t.equal(some.action('3.1', 'speech'), 'skip');
  for (const surface of ['speech', 'caption', 'reply', 'frame'] as const) t.equal(some.action('5.2', surface), 'stop');
  t.equal(some.action('5.2', 'cover'), 'refuse', 'what is refused before the show stays refused');
});

t.test('reports actions weaker than the table, and no stronger ones', async (t) => {
  t.same(of({ '3.2': 'skip', '3.3': 'hold', '5.2': 'tone' }).weaker, []);
  t.same(of({ '3.2': 'warn' }).weaker, [
    { rule: '3.2', surface: 'speech', chosen: 'warn', table: 'mute' },
    { rule: '3.2', surface: 'caption', chosen: 'warn', table: 'drop-caption' },
    { rule: '3.2', surface: 'reply', chosen: 'warn', table: 'skip' },
  ]);
  const faults = checkActions(of({ '3.3': 'pixelate' }));
  t.match(faults, [
    { severity: 'warning', where: 'compliance.actions["3.3"]', found: /WEAKER than the table's "blank"/ },
  ]);
});

t.test('a code cannot be let through, and unknown rules and surfaces are faults', async (t) => {
  t.throws(() => actions.parse({ '3.3': { frame: 'warn' } }));
  t.equal(of({ '3.3': 'warn' }).action('3.3', 'frame'), 'blank', 'a bare "warn" does not reach the picture');
  t.same(of({ '3.9': 'mute' }).unknown, ['3.9: no such rule']);
  t.match(of({ '5.9': { speech: 'mute' } }).unknown, [/5\.9\.speech/]);
  t.match(of({ '5.10': 'tone' }).unknown, [/"tone" is not possible on any/]);
  t.match(checkActions(of({ '3.9': 'mute' })), [{ severity: 'fault' }]);
});

t.test('the judge returns the room’s action with each hit', async (t) => {
  const judge = new TextJudge({ actions: of({ '3.2': { speech: 'tone', caption: 'warn' } }) });
  const text = 'Call me on +86 138 1234 5678';
  const hit = judge.judge(text, { surface: 'speech', language: 'en' }).hits.find((h) => h.rule === '3.2');
  t.equal(hit?.action, 'tone');
  t.equal(judge.judge(text, { surface: 'caption', language: 'en' }).verdict, 'review', 'weakened to a warning');
});

t.test('refuses an action that is not possible on its surface, with the possible ones', async (t) => {
  t.same(of({ '5.7': 'stop', '5.8': { speech: 'stop', frame: 'stop' }, '5.10': 'stop', '5.11': 'stop' }).undone, []);
  t.same(of({ '3.3': 'hold', '3.2': { frame: 'stop' }, '3.1': 'blank', '5.8': 'warn' }).undone, []);
  const watched = of({ '5.8': { speech: 'mute', frame: 'blank' }, '5.7': 'skip' });
  t.same(watched.undone, [
    {
      where: 'compliance.actions["5.8"].speech',
      expected: '"warn", "stop" on speech',
      found: '"mute", which is not possible there',
    },
    {
      where: 'compliance.actions["5.8"].frame',
      expected: '"warn", "stop" on frame',
      found: '"blank", which is not possible there',
    },
    {
      where: 'compliance.actions["5.7"]',
      expected: '"warn", "stop" on speech',
      found: '"skip", which is not possible there',
    },
  ]);
  t.equal(watched.action('5.8', 'speech'), 'warn', 'and the table holds');
  for (const action of ['blur', 'pixelate', 'hold']) {
    const expected = '"blank", "stop" on frame';
    t.match(of({ '3.2': action }).undone, [{ where: 'compliance.actions["3.2"]', expected }]);
    t.match(of({ '1.2': { frame: action } }).undone, [{ where: 'compliance.actions["1.2"].frame', expected }]);
  }
  t.match(checkActions(watched), [{ severity: 'fault' }, { severity: 'fault' }, { severity: 'fault' }]);
});
