import t from 'tap';
import { silentLog } from '../../src/core/log.js';
import { networkOf, WrongTokens } from '../../src/control/access.js';

t.test('slows a guessing address down, no other one, and lets it try again later', async (t) => {
  let nowMs = 0;
  const wrong = new WrongTokens(silentLog, () => nowMs);
  let tries = 0;
  while (wrong.note('10.0.0.1') === 0) tries += 1;
  t.ok(tries >= 10 && tries <= 50, `${tries} at once`);
  t.equal(wrong.note('10.0.0.2'), 0);
  const waitS = wrong.note('10.0.0.1');
  t.ok(waitS >= 1);
  nowMs += waitS * 1000;
  t.equal(wrong.note('10.0.0.1'), 0, 'after the announced time');
  t.ok(wrong.note('10.0.0.1') > 0);
  nowMs += 3_600_000;
  let later = 0;
  while (wrong.note('10.0.0.1') === 0) later += 1;
  t.equal(later, tries, 'an hour allows no more than the first burst');
});

t.test('bounds the memory for a hundred thousand addresses', async (t) => {
  const wrong = new WrongTokens(silentLog);
  for (let i = 0; i < 100_000; i += 1) wrong.note(`10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`);
  t.ok(wrong.size <= 1024, `${wrong.size}`);
});

t.test('counts the addresses of one IPv6 subscriber as one, and a mapped IPv4 address as IPv4', async (t) => {
  t.equal(networkOf('2001:db8:1:2:3:4:5:6'), networkOf('2001:0db8:1:2::9'));
  t.not(networkOf('2001:db8:1:2::1'), networkOf('2001:db8:1:3::1'));
  t.equal(networkOf('::ffff:10.0.0.1'), '10.0.0.1');
  t.equal(networkOf('10.0.0.1'), '10.0.0.1');
  t.equal(networkOf('fe80::1%eth0'), networkOf('fe80::2'));
  t.equal(networkOf('::1'), '0:0:0:0::/64');
});
