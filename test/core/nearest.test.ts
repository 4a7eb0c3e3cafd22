import t from 'tap';
import { nearest } from '../../src/core/nearest.js';

const types = ['image', 'text', 'caption', 'bubble', 'ticker', 'sticker', 'card'];

t.test('finds the word that was meant behind a typing error', async (t) => {
  t.equal(nearest('captions', types), 'caption');
  t.equal(nearest('stikcer', types), 'sticker');
  t.equal(nearest('IMAGE', types), 'image');
  t.equal(nearest('rtmp', ['host', 'port', 'rtmpPort', 'flvPort']), 'rtmpPort');
});

t.test('suggests nothing for a word unlike any known one', async (t) => {
  t.equal(nearest('smile', ['none', 'point', 'wave', 'present', 'nod', 'think', 'thumbs-up']), undefined);
  t.equal(nearest('x', types), undefined);
  t.equal(nearest('', []), undefined);
});
