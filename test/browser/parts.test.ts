import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import t from 'tap';
import { cameraPath, packageRoot } from '../../src/core/files/paths.js';
// @ts-expect-error: a plain module without declarations
import { bundleCamera as bundle } from '../../scripts/camera/bundle-camera.mjs';
import { CameraService } from '../../src/browser/camera-service.js';
import { deviceIds, type Store, type Stored } from '../../src/browser/settings.js';
import { DEFAULT_SITES, normaliseSite, siteMatches, sitePatterns, withSite } from '../../src/browser/sites.js';
import { parseIceLinks, whepOffer, type Http } from '../../src/browser/whep-client.js';

const bundleCamera = bundle as (root: string, folder: string) => Promise<void>;
const read = (...parts: string[]): string => readFileSync(cameraPath(...parts), 'utf8');

t.test('the build holds the camera of this source, with the version of the package', async (t) => {
  const fresh = mkdtempSync(join(tmpdir(), 'showroom-camera-'));
  t.teardown(() => rmSync(fresh, { recursive: true, force: true }));
  await bundleCamera(packageRoot(), fresh);
  const files = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
      .sort();
  t.same(files(cameraPath()), files(fresh), 'run `npm run build`');
  for (const file of files(fresh)) t.ok(readFileSync(join(fresh, file)).equals(readFileSync(cameraPath(file))), file);
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };
  t.equal((JSON.parse(read('extension', 'manifest.json')) as { version: string }).version, version);
  t.match(read('showroom-camera.user.js'), `// @version      ${version}\n`);
});

t.test('the manifest names the usual sites, and files that are there', async (t) => {
  const manifest = JSON.parse(read('extension', 'manifest.json')) as Record<string, any>;
  for (const { matches, js } of manifest['content_scripts']) {
    t.same(new Set(matches), new Set(DEFAULT_SITES.flatMap(sitePatterns)));
    for (const file of js) t.ok(read('extension', file));
  }
  t.ok(read('extension', manifest['background'].service_worker));
  for (const icon of Object.values(manifest['icons'])) t.ok(read('extension', icon as string));
});

/** Words that the panel's buttons and the picker look up by name. */
const TOOLS =
  'productReading productSaving productSaved productWarnings reading pairedWith notPaired awayWhy wrongTokenWhy noPageWhy failed pickItem pickUser pickText pickNoName pickCancel pickNotAList'.split(
    ' ',
  );

t.test('every word of the panel is there in both languages', async (t) => {
  const languages = readdirSync(cameraPath('extension', '_locales')).sort();
  t.same(languages, ['en', 'zh_CN']);
  const [en, zh] = languages.map((one) => Object.keys(JSON.parse(read('extension', '_locales', one, 'messages.json'))));
  t.same(en, zh);
  const used = [...read('extension', 'panel.html').matchAll(/data-(?:t|hint)="(\w+)"/g)].map((m) => m[1]!);
  t.ok(used.length > 5);
  for (const word of [...used, 'saved', 'reload', 'notUrl', 'notHttp', 'notAllowed', 'live', 'away', ...TOOLS]) {
    t.ok(en!.includes(word), word);
  }
});

t.test('a site is its host and the hosts below it', async (t) => {
  t.ok(siteMatches('live.alibaba.com', DEFAULT_SITES));
  t.ok(siteMatches('ALIBABA.com', DEFAULT_SITES));
  t.notOk(siteMatches('notalibaba.com', DEFAULT_SITES));
  t.notOk(siteMatches('alibaba.com.example.net', DEFAULT_SITES));
  t.ok(siteMatches('anything.example', ['*']));
  t.notOk(siteMatches('a.example', ['', ' ']));
  t.equal(normaliseSite(' https://*.Seller.Example:8443/live?x '), 'seller.example');
  t.same(withSite(['alibaba.com'], 'a.example', true), ['alibaba.com', 'a.example']);
  t.same(withSite(['alibaba.com'], 'live.alibaba.com', true), ['alibaba.com']);
  t.same(withSite(['alibaba.com', 'a.example'], 'live.alibaba.com', false), ['a.example']);
});

t.test('ids are a site’s own, and the same each time', async (t) => {
  const one = await deviceIds('salt', 'https://a.example');
  t.same(await deviceIds('salt', 'https://a.example'), one);
  t.equal(new Set(Object.values(one)).size, 3);
  t.not((await deviceIds('salt', 'https://b.example')).camera, one.camera);
  t.not((await deviceIds('other', 'https://a.example')).camera, one.camera);
});

const headers = (values: Record<string, string>) => (name: string) => values[name] ?? null;

t.test('ICE servers are read from Link headers', async (t) => {
  t.same(
    parseIceLinks(
      '<stun:stun.example:3478>; rel="ice-server", <turn:turn.example?transport=udp>; rel="ice-server"; username="u, \\"v\\""; credential="p;q"; credential-type="password", <https://x.example>; rel="next"',
    ),
    [
      { urls: 'stun:stun.example:3478' },
      { urls: 'turn:turn.example?transport=udp', username: 'u, "v"', credential: 'p;q' },
    ],
  );
  t.same(parseIceLinks(''), []);
});

t.test('a session’s address is taken from the endpoint’s own server only', async (t) => {
  const offer = async (location: string): Promise<string> => {
    const http: Http = async () => ({ status: 201, body: 'v=0', header: headers({ location }) });
    return (await whepOffer(http, { url: 'http://127.0.0.1:8080/whep', token: 'secret' }, 'v=0')).session;
  };
  t.equal(await offer('/whep/1'), 'http://127.0.0.1:8080/whep/1');
  t.equal(await offer('https://evil.example/whep/1'), '');
});

t.test('a page learns neither address nor token of the engine, and cannot choose a request’s receiver', async (t) => {
  const stored: Stored = { settings: { endpoint: 'http://10.0.0.9:8080/whep', token: 'secret', sites: ['a.example'] } };
  const store: Store = {
    get: async (key) => stored[key],
    set: async (key, value) => void (stored[key] = value),
  };
  const asked: string[] = [];
  const http: Http = async (method, url, options) => {
    asked.push(`${method} ${url} ${options?.headers?.['authorization'] ?? ''}`.trim());
    if (method === 'GET')
      return { status: 200, body: '{"width":720,"height":1280,"frameRate":25}', header: headers({}) };
    return { status: 201, body: 'answer', header: headers({ location: '/whep/s1' }) };
  };
  const service = new CameraService(store, http);
  const state = await service.answer<'state'>({ kind: 'state' }, 'https://live.a.example');
  t.match(state, { offered: true, available: true, width: 720, height: 1280, frameRate: 25 });
  const { session, answer } = await service.answer<'offer'>({ kind: 'offer', sdp: 'v=0' }, 'https://a.example');
  t.equal(answer, 'answer');
  t.notMatch(JSON.stringify([state, session]), /10\.0\.0\.9|secret|whep/);
  await service.answer<'drop'>({ kind: 'drop', session: 'http://10.0.0.1/admin' }, 'https://a.example');
  await service.answer<'drop'>({ kind: 'drop', session }, 'https://a.example');
  await service.answer<'drop'>({ kind: 'drop', session }, 'https://a.example');
  t.same(asked, [
    'GET http://10.0.0.9:8080/camera.json',
    'POST http://10.0.0.9:8080/whep Bearer secret',
    'DELETE http://10.0.0.9:8080/whep/s1 Bearer secret',
  ]);
  t.match(await service.answer<'state'>({ kind: 'state' }, 'https://b.example'), { offered: false, available: false });
  await t.rejects(service.answer<'offer'>({ kind: 'offer', sdp: 'v=0' }, 'https://b.example'), /not offered/);
  await service.answer<'granted'>({ kind: 'granted', video: true, audio: false }, 'https://a.example');
  t.same((await service.answer<'state'>({ kind: 'state' }, 'https://a.example')).granted, {
    video: true,
    audio: false,
  });
});
