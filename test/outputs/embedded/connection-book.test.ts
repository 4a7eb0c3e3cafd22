import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import t from 'tap';
import {
  ConnectionBook,
  DroppedReasons,
  MAX_PLAYERS,
  MAX_PLAYERS_PER_ADDRESS,
  MAX_WAITING,
  MAX_WAITING_MS,
  MAX_WAITING_PER_ADDRESS,
} from '../../../src/outputs/embedded/rtmp-guard.js';

class FakeSocket extends EventEmitter {
  bytesRead = 0;
  writableLength = 0;
  destroyed = false;
  constructor(readonly remoteAddress: string) {
    super();
  }
  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

function rig() {
  const told: string[] = [];
  let nowMs = 0;
  const book = new ConnectionBook(
    (reason) => told.push(reason),
    () => nowMs,
  );
  const open = (address = '127.0.0.1') => {
    const fake = new FakeSocket(address);
    const socket = fake as unknown as Socket;
    book.open(socket);
    return { fake, play: () => book.play(socket), publish: () => book.publish(socket) };
  };
  const pass = (ms: number): void => {
    nowMs += ms;
    book.sweep();
  };
  return { told, open, pass };
}

t.test('ends a connection that neither plays nor publishes in time', async (t) => {
  const { told, open, pass } = rig();
  const [idle, player, publisher] = [open(), open(), open()];
  t.ok(player.play());
  publisher.publish();
  pass(MAX_WAITING_MS);
  t.notOk(idle.fake.destroyed);
  pass(1);
  t.match(
    [idle, player, publisher].map((one) => one.fake.destroyed),
    [true, false, false],
  );
  t.match(told, [/10 s/]);
});

t.test('lets the longest waiting go for a newcomer, of its own address first', async (t) => {
  const { open } = rig();
  const far = open('10.0.0.9');
  const near = Array.from({ length: MAX_WAITING_PER_ADDRESS + 2 }, () => open());
  t.match(
    near.map((one) => one.fake.destroyed),
    [true, true, ...near.slice(2).map(() => false)],
  );
  t.notOk(far.fake.destroyed, 'another address pays nothing for it');
  const others = Array.from({ length: MAX_WAITING }, (_, i) => open(`10.0.1.${i}`));
  t.ok(far.fake.destroyed, 'beyond the limit in all the longest waiting goes');
  t.notOk(others.at(-1)!.fake.destroyed);
});

t.test('limits players, and never the publisher', async (t) => {
  const { open } = rig();
  const near = Array.from({ length: MAX_PLAYERS_PER_ADDRESS + 1 }, () => open().play());
  t.same(near.indexOf(false), MAX_PLAYERS_PER_ADDRESS);
  const all = Array.from({ length: MAX_PLAYERS }, (_, i) => open(`10.0.0.${i}`).play());
  t.equal(all.filter(Boolean).length, MAX_PLAYERS - MAX_PLAYERS_PER_ADDRESS);
  const publisher = open();
  publisher.publish();
  t.notOk(publisher.fake.destroyed);
});

t.test('gives the place of a player that has left to another', async (t) => {
  const { open } = rig();
  const players = Array.from({ length: MAX_PLAYERS_PER_ADDRESS }, () => {
    const one = open();
    one.play();
    return one;
  });
  t.notOk(open().play());
  players[0]!.fake.destroy();
  t.ok(open().play());
});

t.test('cuts off players that do not read or that send', async (t) => {
  const { told, open, pass } = rig();
  const [lazy, loud, publisher] = [open(), open(), open()];
  lazy.play();
  loud.play();
  publisher.publish();
  lazy.fake.writableLength = 9 << 20;
  loud.fake.bytesRead = 300 << 10;
  publisher.fake.bytesRead = 300 << 10;
  pass(1000);
  t.match(
    [lazy, loud, publisher].map((one) => one.fake.destroyed),
    [true, true, false],
  );
  t.equal(told.length, 2);
});

t.test('reports a flood of refusals as one line with its count', async (t) => {
  let nowMs = 0;
  const told: [string, number][] = [];
  const reasons = new DroppedReasons(
    (...one) => told.push(one),
    () => nowMs,
  );
  reasons.add('a publisher');
  for (let i = 0; i < 1000; i += 1) reasons.add('a publisher');
  for (let i = 0; i < 100; i += 1) reasons.add(`text ${i} of a client`);
  reasons.flush();
  t.same(told, [['a publisher', 1]]);
  nowMs = 5001;
  reasons.flush();
  t.match(told[1], ['a publisher', 1000]);
  t.equal(told.length, 1 + 17, 'texts that clients choose do not fill the log');
});
