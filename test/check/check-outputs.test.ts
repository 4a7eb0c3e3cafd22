import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { checkOutputs } from '../../src/check/check-outputs.js';

function check(t: Test, outputs: object[], webhooks: object[] = []): string[] {
  const file = join(t.testdir(), 'room.json');
  writeFileSync(file, `\uFEFF${JSON.stringify({ outputs, control: { webhooks } })}`);
  const faults = checkOutputs({ file });
  t.notMatch(JSON.stringify(faults), /s3cret/, 'no key is printed');
  return faults.map((fault) => `${fault.severity} ${fault.where}: ${fault.found}`);
}

t.test('reports an impossible port', (t) => {
  const urls = [
    'rtmp://a.example:99999/live/${KEY}',
    'rtmp://a.example:0/live/${KEY}',
    'rtmp://a.example:1935/live/${KEY}',
  ];
  t.same(check(t, [...urls.map((url) => ({ url })), { url: 'rtmp://[::1]:70000/live/${KEY}' }]), [
    'fault outputs[0].url: 99999',
    'fault outputs[1].url: 0',
    'fault outputs[3].url: 70000',
  ]);
  t.same(check(t, [], [{ url: 'https://a.example:65536/x' }]), ['fault control.webhooks[0].url: 65536']);
  t.end();
});

t.test('reports a variable without braces', (t) => {
  const found = check(t, [
    { url: 'rtmp://a.example/live/$TAOBAO_KEY' },
    { url: 'https://a.example/whip', token: '$TOKEN' },
    { url: 'rtmp://a.example/live/${KEY}?p=$5', backupUrl: 'rtmp://b.example/live/${KEY}' },
  ]);
  t.match(found[0], /^fault outputs\[0\]\.url: \$TAOBAO_KEY, which would be sent as it is/);
  t.match(
    found.find((line) => line.startsWith('fault outputs[1].token')),
    /\$TOKEN/,
  );
  t.notOk(found.some((line) => line.includes('outputs[2]')));
  t.end();
});

t.test('warns about a stream key written in the room file', (t) => {
  const keys = [
    { url: 'rtmp://a.example/live/s3cret-key-0' },
    { url: 'rtmp://a.example/live/room?auth=s3cret' },
    { url: 'rtmps://user:s3cret@a.example/live/${KEY}' },
    { url: 'rtmp://a.example/live/${KEY}', backupUrl: 'rtmp://b.example/live/s3cret-key-1' },
    { url: 'srt://a.example:9000?streamid=publish:s3cret' },
    { url: 'srt://a.example:9000?passphrase=s3cret-s3cret&latency=300' },
    { url: 'https://a.example/whip', token: 's3cret' },
  ];
  t.same(
    check(t, keys, [{ url: 'https://hooks.example/x?access_token=s3cret' }]).map((line) => line.split(':')[0]),
    [
      ...[0, 1, 2].map((i) => `warning outputs[${i}].url`),
      'warning outputs[3].backupUrl',
      ...[4, 5].map((i) => `warning outputs[${i}].url`),
      'warning outputs[6].token',
      'warning control.webhooks[0].url',
    ],
  );
  t.end();
});

t.test('accepts keys from the environment, names of streams and this machine', (t) => {
  const fine = [
    { url: 'rtmp://a.example/live/${KEY}' },
    { url: 'rtmp://a.example/live/room1' },
    { url: 'rtmp://127.0.0.1:1935/live/a-long-stream-name' },
    { url: 'srt://a.example:9000?streamid=${ID}&passphrase=${PASS}' },
    { url: 'https://a.example/whip', token: '${TOKEN}' },
    { kind: 'hls', id: 'hls' },
  ];
  t.same(check(t, fine, [{ url: 'https://hooks.example/x' }]), []);
  t.end();
});
