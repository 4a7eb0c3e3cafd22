import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { Admission } from '../../src/admission/admission.js';
import { checkComposed } from '../../src/check/check-composed.js';
import { checkGlyphs } from '../../src/check/layout/lint-layout.js';
import { checkLedger } from '../../src/check/check-ledger.js';
import { checkOutputs } from '../../src/check/check-outputs.js';
import { admitOnce, checkMusicWords, checkNames, checkOwnWords } from '../../src/check/check-room.js';
import { checkRulePacks } from '../../src/check/check-rule-packs.js';
import { listVoices } from '../../src/check/list-voices.js';
import { loadRoom, parseRoom } from '../../src/config/load-room.js';
import type { RoomConfig } from '../../src/config/room-config.js';
import { EngineError } from '../../src/core/errors.js';
import { templatePath } from '../../src/core/files/paths.js';
import { silentLog } from '../../src/core/log.js';
import { TextJudge } from '../../src/moderation/text-judge.js';
import { loadKernels } from '../../src/native/load-kernels.js';
import { PictureProcess } from '../../src/scene/drawing/picture-process.js';
import { GlyphSet } from '../../src/scene/fonts/glyph-set.js';
import { splitCode } from '../kit/split-code.js';

t.test('admit once', async (t) => {
  const picture = (value: number, where = 'a', width = 2) => ({
    ...{ where, width, height: 4 / width },
    rgba: new Uint8Array(16).fill(value),
  });

  t.test('judges equal pixels once, in every scene', async (t) => {
    const judged: string[] = [];
    const admit = admitOnce(async ({ where, rgba, width }) => void judged.push(`${where} ${rgba[0]} ${width}`));
    await Promise.all([admit(picture(1)), admit(picture(1, 'b'))]);
    await admit(picture(2, 'c'));
    await admit(picture(1, 'd', 4));
    t.same(judged, ['a 1 2', 'c 2 2', 'd 1 4'], 'other pixels, and the same in another shape, are judged separately');
  });

  t.test('refuses a refused picture again', async (t) => {
    let times = 0;
    const admit = admitOnce(async ({ where }) => {
      times += 1;
      throw new EngineError('E_ASSET_REFUSED', { where });
    });
    for (const where of ['a', 'b']) await t.rejects(admit(picture(1, where)), { code: 'E_ASSET_REFUSED' });
    t.equal(times, 1);
  });
});

t.test('check composed', async (t) => {
  const { draw } = new PictureProcess({ log: silentLog });

  t.test('finds a code in two halves in the composed picture', async (t) => {
    const dir = t.testdir();
    const layers = await splitCode(dir, [40, 60]);
    const room = (shown: object[]) =>
      parseRoom(
        JSON.stringify({
          name: 'halves',
          video: { width: 480, height: 480, background: '#406080' },
          presenter: { pack: 'mei' },
          layers: [{ id: 'who', type: 'presenter', anchor: 'bottom-right', width: 100, height: 160 }, ...shown],
          script: { segments: [{ lines: [{ text: 'Hello' }] }] },
        }),
        join(dir, 'room.json'),
      );
    const admission = new Admission({
      kernels: loadKernels(),
      log: silentLog,
      ledger: () => undefined,
      judge: new TextJudge(),
      room: room([]),
    });
    t.teardown(() => admission.close());
    const check = (shown: object[]) =>
      checkComposed(room(shown), { kernels: loadKernels(), draw, presenter: undefined, admission });
    t.match(await check(layers), [{ severity: 'fault', where: 'composed picture', rule: '3.3', found: /^qr/ }]);
    t.same(await check(layers.slice(1)), [], 'the half with one finder is not a code');
    t.match(
      await check(layers.slice(0, 1)),
      [{ found: 'undecoded-code' }],
      'the half with two finders is one by itself',
    );
  });
});

t.test('check ledger', async (t) => {
  t.test('accepts a writable ledger and leaves nothing behind', async (t) => {
    const dir = t.testdir({ 'old.jsonl': 'a line\n' });
    t.same(await checkLedger(join(dir, 'a', 'b', 'ledger.jsonl')), []);
    t.notOk(existsSync(join(dir, 'a')));
    t.same(await checkLedger(join(dir, 'old.jsonl')), []);
    t.equal(readFileSync(join(dir, 'old.jsonl'), 'utf8'), 'a line\n');
  });

  t.test('reports an unwritable ledger with its place and cause', async (t) => {
    const dir = t.testdir({ file: 'x', folder: {} });
    const cases: [string, RegExp][] = [
      [join(dir, 'folder'), /^a folder$/],
      [join(dir, 'file', 'ledger.jsonl'), /ENOTDIR|EEXIST/],
      ['/dev/null', /other than a regular file/],
      ['/proc/none/room/ledger.jsonl', /ENOENT/],
    ];
    for (const [file, found] of cases) {
      const faults = await checkLedger(file);
      t.match(faults, [{ severity: 'fault', where: 'compliance.ledger', found }], file);
      t.match(faults[0]!.expected, file);
    }
    t.ok(existsSync(join(dir, 'folder')));
  });
});

t.test('check music', async (t) => {
  const roomWith = (audio: object) =>
    parseRoom(
      JSON.stringify({
        name: 'music',
        presenter: { pack: 'mei' },
        layers: [{ id: 'who', type: 'presenter', anchor: 'bottom' }],
        script: { segments: [{ lines: [{ text: 'Hello' }] }] },
        audio,
      }),
      '/room/room.json',
    );

  t.test('requires that somebody has listened to the music for words', async (t) => {
    t.match(checkMusicWords(roomWith({ music: { src: 'song.wav' } })), [
      { severity: 'warning', where: 'audio.music.instrumental' },
    ]);
    t.strictSame(checkMusicWords(roomWith({ music: { src: 'bed.wav', instrumental: true } })), []);
    t.strictSame(checkMusicWords(roomWith({})), []);
  });
});

t.test('check names', async (t) => {
  const room = (lines: readonly object[], more: object = {}) =>
    parseRoom(
      JSON.stringify({
        name: 'names',
        presenter: { pack: 'mei' },
        layers: [{ id: 'who', type: 'presenter' }],
        products: [
          {
            id: 'kettle',
            title: 'Foldable Silicone Kettle',
            image: 'kettle.png',
            licence: 'own work',
            price: { amount: 9, currency: 'USD' },
            ...more,
          },
        ],
        script: { segments: [{ product: 'kettle', lines }] },
      }),
      '/rooms/room.json',
    );

  t.test('faults a segment that never says what its product is, in each language by itself', async (t) => {
    const silent = [{ text: 'Look at this one.' }, { text: 'It is good to have.' }, { text: 'Open it below.' }];
    t.match(checkNames(room(silent)), [{ severity: 'fault', where: 'script.segments[0]', todo: /name\.en/ }]);
    t.same(checkNames(room([{ text: 'Here is the kettle.' }, ...silent])), []);
    const chinese = [
      { text: '现在我手上这款，我们仔细看看。', language: 'zh' },
      { text: '价格在商品页。', language: 'zh' },
      { text: '点开下方商品。', language: 'zh' },
    ];
    t.match(checkNames(room([{ text: 'Here is the kettle.' }, ...silent, ...chinese])), [{ todo: /name\.zh/ }]);
    const named = [{ text: '这是港湾壶。', language: 'zh' }, ...chinese];
    t.same(checkNames(room(named, { name: { zh: '港湾壶' } })), []);
    t.same(checkNames(room([{ text: 'A word before we go on.' }])), [], 'a remark is no presentation');
  });

  t.test('finds the product named in every room of the package', async (t) => {
    for (const name of readdirSync(templatePath('rooms'))) {
      if (name.startsWith('.') || name.endsWith('.md')) continue;
      t.same(checkNames(loadRoom(templatePath('rooms', name, 'room.json'))), [], name);
    }
  });
});

t.test('check outputs', async (t) => {
  function check(t: Test, outputs: object[], webhooks: object[] = []): string[] {
    const file = join(t.testdir(), 'room.json');
    writeFileSync(file, `\uFEFF${JSON.stringify({ outputs, control: { webhooks } })}`);
    const faults = checkOutputs({ file });
    t.notMatch(JSON.stringify(faults), /s3cret/, 'no key is printed');
    return faults.map((fault) => `${fault.severity} ${fault.where}: ${fault.found}`);
  }

  t.test('reports an impossible port', (t) => {
    const urls = [
      'rtmp://a.example:99999/live/${KEY}',
      'rtmp://a.example:0/live/${KEY}',
      'rtmp://a.example:1935/live/${KEY}',
    ];
    t.same(check(t, [...urls.map((url) => ({ url })), { url: 'rtmp://[::1]:70000/live/${KEY}' }]), [
      'fault outputs[0].url: 99999',
      'fault outputs[1].url: 0',
      'fault outputs[3].url: 70000',
    ]);
    t.same(check(t, [], [{ url: 'https://a.example:65536/x' }]), ['fault control.webhooks[0].url: 65536']);
    t.end();
  });

  t.test('reports a variable without braces', (t) => {
    const found = check(t, [
      { url: 'rtmp://a.example/live/$TAOBAO_KEY' },
      { url: 'https://a.example/whip', token: '$TOKEN' },
      { url: 'rtmp://a.example/live/${KEY}?p=$5', backupUrl: 'rtmp://b.example/live/${KEY}' },
    ]);
    t.match(found[0], /^fault outputs\[0\]\.url: \$TAOBAO_KEY, which would be sent as it is/);
    t.match(
      found.find((line) => line.startsWith('fault outputs[1].token')),
      /\$TOKEN/,
    );
    t.notOk(found.some((line) => line.includes('outputs[2]')));
    t.end();
  });

  t.test('warns about a stream key written in the room file', (t) => {
    const keys = [
      { url: 'rtmp://a.example/live/s3cret-key-0' },
      { url: 'rtmp://a.example/live/room?auth=s3cret' },
      { url: 'rtmps://user:s3cret@a.example/live/${KEY}' },
      { url: 'rtmp://a.example/live/${KEY}', backupUrl: 'rtmp://b.example/live/s3cret-key-1' },
      { url: 'srt://a.example:9000?streamid=publish:s3cret' },
      { url: 'srt://a.example:9000?passphrase=s3cret-s3cret&latency=300' },
      { url: 'https://a.example/whip', token: 's3cret' },
    ];
    t.same(
      check(t, keys, [{ url: 'https://hooks.example/x?access_token=s3cret' }]).map((line) => line.split(':')[0]),
      [
        ...[0, 1, 2].map((i) => `warning outputs[${i}].url`),
        'warning outputs[3].backupUrl',
        ...[4, 5].map((i) => `warning outputs[${i}].url`),
        'warning outputs[6].token',
        'warning control.webhooks[0].url',
      ],
    );
    t.end();
  });

  t.test('accepts keys from the environment, names of streams and this machine', (t) => {
    const fine = [
      { url: 'rtmp://a.example/live/${KEY}' },
      { url: 'rtmp://a.example/live/room1' },
      { url: 'rtmp://127.0.0.1:1935/live/a-long-stream-name' },
      { url: 'srt://a.example:9000?streamid=${ID}&passphrase=${PASS}' },
      { url: 'https://a.example/whip', token: '${TOKEN}' },
      { kind: 'hls', id: 'hls' },
    ];
    t.same(check(t, fine, [{ url: 'https://hooks.example/x' }]), []);
    t.end();
  });
});

t.test('check own words', async (t) => {
  const roomWith = (words: object) =>
    parseRoom(
      JSON.stringify({
        name: 'words',
        presenter: { pack: 'mei' },
        layers: [{ id: 'who', type: 'presenter', anchor: 'bottom' }],
        script: { segments: [{ lines: [{ text: 'Hello' }] }] },
        compliance: { words },
      }),
      '/room/room.json',
    );

  t.test('lists a rule that words cannot break as a fault with its place', async (t) => {
    const { own, faults } = checkOwnWords(roomWith({ forbid: [{ rule: '4.99', terms: ['zorp'] }] }));
    t.equal(own, undefined);
    t.match(faults, [{ severity: 'fault', where: 'compliance.words.forbid[0].rule', found: '"4.99"' }]);
  });

  t.test('gives the words of a room to its judge', async (t) => {
    const { own, faults } = checkOwnWords(roomWith({ forbid: [{ rule: '2.1', terms: ['zorp'] }] }));
    t.ok(own);
    t.strictSame(faults, []);
  });
});

t.test('check rule packs', async (t) => {
  const pack = (more: object): string => JSON.stringify({ rule: '2.1', language: 'en', ...more });

  t.test('accepts a sound pack, judged together with the project’s own', async (t) => {
    const say = { absolute: ['copper moon'] };
    const dir = t.testdir({
      '2.1': { 'en.json': pack({ say, trip: ['A copper moon of a pan.'], pass: ['The pan is made of copper.'] }) },
    });
    t.match(checkRulePacks(dir), { packs: 1, terms: 1, trip: 1, pass: 1, faults: [] });
  });

  t.test('names every fault with its file and place', async (t) => {
    const near = [{ kind: 'claim', all: ['nowhere', 'superlative'], within: 20 }];
    const say = { absolute: ['copper moon', 'copper moon'] };
    const dir = t.testdir({
      '2.1': {
        'de.json': pack({ language: 'de', near, say, trip: ['Eine Pfanne.'], pass: ['A copper moon, Leute.'] }),
        'en.json': '{\n  "rule": "2.1",\n  "language" "en"\n}',
        'es.json': pack({ language: 'es', say: { absolute: [''] }, sayings: {} }),
        'fr.json': pack({ language: 'it' }),
      },
    });
    t.strictSame(
      checkRulePacks(dir).faults.map(({ where }) => where),
      [
        '2.1/en.json:3',
        '2.1/es.json: say.absolute[0]',
        '2.1/es.json',
        '2.1/fr.json',
        '2.1/de.json: near[0].all[0]',
        '2.1/de.json: absolute',
        '2.1/de.json: trip[0]',
        '2.1/de.json: pass[0]',
      ],
    );
  });

  t.test('describes the expected contents of a folder without packs', async (t) => {
    t.throws(() => checkRulePacks(t.testdir({})), { code: 'E_ASSET_MISSING', expected: /<rule>\/<language>\.json/ });
    t.throws(() => checkRulePacks('/nowhere/at/all'), { code: 'E_ASSET_MISSING', found: 'no folder' });
  });

  t.test('a folder or a device in a pack’s place is a fault', async (t) => {
    const dir = t.testdir({ '2.1': { 'en.json': {} } });
    t.match(checkRulePacks(dir).faults, [{ where: '2.1/en.json', expected: 'a rule pack', found: 'a folder' }]);
  });
});

t.test('check glyphs', async (t) => {
  const LATIN = new GlyphSet([
    [0x20, 0x24f],
    [0x1e00, 0x1eff],
  ]);

  const room = (given: object): RoomConfig =>
    ({
      ...{ name: 'shop', title: 'Shop', language: 'en', layers: [], products: [], compliance: {} },
      script: { segments: [], fillers: [] },
      takeover: { quickPhrases: [] },
      ...given,
    }) as unknown as RoomConfig;
  const line = (text: string, more: object = {}): object => ({
    script: { segments: [{ lines: [{ text, variants: [], ...more }] }], fillers: [] },
  });

  t.test('finds no fault in a room whose letters all have a glyph', async (t) => {
    t.same(checkGlyphs(room(line('Hello and welcome!')), LATIN), []);
  });

  t.test('names the place, the letters, their script and the package that has them', async (t) => {
    t.match(checkGlyphs(room(line('নমস্কার')), LATIN), [
      {
        severity: 'fault',
        where: 'script.segments[0].lines[0].text',
        expected: /npm install @fontsource-variable\/noto-sans-bengali beside the engine/,
        found: /^no font for ন ম স .* and 1 more \(Bengali\)$/,
      },
    ]);
    t.same(checkGlyphs(room(line('নমস্কার', { caption: 'Hello' })), LATIN), [], 'only the caption is drawn');
  });

  t.test('finds a language whose answers and prices cannot be drawn', async (t) => {
    const found = checkGlyphs(
      room({
        language: 'my',
        products: [{ price: { amount: 12, currency: 'MMK', unit: '' }, title: '', subtitle: '', minimumOrder: '' }],
      }),
      LATIN,
    );
    t.same(
      found.map(({ where }) => where),
      ['language', 'products[0].price'],
    );
  });

  t.test('warns of a sign without a glyph', async (t) => {
    t.match(checkGlyphs(room(line('Deal ⛟')), LATIN), [{ severity: 'warning', expected: /~\/\.local\/share\/fonts/ }]);
  });
});

t.test('list voices', async (t) => {
  t.test('lists the voices of one language, those of presenters first', async (t) => {
    const english = await listVoices('en');
    t.same(
      english.slice(0, 3).map(({ name, presenters }) => ({ name, presenters })),
      [
        { name: 'heart', presenters: ['mei'] },
        { name: 'heart-hugo', presenters: ['leo'] },
        { name: 'heart-pearl', presenters: ['amara'] },
      ],
    );
    t.ok(
      english.every(({ language }) => language.startsWith('en')),
      'English only',
    );
    const spanish = await listVoices('es');
    t.same(
      spanish.filter((v) => v.presenters.length > 0).map(({ name }) => name),
      ['es', 'es+f2', 'es+f4'],
    );
    t.ok(
      spanish.some(({ name }) => name === 'es-419+f2'),
      'regions of the language are listed',
    );
    t.ok(spanish.length < 60, `${spanish.length} voices`);
  });
});
