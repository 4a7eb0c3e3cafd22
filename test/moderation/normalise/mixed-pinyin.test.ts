import t from 'tap';
import { MixedPinyinDetector } from '../../../src/moderation/stages/disguise-stage.js';
import { normalise } from '../../../src/moderation/normalise/normalise.js';

const detector = new MixedPinyinDetector([
  { word: '微信', rule: '3.2', kind: 'homophone' },
  { word: '抖音', rule: '3.2', kind: 'homophone' },
  { word: '支付宝', rule: '3.1', kind: 'homophone' },
]);
const found = (text: string): string[] => {
  const { words } = normalise(text);
  return detector.detect(words).map((h) => words.text.slice(h.start, h.end));
};

t.test('finds a word half in characters and half in pinyin', async (t) => {
  t.same(found('关注一下我们的抖yin号'), ['抖yin']);
  t.same(found('支fu宝转给我'), ['支fu宝']);
  t.same(found('威-x-i-n：hd88201'), ['威xin']);
});

t.test('skips pinyin that repeats the character before it', async (t) => {
  t.same(found('加jia我wei信xin：hgt5526'), ['wei信xin']);
  t.same(found('微wei信'), ['微wei信']);
});

t.test('ignores words in one script, and letters that belong to no word', async (t) => {
  t.same(found('加我微信'), []);
  t.same(found('weixin'), []);
  t.same(found('这款wei数大，信号好'), []);
  t.same(found('T恤有S码、M码'), []);
});
