import t from 'tap';
import { maskUrl, withoutSecret } from '../../src/core/secrets.js';
import { isLoopbackHost } from '../../src/core/net/public-address.js';

t.test('masks a key that is the first part of a path, and everything after the app', (t) => {
  t.equal(maskUrl('http://ntfy.example/SECRETtopic'), 'http://ntfy.example/***');
  t.equal(maskUrl('rtmp://host/KEY'), 'rtmp://host/***');
  t.equal(maskUrl('rtmp://host/app/KEY?x=1'), 'rtmp://host/app/***');
  t.equal(maskUrl('https://user:pw@host:8443/hook?key=K'), 'https://host:8443/***');
  t.equal(maskUrl('https://host'), 'https://host');
  t.equal(maskUrl('https://host?key=K'), 'https://host/***');
  t.equal(maskUrl('no address'), '***');
  t.end();
});

t.test('stars a key in every form that a server may repeat', (t) => {
  const key = 'sk-secret/key+0123456789';
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const texts = [
    key,
    encodeURIComponent(key),
    Buffer.from(key).toString('hex'),
    base64(key),
    Buffer.from(key).toString('base64url'),
    base64(`Bearer ${key}`),
    base64(`x${key}yz`),
    base64(`xy${key}`),
  ];
  for (const text of texts) {
    const shown = withoutSecret(`invalid ${text}.`, key);
    t.match(shown, /\*\*\*/, text);
    // No more than the neighbours' letters are left.
    const left = Buffer.from(shown.replace('invalid ', ''), 'base64').toString('latin1');
    t.notMatch(left, /secret|0123456/, text);
    t.notMatch(shown, /secret|0123456/, text);
  }
  t.equal(withoutSecret('a text', undefined), 'a text');
  t.end();
});

t.test('knows the host names of this machine', (t) => {
  for (const host of ['localhost', 'LOCALHOST:80', '127.0.0.1', '127.1.2.3:8080', '[::1]', '[::1]:80', '::1'])
    t.ok(isLoopbackHost(host), host);
  for (const host of [
    '',
    '127.999.999.999',
    '127.0.0.1.evil.example',
    '127.0.0',
    'localhost.evil',
    '[::2]',
    '0.0.0.0',
    '127.0.0.1:x',
  ])
    t.notOk(isLoopbackHost(host), host);
  t.end();
});
