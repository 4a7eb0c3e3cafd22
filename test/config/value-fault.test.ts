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

/** The faults of a room, one per line. */
function faultsOf(value: unknown): string[] {
  const { error } = room.safeParse(value);
  return (error?.issues ?? []).map((issue) => {
    const { where, expected, found } = valueFault(issue, value);
    return `${where}: expected ${expected}, found ${found}`;
  });
}

t.test('describes a wrong type by the expected one, in words of a room file', (t) => {
  t.same(faultsOf({ ...base, control: { port: '8080' } }), ['control.port: expected a number, found "8080"']);
  t.same(faultsOf({ ...base, layers: [host, 'x'] }), ['layers[1]: expected an object {…}, found "x"']);
  t.same(faultsOf({ ...base, layers: [host, { id: 'a', type: 'image' }] }), [
    'layers[1].src: expected a text in quotes, found nothing',
  ]);
  t.same(faultsOf(null), [': expected an object {…}, found null']);
  t.end();
});

t.test('reports bounds as numbers with their unit', (t) => {
  t.same(faultsOf({ ...base, script: { segments: [] } }), ['script.segments: expected at least 1 item, found []']);
  t.match(faultsOf({ ...base, control: { port: 99_999 } }), [/^control\.port: expected at most 65535, found 99999$/]);
  t.end();
});

t.test('reports the faults of the intended form, and all forms when none is intended', (t) => {
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

t.test('reports an unknown key with the known ones', (t) => {
  t.same(faultsOf({ ...base, compliance: { actions: { '9.9': 'mute' } } }), [
    'compliance.actions: expected the id of a rule, such as "3.2", found the key "9.9"',
  ]);
  t.end();
});

t.test('reports no fault of a room in the words of the validation library', (t) => {
  const bad = [
    { ...base, video: { width: 721, height: '1280', fps: '30' } },
    { ...base, products: [{ id: 'a', price: 'x' }], outputs: [{ id: 'a', kind: 'ftp' }], language: 7 },
    { ...base, name: '../../etc', layers: {}, audio: { music: 3 }, seed: -1 },
  ];
  for (const fault of bad.flatMap(faultsOf)) t.notMatch(fault, /Invalid|received|Too |undefined/, fault);
  t.end();
});

/** As above, with the hints of a room file's schema. */
function hintsOf(value: unknown): string[] {
  const { error } = room.safeParse(value);
  return (error?.issues ?? []).map((issue) => {
    const { where, expected, found, todo } = valueFault(issue, value, room);
    return `${where}: expected ${expected}, found ${found}${todo === undefined ? '' : `; ${todo}`}`;
  });
}

t.test('answers an unknown key with the known ones and the nearest', (t) => {
  t.same(hintsOf({ ...base, control: { rtmp: 1 } }), [
    'control: expected only the keys host, port, rtmpPort, flvPort, webhooks, liveTalking, trustedProxies, maxViewers, assetFolders, found "rtmp"; did you mean "rtmpPort"?',
  ]);
  t.match(hintsOf({ ...base, layers: [{ ...host, widht: 4 }] }), [
    /^layers\[0\]: expected only the keys id, .*type, found "widht"; did you mean "width"\?$/,
  ]);
  t.end();
});

t.test('answers a mistyped choice with the nearest', (t) => {
  t.match(hintsOf({ ...base, layers: [host, { id: 'a', type: 'captions' }] }), [
    /^layers\[1\]\.type: expected one of "image", "text".*, found "captions"; did you mean "caption"\?$/,
  ]);
  t.match(hintsOf({ ...base, script: { segments: [{ lines: [{ text: 'Hi', gesture: 'thumbsup' }] }] } }), [
    /found "thumbsup"; did you mean "thumbs-up"\?$/,
  ]);
  t.end();
});

t.test('shows an example object for a value outside of one', (t) => {
  const voice = (value: unknown): string[] => hintsOf({ ...base, presenter: { pack: 'mei', voice: value } });
  t.same(voice('es-ES'), ['presenter.voice: expected an object such as {"language": "es-ES"}, found "es-ES"']);
  t.same(voice('Jorge'), ['presenter.voice: expected an object such as {"name": "Jorge"}, found "Jorge"']);
  t.same(hintsOf({ ...base, products: [{ id: 'a', title: 'A', image: 'a.png', price: 12.5 }] }), [
    'products[0].price: expected an object such as {"amount": 12.5, "currency": "USD"}, found 12.5',
  ]);
  t.end();
});

t.test('reports missing and surplus quotes', (t) => {
  t.same(hintsOf({ ...base, control: { port: '8080' } }), [
    'control.port: expected a number, found "8080"; write 8080, without quotes',
  ]);
  t.same(hintsOf({ ...base, title: 7 }), ['title: expected a text in quotes, found 7; write "7", in quotes']);
  t.end();
});
