import t from 'tap';
import { printAddresses } from '../../src/cli/print-addresses.js';
import { fakeRoom } from '../control/fake-room.js';

function printed(host: string, terminal: 'en' | 'zh' | undefined): string {
  const lines: string[] = [];
  printAddresses({
    room: Object.assign(fakeRoom(), {
      addresses: { rtmp: 'rtmp://127.0.0.1:1935/live/shop', flv: 'http://x/shop.flv' },
    }),
    control: { url: `http://${host}:8080`, port: 8080 },
    host,
    token: 'T0KEN',
    tokenIsOurs: true,
    terminal,
    print: (line) => lines.push(line),
    lan: ['192.168.1.5', '10.0.0.7'],
  });
  return lines.join('\n');
}

t.test('on every address: prints those that others can type, and a warning', (t) => {
  const text = printed('0.0.0.0', 'en');
  t.match(text, 'http://127.0.0.1:8080/#token=T0KEN');
  t.match(text, 'http://192.168.1.5:8080/#token=T0KEN');
  t.match(text, 'http://10.0.0.7:8080/#token=T0KEN');
  t.match(text, /Open to the network without TLS/);
  t.notMatch(text, '0.0.0.0:8080');
  for (const line of text.split('\n')) t.ok(line.length <= 80, line);
  t.match(printed('0.0.0.0', 'zh'), /局域网[\s\S]*未加密/);
  t.match(JSON.parse(printed('0.0.0.0', undefined)), {
    event: 'on-air',
    watch: 'http://127.0.0.1:8080/#token=T0KEN',
    lan: ['http://192.168.1.5:8080/#token=T0KEN', 'http://10.0.0.7:8080/#token=T0KEN'],
  });
  t.end();
});

t.test('on loopback: prints no warning', (t) => {
  t.notMatch(printed('127.0.0.1', 'en'), /TLS|192\.168/);
  t.end();
});
