import t from 'tap';
import { jsonPlaces } from '../../src/config/json-text.js';

const text = `{
  "name": "a",
  "layers": [
    { "id": "x: {", "type": "text" },
    { "id": "y",
      "src": "p\\"q" }
  ],
  "actions": { "3.2": { "speech": "mute" } },
  "empty": [], "list": [1, [2, true], null]
}`;

t.test('names the line of every value', async (t) => {
  const { lineOf, duplicate } = jsonPlaces(text);
  t.equal(duplicate, undefined);
  t.equal(lineOf('name'), 2);
  t.equal(lineOf('layers'), 3);
  t.equal(lineOf('layers[0].type'), 4);
  t.equal(lineOf('layers[1]'), 5);
  t.equal(lineOf('layers[1].src'), 6);
  t.equal(lineOf('actions["3.2"].speech'), 8);
  t.equal(lineOf('list[1][1]'), 9);
});

t.test('names the line around a missing value, and accepts the ids of checks', async (t) => {
  const { lineOf } = jsonPlaces(text);
  t.equal(lineOf('layers[1] "y".src'), 6);
  t.equal(lineOf('layers[1].width'), 5);
  t.equal(lineOf('layers[7].width'), 3);
  t.equal(lineOf('actions["9.9"].speech'), 8);
  t.equal(lineOf('composed picture with product "pot"'), undefined);
  t.equal(lineOf(''), undefined);
});

t.test('finds a duplicate key, and no other', async (t) => {
  const twice = '{\n"a": { "b": 1 },\n"c": { "b": 2,\n"\\u0062": 3 }\n}';
  t.same(jsonPlaces(twice).duplicate, { where: 'c.b', line: 4, firstLine: 3 });
  t.equal(jsonPlaces('[{"a":1},{"a":2}]').duplicate, undefined);
});

t.test('a million brackets overflow nothing', async (t) => {
  const deep = '['.repeat(20_000) + ']'.repeat(20_000);
  t.equal(jsonPlaces(deep).lineOf('x'), undefined);
});
