import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import { checkActions } from '../../src/admission/texts/room-rule-actions.js';
import { actions } from '../../src/config/sections/compliance.js';
import { isEngineError } from '../../src/core/errors.js';
import { packageRoot, templatePath } from '../../src/core/files/paths.js';
import { AhoCorasick, lexiconTables, writeLexiconTables } from '../../src/moderation/lexicon/lexicon-tables.js';
import { packFiles, readCheckedPacks, writeCheckedPacks } from '../../src/moderation/packs/checked-packs.js';
import { defaultAction, RuleActions, ruleById, rulePackSchema, RULES } from '../../src/moderation/packs/rule-table.js';
import { loadRulePacks, readPack, rulePack } from '../../src/moderation/packs/rule-packs.js';
import { TextJudge } from '../../src/moderation/text-judge.js';
import { wordTable, wordTableFile, wordTableSchema } from '../../src/moderation/words/word-table.js';
import { sampled } from '../kit/whole.js';

t.test('fixtures', async (t) => {
  // Read from the files, because checked packs have no fixtures.
  const packs = packFiles(templatePath('rules')).map(readPack);
  const judge = new TextJudge({ packs });
  const lineOf = (f: string | { text: string }): string => (typeof f === 'string' ? f : f.text);

  for (const pack of sampled(packs, 4)) {
    if (pack.trip.length + pack.pass.length === 0) continue;
    t.test(`rule ${pack.rule} in ${pack.language} reports its violations and none of its near misses`, async (t) => {
      for (const fixture of pack.trip) {
        const text = lineOf(fixture);
        const { hits } = judge.judge(text, { surface: 'speech', language: pack.language });
        t.ok(
          hits.some((h) => h.rule === pack.rule),
          `${text} breaks ${pack.rule}`,
          { found: hits.map((h) => `${h.rule} ${h.match}`) },
        );
      }
      for (const fixture of pack.pass) {
        const text = lineOf(fixture);
        const { hits } = judge.judge(text, { surface: 'speech', language: pack.language });
        t.equal(hits.map((h) => `${h.rule} ${h.kind} «${h.match}»`).join('; '), '', text);
      }
    });
  }
});

t.test('rule actions', async (t) => {
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
    for (const surface of ['speech', 'caption', 'reply', 'frame'] as const)
      t.equal(some.action('5.2', surface), 'stop');
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
});

t.test('rule pack schema', async (t) => {
  const json = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

  t.test('the committed schema of rule packs equals the generated one', async (t) => {
    t.strictSame(json(templatePath('schema', 'rule-pack.schema.json')), JSON.parse(JSON.stringify(rulePackSchema())));
  });

  t.test('every pack names the schema', async (t) => {
    for (const file of packFiles(templatePath('rules')))
      t.match(json(file), { $schema: '../../schema/rule-pack.schema.json' }, file);
  });
});

t.test('rule table', async (t) => {
  t.test('every rule has titles, a weight and an action on each of its surfaces', async (t) => {
    t.equal(RULES.length, 25);
    t.equal(new Set(RULES.map((r) => r.id)).size, RULES.length);
    for (const rule of RULES) {
      t.ok(rule.title.en.length > 3 && rule.title.zh.length >= 2 && rule.weight > 0, rule.id);
      for (const surface of rule.surfaces) t.ok(defaultAction(rule.id, surface), `${rule.id} on ${surface}`);
    }
    t.equal(ruleById('9.9'), undefined);
    t.equal(defaultAction('5.10', 'speech'), undefined);
  });

  t.test('reports the faulty field of a broken pack', async (t) => {
    const folder = t.testdir();
    mkdirSync(join(folder, '3.2'));
    writeFileSync(join(folder, '3.2', 'en.json'), JSON.stringify({ rule: '3.2', language: 'en', says: {} }));
    try {
      loadRulePacks(folder);
      t.fail('it was accepted');
    } catch (e) {
      t.ok(isEngineError(e) && e.code === 'E_ASSET_INVALID' && /3\.2.en\.json/.test(e.where));
    }
    writeFileSync(join(folder, '3.2', 'en.json'), '{');
    t.throws(() => loadRulePacks(folder), { code: 'E_ASSET_INVALID' });
  });
});

t.test('aho corasick', async (t) => {
  /** The matches of a plain search, in the automaton's order. */
  function plain(words: readonly string[], text: string): string[] {
    const found: [number, number, number][] = [];
    for (const [w, word] of words.entries()) {
      for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) found.push([w, at, at + word.length]);
    }
    return found.sort((a, b) => a[2] - b[2] || a[1] - b[1]).map((f) => f.join(' '));
  }

  function automatic(words: readonly string[], text: string): string[] {
    const found: string[] = [];
    AhoCorasick.of(words).search(text, (...hit) => void found.push(hit.join(' ')));
    return found;
  }

  t.test('finds every occurrence of every word, also within one another', (t) => {
    t.same(automatic(['he', 'she', 'his', 'hers'], 'ushers'), ['1 1 4', '0 2 4', '3 2 6']);
    t.same(automatic(['微信', '加微信', '信'], '加微信'), ['1 0 3', '0 1 3', '2 2 3']);
    t.end();
  });

  t.test('agrees with a plain search on thousands of random words', (t) => {
    let state = 7;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 8) % below;
    };
    // Code units from both ends of the range, which the hash must distinguish.
    const letters = ['a', 'b', 'c', '中', '文', '\uffee', '\u0001'];
    const word = (): string => Array.from({ length: 1 + random(5) }, () => letters[random(letters.length)]).join('');
    const words = [...new Set(Array.from({ length: 4000 }, word))];
    const text = Array.from({ length: 600 }, () => letters[random(letters.length)]).join('');
    t.ok(words.length > 1000);
    t.same(automatic(words, text), plain(words, text));
    t.end();
  });
});

t.test('lexicon', async (t) => {
  const judge = new TextJudge({ model: null });
  const rules = (text: string, language: string): string[] =>
    judge.judge(text, { surface: 'speech', language }).hits.map((h) => h.rule);

  t.test('an expressly denied claim breaks no rule, on either side of the denial', async (t) => {
    for (const [text, language] of [
      ["I wouldn't call it the best in the world, it's a decent kettle", 'en'],
      ['No diría que es la mejor del mercado', 'es'],
      ['Ich würde nicht sagen, dass es das beste am Markt ist', 'de'],
      ['Я бы не сказала, что он лучший на рынке', 'ru'],
      ['我不能保证一定赚钱', 'zh'],
      ['必ず儲かるとは言えません', 'ja'],
    ] as const)
      t.strictSame(rules(text, language), [], text);
    t.ok(rules('It is the best in the world', 'en').includes('2.1'));
    t.ok(rules('必ず儲かる商品です', 'ja').includes('2.1'));
  });

  t.test('a bet with money on an outcome is gambling, dice in a game are not', async (t) => {
    t.ok(rules('Apuesten cinco pesos, par o impar', 'es').includes('1.3'));
    t.ok(rules('Ставочки делаем, орёл или решка', 'ru').includes('1.3'));
    t.ok(rules('홀짝 만 원씩 거시고', 'ko').includes('1.3'));
    t.strictSame(rules('The dice in this game are wooden', 'en'), []);
  });

  t.test('an effect of a bracelet is a claim, its denial is not', async (t) => {
    t.ok(rules('Con esta pulsera te toca la lotería', 'es').includes('2.1'));
    t.ok(rules('戴这串手链能招财转运', 'zh').includes('2.1'));
    t.strictSame(rules('Nessun bracciale porta fortuna', 'it'), []);
  });
});

t.test('lexicon tables', async (t) => {
  const pack = (words: string[]) => rulePack.parse({ rule: '3.1', language: 'en', say: { payment: words } });
  const dir = mkdtempSync(join(tmpdir(), 'showroom-tables-'));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));

  t.test('uses the tables of the build for the packs they were made of, and for no others', async (t) => {
    const file = pathToFileURL(join(dir, 'tables.bin'));
    const packs = [pack(['wire transfer', 'ｐａｙｐａｌ*'])];
    const made = lexiconTables(packs, file);
    writeLexiconTables(packs, file);
    const kept = lexiconTables(packs, file) as object;
    t.match(kept, { packs: /^[0-9a-f]{64}$/ }, 'read from the file');
    t.strictSame({ ...kept, packs: undefined }, { ...made, packs: undefined });
    const others = lexiconTables([pack(['wire transfers'])], file) as object;
    t.notHas(others, { packs: /./ }, 'one word was changed');
    writeFileSync(file, 'damaged');
    t.strictSame(lexiconTables(packs, file), made);
  });

  t.test('uses checked packs only for the bytes that were checked', async (t) => {
    mkdirSync(join(dir, 'rules', '3.1'), { recursive: true });
    const one = join(dir, 'rules', '3.1', 'en.json');
    writeFileSync(one, JSON.stringify({ rule: '3.1', language: 'en', say: { payment: ['wire transfer'] } }));
    const folder = join(dir, 'rules');
    const file = pathToFileURL(join(dir, 'packs.bin'));
    t.equal(readCheckedPacks(folder, file), undefined, 'none were kept');
    const packs = loadRulePacks(folder);
    writeCheckedPacks(folder, packs, file);
    t.strictSame(readCheckedPacks(folder, file), packs);
    writeFileSync(one, JSON.stringify({ rule: '3.1', language: 'en', say: { payment: ['cash'] } }));
    t.equal(readCheckedPacks(folder, file), undefined, 'a file was changed');
  });
});

t.test('word table', async (t) => {
  const files = readdirSync(templatePath('words')).filter((file) => file.endsWith('.json'));
  const json = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

  t.test('the committed schema of word tables equals the generated one', async (t) => {
    t.strictSame(json(templatePath('schema', 'word-table.schema.json')), JSON.parse(JSON.stringify(wordTableSchema())));
  });

  t.test('every word table follows the schema, and each of its lists is a regular expression', async (t) => {
    t.ok(files.length > 20);
    for (const file of files) {
      const { lists } = wordTableFile.parse(json(templatePath('words', file)));
      const table = wordTable(file.slice(0, -'.json'.length));
      for (const name of Object.keys(lists)) t.doesNotThrow(() => new RegExp(table.any(name), 'u'), `${file}: ${name}`);
    }
  });

  t.test('every list is read by the detector that reads its file', async (t) => {
    const folder = join(packageRoot(), 'src/moderation');
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => readFileSync(join(folder, path), 'utf8'));
    for (const file of files) {
      const { lists } = wordTableFile.parse(json(templatePath('words', file)));
      const readers = sources.filter((text) => text.includes(`'${file.slice(0, -'.json'.length)}'`)).join('\n');
      for (const name of Object.keys(lists)) t.ok(readers.includes(`'${name}'`), `${file}: ${name}`);
    }
  });

  t.test('gives terms in the order of the file, by language and together', async (t) => {
    const table = wordTable('self-mockery');
    const groups = table.groups('before');
    t.equal(groups[0]?.[0], 'en');
    t.same(
      table.list('before'),
      groups.flatMap(([, terms]) => terms),
    );
    t.equal(table.any('before'), table.list('before').join('|'));
  });

  t.test('reads words with their numbers', async (t) => {
    const digits = new Map(wordTable('spelled-digits').values('digits'));
    t.equal(digits.get('sieben'), 7);
    t.equal(digits.get('零'), 0);
  });

  t.test('names the file when it or one of its lists is missing', async (t) => {
    t.throws(() => wordTable('no-such-table'), { code: 'E_ASSET_INVALID', where: /no-such-table\.json$/ });
    t.throws(() => wordTable('said-domain').list('nothing'), { code: 'E_ASSET_INVALID', where: /said-domain\.json$/ });
    t.throws(() => wordTable('said-domain').groups('mail'), { code: 'E_ASSET_INVALID' });
  });
});
