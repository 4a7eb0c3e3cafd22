import t from 'tap';
import { place, unfit, whyNowhere, type PlacedRoom, type PlacedWorker } from '../../src/fleet/records.js';

const worker = (name: string, more: Partial<PlacedWorker> = {}): PlacedWorker => ({
  name,
  capacity: 4,
  used: 0,
  labels: {},
  draining: false,
  speaks: 1,
  owners: {},
  shows: {},
  ...more,
});
const room = (more: Partial<PlacedRoom> = {}): PlacedRoom => ({
  cost: 1,
  owner: 'acme',
  show: null,
  labels: {},
  version: 1,
  pinned: null,
  last: null,
  avoid: [],
  ...more,
});
const names = (of: PlacedRoom, workers: PlacedWorker[]): string[] =>
  place(of, workers, () => 0).map(({ name }) => name);

t.test('the least loaded worker that fits comes first', async (t) => {
  t.same(names(room(), [worker('a', { used: 3 }), worker('b', { used: 1 }), worker('c', { used: 4 })]), ['b', 'a']);
});

t.test('leaves out those that drain, are older, lack a label, or were tried', async (t) => {
  t.equal(unfit(room(), worker('a', { draining: true })), 'draining');
  t.equal(unfit(room({ version: 2 }), worker('a')), 'version');
  t.equal(unfit(room({ version: 2 }), worker('a', { speaks: 2 })), undefined);
  t.equal(unfit(room({ labels: { region: 'eu' } }), worker('a', { labels: { region: 'us' } })), 'labels');
  t.equal(unfit(room({ labels: { region: 'eu' } }), worker('a', { labels: { region: 'eu' } })), undefined);
  t.equal(unfit(room({ pinned: 'b' }), worker('a')), 'pinned');
  t.equal(unfit(room({ avoid: ['a'] }), worker('a')), 'avoided');
  t.equal(unfit(room({ cost: 4.1 }), worker('a')), 'full');
  t.equal(unfit(room({ cost: 0.1 }), worker('a', { capacity: 0.3, used: 0.1 + 0.1 })), undefined, 'sums are inexact');
});

t.test('spreads a show and an owner, and prefers the worker that has the files', async (t) => {
  t.same(names(room({ show: 'sale' }), [worker('a', { shows: { sale: 1 } }), worker('b', { used: 1 })]), ['b', 'a']);
  t.same(names(room(), [worker('a', { owners: { acme: 4 } }), worker('b')]), ['b', 'a']);
  t.same(names(room({ last: 'b' }), [worker('a'), worker('b')]), ['b', 'a']);
});

t.test('says why no worker takes a room', async (t) => {
  t.equal(whyNowhere(room(), []), 'no worker is up');
  t.equal(
    whyNowhere(room({ cost: 3 }), [worker('a', { used: 2 }), worker('b', { draining: true })]),
    '1 of 2 workers have no room for it, 1 of 2 workers drain',
  );
});
