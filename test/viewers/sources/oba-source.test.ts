import t, { type Test } from 'tap';
import { eventSource, type ObaSourceConfig } from '../../../src/config/sections/events.js';
import { silentLog } from '../../../src/core/log.js';
import { ObaSource } from '../../../src/viewers/sources/oba-source.js';
import { EventList } from '../../kit/event-list.js';
import { until } from '../../kit/until.js';
import { SocketServer } from '../../kit/socket-server.js';

const waits = { minMs: 20, maxMs: 60 };

async function connect(t: Test, more: { idleMs?: number } = {}) {
  const server = await SocketServer.start(t);
  const sink = new EventList();
  const logged: { fields: Record<string, unknown>; text: string }[] = [];
  const keep = (fields: object, text: string): void => void logged.push({ fields: { ...fields }, text });
  const source = new ObaSource(eventSource.parse({ id: 'shop', kind: 'oba', url: server.url }) as ObaSourceConfig, {
    sink,
    log: { ...silentLog, warn: keep, info: keep },
    env: {},
    waits,
    ...more,
  });
  t.teardown(() => source.close());
  await until('connected', () => source.health().state === 'live' && server.clients.length === 1);
  const send = (message: object): void => server.send(JSON.stringify(message));
  return { server, sink, source, send, logged };
}

const comment = (id: string, content: string) => ({
  msg_type: 'taobao_comment',
  msg_id: id,
  nick_name: '小李',
  user_id: '22',
  content,
  time: '20:15:01',
});

t.test('reads comments, entries, follows, likes and orders of every platform', async (t) => {
  const { sink, send } = await connect(t);
  const common = { nick_name: 'Anna', user_id: '7', time: '20:15:01' };
  send(comment('c1', '多少钱？'));
  send({ ...common, msg_type: 'comment', msg_id: 'c2', content: '能便宜点吗' });
  send({ ...common, msg_type: 'xiaohongshu_comment', msg_id: 'c3', content: '有红色吗' });
  send({ ...common, msg_type: 'wechat_channel_live_msg', msg_id: 'c4', content: '包邮吗' });
  send({ ...common, msg_type: 'room_enter', msg_id: 'e1' });
  send({ ...common, msg_type: 'room_follow', msg_id: 'f1' });
  send({ ...common, msg_type: 'room_like', msg_id: 'l1' });
  send({ ...common, msg_type: 'ecom_fansclub_participate', msg_id: 'm1', content: '' });
  send({
    ...common,
    msg_type: 'live_order',
    msg_id: '900#1',
    order_status: '已付款',
    order_ts: 1_790_000_000,
    product_id: 'p1',
    product_title: '保温杯',
  });
  await until('nine events', () => sink.events.length === 9);
  t.same(sink.lines, [
    'comment 小李: 多少钱？',
    'comment Anna: 能便宜点吗',
    'comment Anna: 有红色吗',
    'comment Anna: 包邮吗',
    'enter Anna',
    'follow Anna',
    'like Anna',
    'follow Anna',
    'order Anna: 保温杯',
  ]);
  t.same(
    sink.events.slice(0, 4).map(({ platform }) => platform),
    ['taobao', 'douyin', 'xiaohongshu', 'wechat'],
  );
  t.match(sink.events[8], { id: 'shop:900#1', atMs: 1_790_000_000_000 });
});

t.test('reconnects after the tool restarts, and keeps the ids of messages it sends again', async (t) => {
  const { server, sink, source, send, logged } = await connect(t);
  send(comment('c1', 'hello'));
  await until('the first', () => sink.events.length === 1);
  await server.stop();
  await until('noticed', () => source.health().state === 'backoff');
  await until('refused', () => /nothing listens/.test(source.health().lastError));
  await server.start();
  await until('back', () => source.health().state === 'live' && server.clients.length === 1);
  t.equal(source.health().lastError, '');
  send(comment('c1', 'hello'));
  send(comment('c2', 'again'));
  await until('the second', () => sink.events.length === 2);
  t.equal(sink.repeated, 1);
  t.equal(source.health().events, 3);
  const reasons = logged.filter(({ text }) => text.includes('is down')).map(({ fields }) => fields['reason']);
  t.equal(new Set(reasons).size, reasons.length, 'each reason once in the log, however many tries');
});

t.test('leaves out malformed messages and shortens long ones', async (t) => {
  const { server, sink, source, send } = await connect(t);
  for (const text of ['', 'hello', '[]', 'null', '{"msg_type":3}', '{"msg_type":"__proto__","msg_id":"1"}', '{"a":'])
    server.send(text);
  send({ msg_type: 'taobao_comment', nick_name: 'no id', content: 'x' });
  send({ msg_type: 'taobao_comment', msg_id: 'empty', nick_name: 'x', content: ' \n ' });
  send({ msg_type: 'taobao_comment', msg_id: { a: 1 }, nick_name: ['x'], content: 'x' });
  send({ ...comment('long', `${'长'.repeat(5000)}`), nick_name: 'n'.repeat(900) });
  send({ ...comment('i'.repeat(4000), 'line\none\u0000 two\u2028three') });
  await until('two events', () => sink.events.length === 2);
  const [long, lines] = sink.events;
  t.equal(long!.text!.length, 500);
  t.equal(long!.user.length, 60);
  t.equal(lines!.text, 'line one two three');
  t.ok(lines!.id.length <= 200);
  t.equal(source.health().ignored, 10);
  t.equal(source.health().state, 'live');
});

t.test('drops a connection that sends an oversize message, and returns', async (t) => {
  const { server, sink, source, send } = await connect(t);
  send(comment('big', 'x'.repeat(400_000)));
  await until('back', () => server.connections === 2 && source.health().state === 'live');
  t.same(sink.events, []);
  send(comment('c1', 'small'));
  await until('small', () => sink.events.length === 1);
  t.equal(source.health().ignored, 1);
});

t.test('drops a connection that answers no ping', async (t) => {
  const { server, source } = await connect(t, { idleMs: 150 });
  // A paused socket is alive for TCP and answers nothing.
  for (const client of server.clients) client.pause();
  await until('back', () => server.connections === 2 && source.health().state === 'live');
});

t.test('stops at once while it waits for another try', async (t) => {
  const { server, source } = await connect(t);
  await server.stop();
  await until('waiting', () => source.health().state === 'backoff');
  await source.close();
  await source.close();
  t.equal(source.health().state, 'stopped');
  await server.start();
  const before = server.connections;
  await new Promise((resolve) => setTimeout(resolve, 200));
  t.equal(server.connections, before);
});

t.test('survives nested lists, a flood of ids, odd numbers and control characters', async (t) => {
  const { server, sink, source, send } = await connect(t);
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const order = (id: string, ts: string): string => `{"msg_type":"live_order","msg_id":"${id}","order_ts":${ts}}`;
  for (const [i, ts] of [deep, '1e300', '-1', '"x"', '1e400', '{"a":1}'].entries()) server.send(order(`o${i}`, ts));
  server.send(deep);
  send({ ...comment('c', 'a\u001b]0;x\u0007b\u202e'), nick_name: '\u202eeve\u0000\u2066' });
  for (let i = 0; i < 200; i += 1) send(comment(`flood${i}`, 'x'));
  await until('all', () => sink.events.length === 207);
  t.same(
    sink.events.slice(0, 6).map(({ atMs }) => atMs),
    Array.from({ length: 6 }, () => undefined),
  );
  t.match(sink.events[6], { text: 'a ]0;x b', user: 'eve' });
  for (const client of server.clients) client.close(4000, '\u001b[2J\u202egone'.padEnd(110, '!'));
  await until('closed', () => source.health().lastError !== '' || server.connections === 2);
  for (const unseen of ['\u001b', '\u202e']) t.notOk(source.health().lastError.includes(unseen));
  t.ok(source.health().lastError.length < 120);
});
