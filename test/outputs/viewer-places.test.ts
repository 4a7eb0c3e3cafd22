import t from 'tap';
import { silentLog } from '../../src/core/log.js';
import { PATIENCE_MS, placeFor, type Place, WhepServer } from '../../src/outputs/whep/whep-server.js';
import { FakeSource, realOffer } from './made-up-stream.js';

const MAX = 16;
const owner = { holdsToken: true, address: '127.0.0.1' };
const from = (address: string) => ({ holdsToken: false, address });

/** A room's places under offers, on a simulated clock. */
function placesOf() {
  let places: Place[] = [];
  let nowMs = 0;
  let count = 0;
  return {
    get all() {
      return places;
    },
    after: (ms: number) => void (nowMs += ms),
    connect: (id: string) => void (places = places.map((one) => (one.id === id ? { ...one, connected: true } : one))),
    /** The place's id, or undefined when there is none. */
    offer(who: { holdsToken: boolean; address: string }): string | undefined {
      // The engine drops offers that have not connected by then.
      places = places.filter((one) => one.connected || nowMs - one.sinceMs < 12_000);
      const decision = placeFor(who, places, MAX, nowMs);
      if (!decision.admitted) return undefined;
      places = places.filter((one) => one.id !== decision.leaves);
      count += 1;
      places = [...places, { ...who, id: `${count}`, sinceMs: nowMs, connected: false }];
      return `${count}`;
    },
  };
}

t.test('leaves places for others while a stranger offers twice a second', async (t) => {
  const room = placesOf();
  let camera = 0;
  let neighbour = 0;
  let other = 0;
  for (let i = 0; i < 240; i += 1) {
    room.after(500);
    room.offer(from('10.0.0.66'));
    t.ok(room.all.filter((one) => one.address === '10.0.0.66').length <= 6);
    if (i % 20 !== 19) continue;
    // Each comes once in a while, and its connection before is gone.
    if (room.offer(owner) !== undefined) camera += 1;
    if (room.offer(from('10.0.0.7')) !== undefined) other += 1;
    if (room.offer(from('10.0.0.66')) !== undefined) neighbour += 1;
  }
  t.equal(camera, 12, 'with the token, always');
  t.equal(other, 12, 'from another address, always');
  t.ok(neighbour >= 10, `without the token from the same address: ${neighbour} of 12`);
});

t.test('keeps a connected viewer whoever offers', async (t) => {
  const room = placesOf();
  const viewer = room.offer(from('10.0.0.66'))!;
  room.connect(viewer);
  for (let i = 0; i < 100; i += 1) {
    room.after(500);
    room.offer(from('10.0.0.66'));
    room.offer(from(`10.0.1.${i}`));
  }
  t.ok(room.all.some((one) => one.id === viewer));
});

t.test('denies strangers from many addresses the reserved places', async (t) => {
  const room = placesOf();
  for (let i = 0; i < 50; i += 1) {
    const id = room.offer(from(`10.0.0.${i}`));
    if (id !== undefined) room.connect(id);
  }
  t.equal(room.all.length, 12);
  const owners: string[] = [];
  for (let i = 0; i < 16; i += 1) {
    const id = room.offer(owner);
    t.ok(id, `viewer ${i + 1} with the token`);
    room.connect(id!);
    owners.push(id!);
    t.ok(room.all.length <= MAX);
  }
  t.ok(
    room.all.every((one) => one.holdsToken),
    'strangers made place',
  );
  t.equal(room.offer(owner), undefined, 'all are taken by the like');
  t.equal(room.offer(from('10.0.0.1')), undefined);
});

t.test('gives an offer time to connect before another one replaces it', async (t) => {
  const room = placesOf();
  for (let i = 0; i < 6; i += 1) t.ok(room.offer(from('10.0.0.66')));
  t.equal(room.offer(from('10.0.0.66')), undefined);
  room.after(PATIENCE_MS - 1);
  t.equal(room.offer(from('10.0.0.66')), undefined);
  room.after(1);
  t.ok(room.offer(from('10.0.0.66')));
  t.notOk(
    room.all.some((one) => one.id === '1'),
    'the first one left',
  );
});

t.test('divides small numbers of places sensibly', async (t) => {
  const one: Place = { ...from('a'), id: '1', sinceMs: 0, connected: true };
  t.match(placeFor(from('a'), [], 1, 0), { admitted: true });
  t.match(placeFor(owner, [one], 1, 0), { admitted: true, leaves: '1' });
  t.match(placeFor(from('b'), [one], 2, 0), { admitted: false, max: 1 });
  t.match(placeFor(owner, [one], 2, 0), { admitted: true, leaves: undefined });
});

t.test('evicts a stranger from a full server for a token holder', async (t) => {
  let nowMs = 0;
  const whep = new WhepServer({
    source: new FakeSource(),
    rate: { num: 30, den: 1 },
    maxViewers: 2,
    log: silentLog,
    nowMs: () => nowMs,
  });
  t.teardown(() => whep.close());
  const { peer, sdp } = await realOffer();
  t.teardown(() => peer.close());
  const stranger = await whep.offer(sdp, from('10.0.0.66'));
  await t.rejects(whep.offer(sdp, from('10.0.0.67')), { code: 'E_TOO_MANY_VIEWERS', message: /token/ });
  await whep.offer(sdp, owner);
  await whep.offer(sdp, owner);
  t.equal(whep.viewers(), 2);
  await t.rejects(whep.delete(stranger.id), { code: 'E_NOT_FOUND' });
  await t.rejects(whep.offer(sdp, owner), { code: 'E_TOO_MANY_VIEWERS' });
  nowMs = PATIENCE_MS;
  await whep.offer(sdp, owner);
  t.equal(whep.viewers(), 2, 'an old one that never connected made place');
});
