import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { readPresenterPack } from '../../src/avatar/presenter-pack.js';
import type { ListedLanguage } from '../../src/check/list-languages.js';
import { listProviders } from '../../src/check/list-voices.js';
import { demoCommand } from '../../src/cli/commands/start-command.js';
import { playViewers } from '../../src/cli/play-viewers.js';
import { printAddresses } from '../../src/cli/print-addresses.js';
import { languageLines } from '../../src/cli/print-languages.js';
import { languageVoiceLines, providerLines, voiceLines } from '../../src/cli/print-voices.js';
import { progressLog } from '../../src/cli/progress-log.js';
import type { ViewerEvent } from '../../src/config/api/events-handle.js';
import { packageRoot, templatePath } from '../../src/core/files/paths.js';
import { fakeRoom } from '../control/fake-room.js';
import { sampled } from '../kit/whole.js';
import { fixturePath } from '../listing/fixture.js';
import { runEngine, startEngine } from './run-engine.js';
import { runWithInput } from './run-with-input.js';

t.test('commands', async (t) => {
  const minimal = templatePath('rooms', 'minimal', 'room.json');

  t.test('has help with an example for every command', async (t) => {
    const help = await runEngine(['--help']);
    t.equal(help.code, 0);
    const commands = [...help.stdout.matchAll(/^ {2}([a-z]+)(?: \[options\])?/gm)]
      .map((m) => m[1]!)
      .filter((c) => c !== 'help' && c !== 'engine');
    for (const command of ['demo', 'new', 'start', 'check', 'render', 'schema', 'doctor'])
      t.ok(commands.includes(command), command);
    for (const command of sampled([...new Set(commands)], 6)) {
      const { stdout, code } = await runEngine([command, '--help']);
      t.equal(code, 0, command);
      t.match(stdout, /Examples?:\n {2}.*engine /s, `${command} shows an example`);
    }
  });

  t.test('loads little before it knows the command, and no parts of others after', (t) => {
    const loadedBy = (module: string): number => {
      const seen = new Set<string>();
      const load = (file: string): number => {
        if (seen.has(file)) return 0;
        seen.add(file);
        const code = readFileSync(file, 'utf8');
        const imports = [...code.matchAll(/^(?:import|export|\}) ?(?:[^'"\n]*? from )?"(\.[^"]+)"/gm)];
        return imports.reduce((sum, [, path]) => sum + load(join(dirname(file), path!)), code.length);
      };
      return load(join(packageRoot(), 'dist', module));
    };
    const program = readFileSync(join(packageRoot(), 'dist', 'cli', 'main.js'), 'utf8');
    const [, chunk] = /import\("\.\.\/(chunks\/program-\w+\.js)"\)/.exec(program)!;
    t.ok(loadedBy('cli/main.js') < 50_000, `the set-up loads ${loadedBy('cli/main.js')} characters`);
    t.ok(loadedBy(chunk!) < 200_000, `the program loads ${loadedBy(chunk!)} characters`);
    const code = readFileSync(join(packageRoot(), 'dist', chunk!), 'utf8');
    const commands = [...code.matchAll(/import\("\.\/([\w-]+-command-\w+\.js)"\)/g)].map(([, name]) => name!);
    t.ok(commands.length >= 15);
    for (const command of new Set(commands)) {
      const loaded = loadedBy(`chunks/${command}`);
      t.ok(loaded < 1_000_000, `${command} loads ${loaded} characters before it runs`);
    }
    t.end();
  });

  t.test('answers a wrong option or command with the expected ones', async (t) => {
    const bad = await runEngine(['start', '--room', minimal, '--for', 'soon']);
    t.not(bad.code, 0);
    t.match(bad.stderr, /expected seconds.*found "soon"/);
    const typo = await runEngine(['strat']);
    t.not(typo.code, 0);
    t.match(typo.stderr, /Did you mean start\?/);
    t.ok(typo.stderr.trim().split('\n').length <= 3, `not the whole help: ${typo.stderr}`);
  });

  t.test('prints the committed JSON Schema', async (t) => {
    const { stdout, code } = await runEngine(['schema']);
    t.equal(code, 0);
    t.same(JSON.parse(stdout), JSON.parse(readFileSync(templatePath('schema', 'room.schema.json'), 'utf8')));
  });

  t.test('reports the state of this machine, and lists voices', async (t) => {
    const { stdout, code } = await runEngine(['doctor', '--json']);
    t.equal(code, 0);
    const findings = JSON.parse(stdout) as { what: string; state: string; found: string }[];
    t.same(
      findings.map((f) => f.what),
      ['node', 'cores', 'ffmpeg', 'kernels', 'fonts', 'voices', 'models', 'services', 'ports', 'camera'],
    );
    t.notOk(
      findings.some((f) => f.state === 'bad'),
      JSON.stringify(findings.filter((f) => f.state === 'bad')),
    );
    const voices = await runEngine(['doctor', '--voices']);
    t.match(voices.stdout, /cmn/);
    t.ok(Number(/(\d+) voices/.exec(voices.stdout)?.[1]) >= 100);
    t.match(voices.stdout, /heart +★★★★☆/);
    t.match(voices.stdout, /cosyvoice +★★★★★.*set DASHSCOPE_API_KEY/);
  });

  t.test('lists the voices of a room and the variable that is missing', async (t) => {
    const room = JSON.parse(readFileSync(minimal, 'utf8')) as { presenter: object };
    const voice = {
      provider: 'azure',
      name: 'en-US-AvaNeural',
      region: 'eastasia',
      apiKey: '${NO_SUCH_KEY}',
      fallback: [{ provider: 'espeak', name: 'f2' }],
    };
    const file = join(t.testdir(), 'room.json');
    writeFileSync(file, JSON.stringify({ ...room, presenter: { ...room.presenter, voice } }));
    const { stdout, code } = await runEngine(['doctor', '--voices', '--room', file]);
    t.equal(code, 1);
    t.match(stdout, /✗ presenter\.voice +★★★★☆ {2}Azure Speech, en-US-AvaNeural: NO_SUCH_KEY is not set/);
    t.match(stdout, /✓ presenter\.voice\.fallback\[0\] +★☆☆☆☆ {2}eSpeak NG, embedded, f2/);
  });

  t.test('ends quietly when the reader stops reading', async (t) => {
    const { code, stderr } = await runWithInput(['schema'], { headLines: 1 });
    t.equal(code, 0);
    t.equal(stderr, '');
  });
});

t.test('print addresses', async (t) => {
  function printed(host: string, terminal: 'en' | 'zh' | undefined): string {
    const lines: string[] = [];
    printAddresses({
      room: Object.assign(fakeRoom(), {
        addresses: { rtmp: 'rtmp://127.0.0.1:1935/live/shop', flv: 'http://x/shop.flv' },
      }),
      control: { url: `http://${host}:8080`, port: 8080 },
      host,
      token: 'T0KEN',
      tokenIsOurs: true,
      terminal,
      print: (line) => lines.push(line),
      lan: ['192.168.1.5', '10.0.0.7'],
    });
    return lines.join('\n');
  }

  t.test('on every address: prints those that others can type, and a warning', (t) => {
    const text = printed('0.0.0.0', 'en');
    t.match(text, 'http://127.0.0.1:8080/#token=T0KEN');
    t.match(text, 'http://192.168.1.5:8080/#token=T0KEN');
    t.match(text, 'http://10.0.0.7:8080/#token=T0KEN');
    t.match(text, /Open to the network without TLS/);
    t.notMatch(text, '0.0.0.0:8080');
    for (const line of text.split('\n')) t.ok(line.length <= 80, line);
    t.match(printed('0.0.0.0', 'zh'), /局域网[\s\S]*未加密/);
    t.match(JSON.parse(printed('0.0.0.0', undefined)), {
      event: 'on-air',
      watch: 'http://127.0.0.1:8080/#token=T0KEN',
      lan: ['http://192.168.1.5:8080/#token=T0KEN', 'http://10.0.0.7:8080/#token=T0KEN'],
    });
    t.end();
  });

  t.test('on loopback: prints no warning', (t) => {
    t.notMatch(printed('127.0.0.1', 'en'), /TLS|192\.168/);
    t.end();
  });
});

t.test('print voices', async (t) => {
  const voices = [
    {
      ...{ name: 'th', language: 'th', title: 'Thai', stars: 0, note: '', presenters: ['mei'] },
      fault: { en: 'Barely understandable', zh: '几乎听不懂' },
    },
  ];

  t.test('lists voices in the terminal’s language, with stars and faults', async (t) => {
    t.same(voiceLines(voices, undefined, 'en'), [
      `th            th${' '.repeat(34)}☆☆☆☆☆  Thai: Barely understandable (voice of mei)`,
      '1 voices',
    ]);
    t.match(voiceLines(voices, undefined, 'zh')[0], /Thai：几乎听不懂（mei 的声音）/);
    t.match(voiceLines([], 'km', 'zh'), ['没有会说“km”的声音；engine doctor --voices 列出所有语言']);
  });

  t.test('lists one line a language, with its best voice', async (t) => {
    const of = (name: string, language: string, stars: number) => ({
      ...{ name, language, title: name, stars, note: '', presenters: [] },
    });
    const many = [of('en-us', 'en-US', 2), of('heart', 'en-US', 4), of('en-gb', 'en-GB', 2), of('th', 'th', 1)];
    const lines = languageVoiceLines(many, 'en');
    t.equal(lines.length, 3);
    t.match(lines[0], /^en +heart +★★★★☆ {2}heart \(\+2: --lang en\)$/);
    t.equal(lines[2], '2 languages, 4 voices');
    t.match(languageVoiceLines(many, 'zh').at(-1), /2 种语言、4 个声音/);
  });

  t.test('says of every provider in both languages whether it is ready', async (t) => {
    const providers = listProviders({ AZURE_SPEECH_KEY: 'x', PATH: '' });
    for (const language of ['en', 'zh'] as const) {
      const lines = providerLines(providers, language);
      t.equal(lines.length, providers.length + 2);
      t.match(
        lines.find((line) => line.startsWith('✓ azure')),
        language === 'zh' ? /已设置/ : /is set/,
      );
      t.match(
        lines.find((line) => line.startsWith('– openai')),
        /OPENAI_API_KEY/,
      );
    }
    for (const line of providerLines(providers, 'zh').slice(2)) t.match(line, /\p{Script=Han}/u);
  });

  t.test('lists languages with their voice, service and font', async (t) => {
    const row = {
      ...{ script: 'Khmer', direction: 'ltr', greeting: '', label: '', price: '', pieces: '', weight: '' },
      ...{ tag: 'km', english: 'Khmer', native: 'ខ្មែរ', voice: null, services: ['azure'] },
      font: { found: false, package: '@fontsource-variable/noto-sans-khmer' },
    } as const satisfies ListedLanguage;
    const thai = {
      ...row,
      ...{ tag: 'th', english: 'Thai', native: 'ไทย', services: [], font: { found: true, package: null } },
      ...{ voice: { name: 'th', provider: 'espeak', stars: 0 }, fault: voices[0]!.fault },
    };
    const [khmer, second, sum] = languageLines([row, thai], 'en');
    t.match(
      khmer,
      /^km +Khmer · .*no embedded voice: needs a service \(azure\); no font: npm install @fontsource-variable/,
    );
    t.match(second, /Thai · ไทย.*☆☆☆☆☆ {2}Barely understandable$/);
    t.equal(sum, '2 languages: 1 with an embedded voice, 1 with a font on this machine');
    t.match(languageLines([row, thai], 'zh'), [/高棉语.*没有内置声音/, /泰语.*几乎听不懂/, /共 2 种语言/]);
  });
});

t.test('progress log', async (t) => {
  function writer(isTTY: boolean): { isTTY: boolean; text: string; write(text: string): void } {
    return {
      isTTY,
      text: '',
      write(text) {
        this.text += text;
      },
    };
  }

  t.test('prints a line for each progress message to a pipe, and nothing else', async (t) => {
    const out = writer(false);
    const log = progressLog(out).child({ part: 'x' });
    log.info({ where: 'layers[2].items[0]', clip: 'film.mp4', done: 12, of: 30 }, 'scanning a clip');
    log.info({ port: 80 }, 'listening');
    log.warn({ done: 1, of: 2 }, 'no progress');
    t.equal(out.text, 'scanning a clip (film.mp4): 12 of 30\n');
  });

  t.test('rewrites the line on a terminal, and clears it at the end', async (t) => {
    const out = writer(true);
    const log = progressLog(out);
    log.clear();
    t.equal(out.text, '', 'nothing was shown');
    log.info({ done: 1, of: 3 }, 'reading');
    log.info({ done: 2, of: 3 }, 'reading');
    log.clear();
    t.equal(out.text, '\r\u001b[2Kreading: 1 of 3\r\u001b[2Kreading: 2 of 3\r\u001b[2K');
  });

  t.test('shows a whole step on a terminal that does not say how wide it is', async (t) => {
    const out = { ...writer(true), columns: 0 };
    progressLog(out).step(5, 11, 'checking music');
    t.equal(out.text, '\r\u001b[2K5/11 checking music');
  });
});

t.test('presenter', async (t) => {
  t.test('lists all presenters as text and as JSON', async (t) => {
    const text = await runEngine(['presenter', 'list']);
    t.equal(text.code, 0, text.stderr);
    t.match(text.stdout, /^aiko +JP +27 +female +Bright/m);
    const json = await runEngine(['presenter', 'list', '--json']);
    const all = JSON.parse(json.stdout) as { name: string; looks: string[] }[];
    t.ok(all.length >= 120);
    t.notMatch(json.stdout, process.cwd(), 'no paths of this machine');
  });

  t.test('writes a presenter out as a pack of its own', async (t) => {
    const out = join(t.testdir({}), 'mine');
    const { code, stderr } = await runEngine(['presenter', 'draw', 'aiko', '--look', 'festival', '--out', out]);
    t.equal(code, 0, stderr);
    const pack = await readPresenterPack(out);
    t.equal(pack.manifest.name, 'aiko');
    t.match(readFileSync(join(out, 'parts', 'mouths.svg'), 'utf8'), /^<svg/);
    const unknown = await runEngine(['presenter', 'draw', 'aiko', '--look', 'armour', '--out', join(out, 'x')]);
    t.not(unknown.code, 0);
    t.match(unknown.stderr, /festival/);
    t.notOk(existsSync(join(out, 'x')));
    const drawn = await runEngine(['presenter', 'draw', out, '--out', join(out, 'x')]);
    t.match(drawn.stderr, /drawings already/);
  });
});

t.test('product', async (t) => {
  t.test('shows a product for people and prints it as JSON', async (t) => {
    const page = fixturePath('alibaba-ladder.html');
    const shown = await startEngine(['product', page], { LC_ALL: 'zh_CN.UTF-8' }).ended;
    t.equal(shown.code, 0, shown.stderr);
    t.match(shown.stdout, /^Portable Bluetooth Speaker\n {2}价格: 6–499: US\$3\.87/);
    const { stdout } = await startEngine(['product', page, '--json']).ended;
    t.match(JSON.parse(stdout), { id: 'portable-bluetooth-speaker', price: { amount: 3.87, currency: 'USD' } });
  });

  t.test('names the remedy for a page without a product', async (t) => {
    const { code, stdout, stderr } = await startEngine(['product', fixturePath('bot-wall.html')]).ended;
    t.strictSame([code, stdout], [1, '']);
    t.match(stderr, /keeps programs out.*Ctrl\+S.*\[E_LISTING_PAGE\]/);
  });
});

t.test('play viewers', async (t) => {
  async function played(count: number, seed: number): Promise<ViewerEvent[]> {
    const events: ViewerEvent[] = [];
    const take = (more: readonly ViewerEvent[]) => {
      events.push(...more);
      return { taken: more.length, repeated: 0, dropped: 0 };
    };
    const viewers = playViewers({ events: { take }, perMinute: 6000, seed, run: 'r' });
    while (events.length < count) await sleep(5);
    await viewers.close();
    const { length } = events;
    await sleep(40);
    t.equal(events.length, length, 'nothing after its end');
    return events.slice(0, count);
  }

  t.test('plays the same viewers for the same seed until it is closed', async (t) => {
    const first = await played(30, 7);
    t.same(await played(30, 7), first);
    t.notSame(await played(30, 8), first);
    t.ok(first.every(({ platform }) => platform === 'simulator'));
    t.ok(first.some(({ kind }) => kind === 'comment'));
  });

  t.test('the demo has viewers by default, at another rate, or none', async (t) => {
    const viewers = (...args: string[]): unknown => {
      const command = demoCommand();
      command.parseOptions(args);
      return command.opts()['viewers'];
    };
    t.equal(viewers(), 12);
    t.equal(viewers('--viewers', '20/min'), 20);
    t.equal(viewers('--viewers', '1/s'), 60);
    t.equal(viewers('--no-viewers'), false);
    t.throws(() => demoCommand().exitOverride().parseOptions(['--viewers', 'many']), /rate such as 20/);
  });
});
