import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { changed } from '../../src/studio/app/file-change.js';
import { matchPath } from '../../src/studio/app/match-path.js';
import { outputReason } from '../../src/studio/app/output-reason.js';
import { strengthOf } from '../../src/studio/app/password.js';
import { withoutMarked } from '../../src/core/secrets.js';
import { isInShot, movedBy, placeFor } from '../../src/studio/pages/customise/geometry.js';
import { namesOf } from '../../src/studio/pages/customise/layer-names.js';
import { newFromTemplate } from '../../src/templates/new-from-template.js';
import { piecesOf } from '../../src/studio/pages/products/pieces.js';

const hit = (text: string, match: string) => {
  const start = text.indexOf(match);
  return {
    start,
    end: start + match.length,
    match,
    rule: '2.1',
    kind: 'absolute',
    action: 'skip',
    text: { en: '', zh: '' },
  };
};

t.test('a path gives its parameters, or nothing', async (t) => {
  t.same(matchPath('/rooms/:room/desk', '/rooms/oak-1/desk'), { room: 'oak-1' });
  t.same(matchPath('/rooms/:room/desk', '/rooms/oak-1/desk/'), { room: 'oak-1' });
  t.same(matchPath('/rooms/:room/desk', '/rooms/a%20b/desk'), { room: 'a b' });
  for (const other of ['/rooms//desk', '/rooms/oak-1', '/rooms/oak-1/desk/x', '/people'])
    t.equal(matchPath('/rooms/:room/desk', other), null, other);
});

t.test('the error of an output is in words, with its address', async (t) => {
  const words = (key: string): string => key.replace('output.reason.', '');
  const said = (error: string): string => outputReason(error, words);
  t.equal(said('expected a connection, found connect ECONNREFUSED 203.0.113.7:1935'), 'refused (203.0.113.7:1935)');
  t.equal(said('expected a connection, found connect ETIMEDOUT [2001:db8::7]:1935'), 'no-answer ([2001:db8::7]:1935)');
  t.equal(said('found getaddrinfo ENOTFOUND live.oakmere.example'), 'no-such-host (live.oakmere.example)');
  t.equal(said('found read ECONNRESET'), 'closed');
  const full = "read ECONNRESET; the platform's 4 publishes per hour are used up; the next is in 700 s";
  for (const other of ['', 'the server refused the stream key', full]) t.equal(said(other), other);
});

t.test('a layer with a place of its own in a shot is moved in that shot alone', async (t) => {
  const canvas = { width: 720, height: 1280 };
  const hero = { x: '10%', y: 20 };
  const layer = { type: 'image', x: 200, y: 300, shots: { hero, 'close-up': {} } } as const;
  t.same(movedBy(layer, 5, 6, canvas, 'hero'), { shots: { hero: { x: 77, y: 26 }, 'close-up': {} } });
  t.same(movedBy(layer, 5, 6, canvas, 'close-up'), { x: 205, y: 306 });
  const box = { x: 8, y: 9, width: 100, height: 50 };
  t.same(placeFor(layer, box, canvas, 'hero'), { shots: { hero: { x: 8, y: 9 }, 'close-up': {} } });
  t.same(placeFor(layer, box, canvas, 'close-up'), { x: 8, y: 9 });
  t.same(
    (['hero', 'side-by-side', 'close-up'] as const).map((shot) => isInShot(layer, shot)),
    [true, false, true],
  );
});

t.test('layers of a template have names of the language, each its own', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'layer-names-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const files = [
    'templates/rooms/demo-portrait/room.json',
    'templates/rooms/demo-landscape/room.json',
    await newFromTemplate(join(folder, 'kitchen'), {
      template: 'kitchen',
      language: 'zh',
      orientation: 'portrait',
    } as never),
  ];
  const messages = JSON.parse(readFileSync('src/studio/messages/zh.json', 'utf8')) as Record<string, string>;
  for (const file of files) {
    const { layers } = JSON.parse(readFileSync(file, 'utf8')) as { layers: ({ id: string; type: string } & object)[] };
    const states = layers.map((layer) => ({ id: layer.id, layer, box: null })) as never;
    const names = namesOf(
      states,
      (key) => messages[key] ?? null,
      null,
      (id) => `商品（${[...id].map((one) => one.codePointAt(0)).join('')}）`,
    );
    t.equal(new Set(names.values()).size, layers.length, `${file}: no two have one name`);
    const english = layers.filter(
      ({ id, type }) => type !== 'bubble' && /[a-z]/i.test(names.get(id)!.replace('AI', '')),
    );
    t.same(
      english.map(({ id }) => `${id}: ${names.get(id)}`),
      [],
      file,
    );
  }
});

t.test('a line is cut at the marks of the judge', async (t) => {
  const text = 'It is the best bottle, ready in two weeks.';
  const pieces = piecesOf(text, [hit(text, 'two weeks'), hit(text, 'best bottle')]);
  t.equal(pieces.map((one) => one.text).join(''), text, 'no word is lost');
  t.same(
    pieces.filter((one) => one.hit !== null).map((one) => one.text),
    ['best bottle', 'two weeks'],
  );
  const twice = [hit(text, 'best bottle'), hit(text, 'bottle')];
  t.equal(
    piecesOf(text, twice)
      .map((one) => one.text)
      .join(''),
    text,
    'marks that overlap',
  );
  t.same(
    piecesOf('short', [{ ...hit(text, 'weeks') }]).map((one) => one.text),
    ['short'],
    'marks of another wording are left out',
  );
});

t.test('the clause with the marked words is left out of what may be said instead', async (t) => {
  const text = 'It is the best bottle in the world, and it has a double wall.';
  t.equal(withoutMarked(text, [hit(text, 'best bottle in the world')]), 'It has a double wall.');
  const zh = '这是全网最好的水杯，双层不锈钢，保温十二小时。';
  t.equal(withoutMarked(zh, [hit(zh, '最好')]), '双层不锈钢，保温十二小时。');
  t.equal(withoutMarked('The best.', [hit('The best.', 'best')]), null, 'nothing is left to say');
});

t.test('a change of the file leaves the rest, and what was read, as it was', async (t) => {
  const file = { script: { segments: [{ lines: [{ text: 'a' }, { text: 'b' }] }] }, 'a/b': 1 };
  const next = changed(file, [{ path: '/script/segments/0/lines/1/text', value: 'c' }]);
  t.same(next.script.segments[0]?.lines, [{ text: 'a' }, { text: 'c' }]);
  t.same(file.script.segments[0]?.lines[1], { text: 'b' });
  t.same(changed(file, [{ path: '/script/segments/0/lines/0' }]).script.segments[0]?.lines, [{ text: 'b' }]);
  t.same(changed(file, [{ path: '/a~1b', value: 2 }])['a/b'], 2);
});

t.test('a password of one letter over and over is weak, a sentence is strong', async (t) => {
  t.equal(strengthOf(''), 0);
  t.equal(strengthOf('short1!'), 1);
  t.equal(strengthOf('aaaaaaaaaaaaaaaaaaaa'), 1);
  t.ok(strengthOf('seven green kettles') >= 3);
});
