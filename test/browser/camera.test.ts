import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import t from 'tap';
// @ts-expect-error: a plain module without declarations
import { bundleCamera as bundle } from '../../scripts/camera/bundle-camera.mjs';
import { CameraService } from '../../src/browser/camera-service.js';
import { CommentIds, newComments } from '../../src/browser/comments/page-comment-reader.js';
import { type ConstraintSet, settleAudio, settleVideo } from '../../src/browser/constraints.js';
import { fromLegacy, isForeign } from '../../src/browser/install-camera.js';
import { intakeBody, pairedRoom, sendComments } from '../../src/browser/product/engine-api.js';
import {
  DEFAULT_SITES,
  deviceIds,
  normaliseSite,
  siteMatches,
  sitePatterns,
  type Store,
  type Stored,
  withSite,
} from '../../src/browser/settings.js';
import { type Http, parseIceLinks, whepOffer } from '../../src/browser/whep-client.js';
import { cameraPath, packageRoot } from '../../src/core/files/paths.js';

t.test('comments', async (t) => {
  const list = (words: string): { user: string; text: string }[] =>
    words
      .split(' ')
      .filter((one) => one !== '')
      .map((one) => ({ user: one[0]!, text: one.slice(1) }));
  const fresh = (before: string, now: string): string =>
    newComments(list(before), list(now))
      .map(({ user, text }) => user + text)
      .join(' ');

  t.test('finds the new comments of a list that grows below, above, or loses its oldest', async (t) => {
    t.equal(fresh('a1 b2', 'a1 b2 c3'), 'c3');
    t.equal(fresh('a1 b2 c3', 'b2 c3 d4 e5'), 'd4 e5');
    t.equal(fresh('c3 b2 a1', 'e5 d4 c3 b2'), 'd4 e5', 'newest on top: oldest first');
    t.equal(fresh('a1 b2', 'a1 b2'), '');
    t.equal(fresh('', 'a1 b2'), 'a1 b2');
    t.equal(fresh('a1 a1', 'a1 a1 a1'), 'a1', 'the same words again');
    t.equal(fresh('a1 b2 c3', 'x1 y2'), 'x1 y2', 'another list');
    t.equal(fresh('a1 b2 c3', 'x1 c3 y2 a1'), 'x1 y2', 'shuffled');
    t.equal(fresh('a1 b2 c3', 'c3 d4 e5'), 'd4 e5');
    t.equal(fresh('a1 b2 c3', 'a1'), '');
    t.equal(fresh('a1 b2 c3', 'd4'), 'd4');
  });

  t.test('gives a comment that is read twice the same id, and each repeat an id of its own', async (t) => {
    const one = new CommentIds('live.example');
    const other = new CommentIds('live.example');
    const atMs = 1_790_000_000_000;
    const comment = { user: 'Anna', text: '1' };
    const first = await one.idOf(comment, atMs);
    t.match(first, /^[0-9a-f]{24}$/);
    t.equal(await other.idOf(comment, atMs + 5000), first);
    t.not(await one.idOf(comment, atMs), first);
    t.not(await new CommentIds('other.example').idOf(comment, atMs), first);
    t.not(await new CommentIds('live.example').idOf(comment, atMs + 3_600_000), first, 'asked again an hour later');
  });

  t.test('sends the token to the engine’s address only, and words a failure without it', async (t) => {
    const asked: { url: string; headers: Record<string, string> }[] = [];
    const answering =
      (status: number, body: string): Http =>
      async (_method, url, { headers = {} } = {}) => {
        asked.push({ url, headers });
        return { status, body, header: () => null };
      };
    const endpoint = { url: 'http://127.0.0.1:8080/whep', token: 'secret-token' };
    t.same(await pairedRoom(answering(200, '{"name":"shop"}'), endpoint), { ok: true, value: 'shop' });
    t.same(asked, [{ url: 'http://127.0.0.1:8080/api/room', headers: { authorization: 'Bearer secret-token' } }]);
    t.same(await pairedRoom(answering(401, '{}'), endpoint), { ok: false, error: 'wrongToken' });
    t.same(await pairedRoom(answering(502, 'oops'), endpoint), { ok: false, error: 'HTTP 502' });
    const away: Http = () => Promise.reject(new Error('secret-token'));
    t.same(await sendComments(away, endpoint, 'x.example', []), { ok: false, error: 'away' });
  });

  t.test('leaves out texts of a page that are no JSON', async (t) => {
    const body = JSON.parse(
      intakeBody({ url: 'https://x.example', data: { a: '{"b":1}', c: 'oops' }, html: '' }, true),
    ) as object;
    t.same(body, { url: 'https://x.example', data: { a: { b: 1 } }, save: true });
  });
});

t.test('constraints', async (t) => {
  const room = { frameRate: 30, deviceId: 'cam', groupId: 'group' };
  const landscape = { ...room, width: 1280, height: 720 };
  const portrait = { ...room, width: 720, height: 1280 };

  /** `1280x720@30`, or the constraint that cannot be met. */
  function settled(set: ConstraintSet, limits = landscape): string {
    const result = settleVideo(set, limits);
    if (!result.ok) return result.constraint;
    const { width, height, frameRate, resizeMode } = result.settings;
    return `${width}x${height}@${frameRate}${resizeMode === 'none' ? '' : ' scaled'}`;
  }

  t.test('without conditions a page gets the room as it is', async (t) => {
    for (const set of [
      {},
      { width: 1920, height: 1080 },
      { frameRate: 60 },
      { facingMode: 'environment' },
      { foo: 1 },
    ]) {
      t.equal(settled(set), '1280x720@30', JSON.stringify(set));
    }
    t.equal(settled({ width: { ideal: 1280 }, height: { ideal: 720 } }, portrait), '720x1280@30');
  });

  t.test('wishes choose the smallest size in the room’s shape that covers them', async (t) => {
    t.equal(settled({ width: 640 }), '640x360@30 scaled');
    t.equal(settled({ width: 640, height: 480 }), '854x480@30 scaled');
    t.equal(settled({ height: { ideal: 240 }, frameRate: { ideal: 15 } }), '426x240@15 scaled');
    t.equal(settled({ width: 360 }, portrait), '360x640@30 scaled');
  });

  t.test('conditions hold, and both sides may be set', async (t) => {
    t.equal(settled({ width: { exact: 640 } }), '640x360@30 scaled');
    t.equal(settled({ width: { exact: 640 }, height: { exact: 480 } }), '640x480@30 scaled');
    t.equal(settled({ width: { max: 960 }, frameRate: { max: 24 } }), '960x540@24 scaled');
    t.equal(settled({ width: { min: 800, ideal: 640 } }), '800x450@30 scaled');
    t.equal(settled({ aspectRatio: { exact: 1 } }), '720x720@30 scaled');
    t.equal(settled({ width: { exact: 333 } }), '333x188@30 scaled', 'odd when it is asked for');
    t.equal(settled({ resizeMode: { exact: 'none' } }), '1280x720@30');
  });

  t.test('the condition that cannot be met is named', async (t) => {
    const cases: [ConstraintSet, string][] = [
      [{ width: { exact: 1281 } }, 'width'],
      [{ height: { min: 721 } }, 'height'],
      [{ width: { min: 500, max: 400 } }, 'width'],
      [{ frameRate: { min: 31 } }, 'frameRate'],
      [{ frameRate: { max: 0.5 } }, 'frameRate'],
      [{ facingMode: { exact: 'environment' } }, 'facingMode'],
      [{ deviceId: { exact: ['a', 'b'] } }, 'deviceId'],
      [{ groupId: { exact: 'a' } }, 'groupId'],
      [{ resizeMode: { exact: 'none' }, width: { exact: 640 } }, 'width'],
      [{ width: { exact: 640 }, height: { exact: 360 }, aspectRatio: { exact: 1 } }, 'aspectRatio'],
      [{ zoom: { exact: 2 } }, 'zoom'],
    ];
    for (const [set, constraint] of cases) t.equal(settled(set), constraint, JSON.stringify(set));
    t.equal(settled({ deviceId: { exact: ['a', 'cam'] }, facingMode: { exact: ['user'] } }), '1280x720@30');
  });

  t.test('of advanced sets those that can be met are, in their order', async (t) => {
    t.equal(settled({ advanced: [{ width: 4000 }, { width: 640 }, { width: 320 }] }), '640x360@30 scaled');
    t.equal(settled({ width: { exact: 320 }, advanced: [{ width: 640 }, { frameRate: 10 }] }), '320x180@10 scaled');
  });

  t.test('the microphone is stereo at 48 kHz, or mono for who wants it', async (t) => {
    const ids = { deviceId: 'mic', groupId: 'group' };
    t.match(settleAudio({}, ids), {
      ok: true,
      settings: { channelCount: 2, echoCancellation: true, sampleRate: 48_000 },
    });
    t.match(settleAudio({ channelCount: { exact: 1 }, echoCancellation: false }, ids), {
      settings: { channelCount: 1, echoCancellation: false, noiseSuppression: true },
    });
    t.match(settleAudio({ sampleRate: 44_100 }, ids), { ok: true }, 'a wish');
    t.same(settleAudio({ sampleRate: { exact: 44_100 } }, ids), { ok: false, constraint: 'sampleRate' });
    t.same(settleAudio({ channelCount: { min: 6 } }, ids), { ok: false, constraint: 'channelCount' });
  });

  t.test('constraints of old pages are read, and screens left to the browser', async (t) => {
    const old = { mandatory: { minWidth: 640, maxWidth: 640, maxFrameRate: 15 }, optional: [{ sourceId: 'cam' }] };
    t.same(fromLegacy(old), { width: { min: 640, max: 640 }, frameRate: { max: 15 }, deviceId: { ideal: 'cam' } });
    t.equal(settled(fromLegacy(old)), '640x360@15 scaled');
    t.notOk(isForeign(old));
    t.ok(isForeign({ mandatory: { chromeMediaSource: 'desktop' } }));
    t.notOk(isForeign(true));
  });
});

t.test('parts', async (t) => {
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
    const [en, zh] = languages.map((one) =>
      Object.keys(JSON.parse(read('extension', '_locales', one, 'messages.json'))),
    );
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
    const stored: Stored = {
      settings: { endpoint: 'http://10.0.0.9:8080/whep', token: 'secret', sites: ['a.example'] },
    };
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
    t.match(await service.answer<'state'>({ kind: 'state' }, 'https://b.example'), {
      offered: false,
      available: false,
    });
    await t.rejects(service.answer<'offer'>({ kind: 'offer', sdp: 'v=0' }, 'https://b.example'), /not offered/);
    await service.answer<'granted'>({ kind: 'granted', video: true, audio: false }, 'https://a.example');
    t.same((await service.answer<'state'>({ kind: 'state' }, 'https://a.example')).granted, {
      video: true,
      audio: false,
    });
  });
});
