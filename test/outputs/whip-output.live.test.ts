import t from 'tap';
import { silentLog } from '../../src/core/log.js';
import type { OutputProgress } from '../../src/outputs/output.js';
import { OutputSupervisor } from '../../src/outputs/output-supervisor.js';
import { PayloadCache } from '../../src/outputs/webrtc/viewer-stream.js';
import { iceServersOf, retryAfterMs } from '../../src/outputs/whip/whip-client.js';
import type { WhipOutputOptions } from '../../src/outputs/whip/room-content.js';
import { WhipOutput } from '../../src/outputs/create-outputs.js';
import { SyntheticRoom, until } from '../encoder/synthetic-room.js';
import { startStunServer } from './stun-server.js';
import { WhipEndpoint } from './whip-endpoint.js';

const outputOf = (room: SyntheticRoom, url: string, more: Partial<WhipOutputOptions> = {}): WhipOutput =>
  new WhipOutput({
    id: 'far',
    url,
    token: 'tok3n-s3cret',
    source: room.supervisor,
    cache: new PayloadCache(),
    videoKbps: 600,
    maxLagMs: 1500,
    maxLagBytes: 8 << 20,
    log: silentLog,
    ...more,
  });

type Failure = Error & { code: string; details: Record<string, unknown> };

t.test('reads ICE servers from Link headers, with credentials for TURN', async (t) => {
  const link =
    '<stun:stun.example.net>; rel="ice-server", <turn:turn.example.net?transport=udp>; rel="ice-server"; ' +
    'username="user"; credential="my\\"Password, really;"; credential-type="password", <https://x/y>; rel="urn:other"';
  t.match(iceServersOf(link), [
    { urls: 'stun:stun.example.net' },
    { urls: 'turn:turn.example.net?transport=udp', username: 'user', credential: 'my"Password, really;' },
  ]);
  t.equal(iceServersOf(link).length, 2);
  t.same(iceServersOf(''), []);
});

t.test("reads Retry-After in seconds and by the server's clock", async (t) => {
  const date = 'Wed, 25 Nov 2026 10:00:00 GMT';
  t.equal(retryAfterMs('120', null), 120_000);
  t.equal(retryAfterMs('Wed, 25 Nov 2026 10:01:30 GMT', date), 90_000);
  for (const [field, now] of [
    [null, date],
    ['0', date],
    ['-5', date],
    ['soon', date],
    ['Wed, 25 Nov 2026 09:00:00 GMT', date],
    ['Wed, 25 Nov 2026 10:01:30 GMT', null],
  ] as const) {
    t.equal(retryAfterMs(field, now), undefined, String(field));
  }
});

t.test('publishes through redirects, confirms arrival, and deletes its session', { timeout: 300_000 }, async (t) => {
  const room = await SyntheticRoom.start({ encoder: { keyframeIntervalMs: 1000 } });
  t.teardown(() => room.close());
  const endpoint = new WhipEndpoint();
  await endpoint.start();
  t.teardown(() => endpoint.close());
  endpoint.headers = { etag: '"e1"', 'accept-patch': 'application/trickle-ice-sdpfrag' };
  await until(() => room.supervisor.stats().keyFrames > 0, 5000);
  const output = outputOf(room, `${endpoint.url}/entry/s3cret`);
  t.notMatch(output.target, /s3cret/);
  const stop = new AbortController();
  let progress: OutputProgress | undefined;
  const running = output.run(stop.signal, (now) => (progress = now));
  const { counts } = endpoint;
  t.ok(await until(() => counts.pictures > 60 && counts.audio > 60, 12_000), JSON.stringify(counts));
  t.same(
    endpoint.requests.filter(({ method }) => method === 'POST').map(({ path }) => path),
    ['/entry/s3cret', '/hop', '/whip/room/'],
  );
  t.ok(endpoint.requests.every(({ authorization }) => authorization === 'Bearer tok3n-s3cret'));
  const offer = endpoint.requests.findLast(({ method }) => method === 'POST')!.body;
  t.match(offer, /a=sendonly/);
  t.match(offer, /H264\/90000/);
  const sps = Buffer.from(room.supervisor.h264()!.sps.subarray(1, 4)).toString('hex');
  t.match(offer, `profile-level-id=${sps}`, 'the offer names the profile that is sent');
  t.ok(await until(() => (progress?.bytesDelivered ?? 0) > 0, 5000), 'its receiver reports are heard');
  stop.abort();
  await running;
  t.equal(endpoint.deleted, 1, 'the session is deleted');
  const goodbye = endpoint.requests.at(-1)!;
  t.match(goodbye, { method: 'DELETE', path: /^\/whip\/room\/session\/\w+$/, authorization: 'Bearer tok3n-s3cret' });
});

t.test('renews a session that the server ends and detects a hanging one', { timeout: 300_000 }, async (t) => {
  const room = await SyntheticRoom.start({ encoder: { keyframeIntervalMs: 1000 } });
  t.teardown(() => room.close());
  const endpoint = new WhipEndpoint();
  await endpoint.start();
  t.teardown(() => endpoint.close());
  const states: { state: string; atMs: number }[] = [];
  const supervisor = new OutputSupervisor({
    outputs: [outputOf(room, `${endpoint.url}/whip/room/`)],
    log: silentLog,
    onChange: ({ state }) => states.push({ state, atMs: performance.now() }),
  });
  t.teardown(() => supervisor.close());
  supervisor.start();
  t.ok(await until(() => endpoint.counts.pictures > 40, 12_000));
  const [first] = endpoint.sessions.values();
  // Everything goes silent without a BYE, as when a server vanishes from the network.
  for (const transport of first!.iceTransports) {
    for (const protocol of (
      transport.connection as unknown as { protocols: { transport: { close(): Promise<void> } }[] }
    ).protocols) {
      await protocol.transport.close();
    }
  }
  const silentMs = performance.now();
  t.ok(await until(() => states.some(({ state }) => state === 'wedged' || state === 'backoff'), 8000));
  const found = states.find(({ state }) => state === 'wedged' || state === 'backoff')!;
  t.ok(found.atMs - silentMs < 5500, `${found.state} after ${Math.round(found.atMs - silentMs)} ms`);
  const before = endpoint.counts.pictures;
  t.ok(await until(() => endpoint.counts.pictures > before + 20, 12_000), 'it publishes again by itself');
  t.equal(endpoint.deleted, 1, 'and has deleted the old session');
});

t.test('explains refusals without address and token', { timeout: 300_000 }, async (t) => {
  const room = await SyntheticRoom.start();
  t.teardown(() => room.close());
  const endpoint = new WhipEndpoint();
  await endpoint.start();
  t.teardown(() => endpoint.close());
  const failure = async (url: string): Promise<Failure> =>
    outputOf(room, url)
      .run(new AbortController().signal, () => undefined)
      .then(
        () => Object.assign(new Error('no failure'), { code: '', details: {} }),
        (e: unknown) => e as Failure,
      );
  const cases: [number, Record<string, string>, string, RegExp][] = [
    [401, {}, 'E_OUTPUT_REFUSED', /401: the token is missing or wrong; copy the token again/],
    [403, {}, 'E_OUTPUT_REFUSED', /may not publish/],
    [404, {}, 'E_OUTPUT_REFUSED', /no such endpoint/],
    [406, {}, 'E_OUTPUT_REFUSED', /H\.264 and Opus/],
    [409, {}, 'E_OUTPUT_REFUSED', /somebody else publishes/],
    [418, {}, 'E_OUTPUT_REFUSED', /418/],
    [503, { 'retry-after': '120' }, 'E_OUTPUT_CONNECT', /busy \(the server asks to retry after 120\)/],
    [502, {}, 'E_OUTPUT_CONNECT', /internal server error/],
    [201, { 'content-type': 'application/sdp' }, 'E_OUTPUT_CONNECT', /Location/],
    [201, { 'content-type': 'text/html', location: '/x' }, 'E_SDP_INVALID', /text\/html/],
    [307, { location: '/whip/room/' }, 'E_OUTPUT_CONNECT', /more than 5/],
    [307, { location: 'ftp://x/' }, 'E_OUTPUT_CONNECT', /another protocol/],
  ];
  for (const [status, headers, code, message] of cases) {
    endpoint.refusal = { status, headers };
    const error = await failure(`${endpoint.url}/whip/s3cret`);
    t.equal(error.code, code, String(status));
    if (status === 503) t.equal(error.details['retryAfterMs'], 120_000);
    t.match(error.message, message);
    t.notMatch(`${error.message} ${error.stack} ${String(error.cause)}`, /s3cret/);
  }
  const { url } = endpoint;
  await endpoint.close();
  t.match(await failure(`${url}/whip/s3cret`), { code: 'E_OUTPUT_CONNECT', message: /ECONNREFUSED/ });
});

t.test(
  'uses ICE servers of the Link header and trickles late candidates as in RFC 9725',
  { timeout: 300_000 },
  async (t) => {
    const room = await SyntheticRoom.start({ encoder: { keyframeIntervalMs: 1000 } });
    t.teardown(() => room.close());
    // After the offer's wait for candidates.
    const stun = await startStunServer(1200, [203, 0, 113, 7], 40_123);
    t.teardown(() => stun.close());
    const endpoint = new WhipEndpoint();
    await endpoint.start();
    t.teardown(() => endpoint.close());
    endpoint.headers = {
      etag: '"e1"',
      'accept-patch': 'application/trickle-ice-sdpfrag',
      link: `<stun:127.0.0.1:${stun.port}>; rel="ice-server"`,
    };
    await until(() => room.supervisor.stats().keyFrames > 0, 5000);
    const output = outputOf(room, `${endpoint.url}/whip/room/`);
    const publish = async (done: () => boolean): Promise<boolean> => {
      const stop = new AbortController();
      const running = output.run(stop.signal, () => undefined);
      const reached = await until(done, 12_000);
      stop.abort();
      await running;
      return reached;
    };
    const { counts } = endpoint;
    t.ok(await publish(() => counts.pictures > 10), 'connected without them, as they came with the answer');
    t.equal(stun.requests(), 0);
    const before = counts.pictures;
    t.ok(await publish(() => endpoint.trickled.length > 0 && counts.pictures > before + 10));
    t.ok(stun.requests() > 0, 'the next session asks them');
    t.strictSame([...new Set(endpoint.patchStatuses)], [204], 'type, If-Match, credentials and section are right');
    t.match(endpoint.trickled[0], / 203\.0\.113\.7 40123 typ srflx /);
    const offers = endpoint.requests.filter(({ method }) => method === 'POST');
    t.notMatch(offers.at(-1)!.body, /203\.0\.113\.7/, 'the offer did not wait for it');
    const patch = endpoint.requests.find(({ method }) => method === 'PATCH')!;
    t.match(patch, { ifMatch: '"e1"', authorization: 'Bearer tok3n-s3cret', path: /^\/whip\/room\/session\/\w+$/ });
    t.match(patch.body, /a=end-of-candidates\r\n$/);

    endpoint.headers = { ...endpoint.headers, etag: '"e2"' };
    const trickled = endpoint.trickled.length;
    t.ok(await publish(() => endpoint.trickled.length > trickled), 'each session has the entity tag of its own answer');
    t.equal(endpoint.requests.findLast(({ method }) => method === 'PATCH')!.ifMatch, '"e2"');
  },
);
