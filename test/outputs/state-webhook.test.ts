import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { silentLog } from '../../src/core/log.js';
import type { OutputEvent } from '../../src/config/api/room-handle.js';
import { StateWebhook } from '../../src/outputs/output-supervisor.js';
import { until } from '../encoder/synthetic-room.js';

const event = (seq: number): OutputEvent => ({
  seq,
  at: '2026-01-01T00:00:00.000Z',
  output: 'main',
  kind: 'rtmp',
  target: 'rtmp://host/app/***',
  state: 'live',
  before: 'connecting',
  lastError: '',
});

t.test('delivers events in order with the token, retries after a failure, and counts dropped ones', async (t) => {
  const got: { seq: number; dropped: number; room: string; event: string }[] = [];
  const tokens = new Set<string | undefined>();
  let failures = 2;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      tokens.add(request.headers.authorization);
      failures -= 1;
      if (failures >= 0) return void response.writeHead(500).end();
      got.push(JSON.parse(body));
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const webhook = new StateWebhook({ url, token: 'abc', room: 'shop', log: silentLog, waitsMs: [5, 5] });
  t.teardown(() => webhook.close());
  for (let seq = 1; seq <= 120; seq += 1) webhook.tell(event(seq));
  t.ok(await until(() => got.at(-1)?.seq === 120, 5000));
  t.match(got[0], { seq: 1, room: 'shop', event: 'output-state', dropped: 0 });
  t.same(
    got.map(({ seq }) => seq),
    [1, ...Array.from({ length: 100 }, (_, i) => i + 21)],
  );
  t.equal(got[1]!.dropped, 19, 'the next tells how many are missing');
  t.same([...tokens], ['Bearer abc']);
});

t.test('delivers the events of a stopping room and does not wait for a silent webhook', async (t) => {
  const got: number[] = [];
  let deaf = false;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      got.push((JSON.parse(body) as { seq: number }).seq);
      if (!deaf) response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const hook = (): StateWebhook => new StateWebhook({ url, room: 'shop', log: silentLog, waitsMs: [5, 5] });
  const one = hook();
  for (const seq of [1, 2, 3]) one.tell(event(seq));
  await one.close();
  t.same(got, [1, 2, 3]);
  one.tell(event(4));
  deaf = true;
  const other = hook();
  other.tell(event(5));
  await other.close();
  t.same(got, [1, 2, 3, 5]);
});

t.test('gives up an unreachable webhook after three tries without logging its address', async (t) => {
  const lines: string[] = [];
  const log = {
    ...silentLog,
    warn: (...parts: unknown[]) => lines.push(JSON.stringify(parts)),
  } as unknown as typeof silentLog;
  const webhook = new StateWebhook({ url: 'http://127.0.0.1:9/a/s3cret', room: 'shop', log, waitsMs: [1, 1] });
  webhook.tell(event(1));
  t.ok(await until(() => lines.length > 0, 5000));
  t.match(lines[0], 'did not accept an event');
  t.notMatch(lines[0], 's3cret');
  await webhook.close();
  await webhook.close();
});
