import t from 'tap';
import { room } from '../../src/config/room.js';
import { valueFault } from '../../src/config/value-fault.js';

const host = { id: 'host', type: 'presenter' };
const base = {
  name: 'shop',
  presenter: { pack: 'mei' },
  layers: [host],
  script: { segments: [{ lines: [{ text: 'Hello' }] }] },
};

/** The faults of a room, each in one line. */
function faultsOf(value: unknown): string[] {
  const { error } = room.safeParse(value);
  return (error?.issues ?? []).map((issue) => {
    const { where, expected, found } = valueFault(issue, value);
    return `${where}: expected ${expected}, found ${found}`;
  });
}

t.test('a value of another kind is told by what belongs there, in words of a room file', (t) => {
  t.same(faultsOf({ ...base, control: { port: '8080' } }), ['control.port: expected a number, found "8080"']);
  t.same(faultsOf({ ...base, layers: [host, 'x'] }), ['layers[1]: expected an object {…}, found "x"']);
  t.same(faultsOf({ ...base, layers: [host, { id: 'a', type: 'image' }] }), [
    'layers[1].src: expected a text in quotes, found nothing',
  ]);
  t.same(faultsOf(null), [': expected an object {…}, found null']);
  t.end();
});

t.test('bounds are told as numbers of what they bound', (t) => {
  t.same(faultsOf({ ...base, script: { segments: [] } }), ['script.segments: expected at least 1 item, found []']);
  t.match(faultsOf({ ...base, control: { port: 99_999 } }), [/^control\.port: expected at most 65535, found 99999$/]);
  t.end();
});

t.test('of several forms the one that is meant is told, and all where none is', (t) => {
  const actions = (value: unknown): string[] => faultsOf({ ...base, compliance: { actions: value } });
  t.match(actions({ '3.2': { speech: 'explode' } }), [
    /^compliance\.actions\["3\.2"\]\.speech: expected one of "warn".*, found "explode"$/,
  ]);
  t.match(actions({ '3.2': 'explode' }), [
    /^compliance\.actions\["3\.2"\]: expected one of "warn".* or an object \{…\}, found "explode"$/,
  ]);
  t.match(actions({ '3.2': { sound: 'mute' } }), [
    /^compliance\.actions\["3\.2"\]: expected only known keys, found "sound"$/,
  ]);
  t.end();
});

t.test('a key that may not be one is told with what may', (t) => {
  t.same(faultsOf({ ...base, compliance: { actions: { '9.9': 'mute' } } }), [
    'compliance.actions: expected the id of a rule, such as "3.2", found the key "9.9"',
  ]);
  t.end();
});

t.test('no fault of a room is told in the words of the library that checks it', (t) => {
  const bad = [
    { ...base, video: { width: 721, height: '1280', fps: '30' } },
    { ...base, products: [{ id: 'a', price: 'x' }], outputs: [{ id: 'a', kind: 'ftp' }], language: 7 },
    { ...base, name: '../../etc', layers: {}, audio: { music: 3 }, seed: -1 },
  ];
  for (const fault of bad.flatMap(faultsOf)) t.notMatch(fault, /Invalid|received|Too |undefined/, fault);
  t.end();
});
