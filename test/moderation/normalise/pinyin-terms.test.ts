import t from 'tap';
import { normalise } from '../../../src/moderation/normalise/normalise.js';
import { PinyinDetector } from '../../../src/moderation/stages/disguise-stage.js';

const detector = new PinyinDetector([
  { word: '加我微信', rule: '3.2', kind: 'pinyin' },
  { word: '电话', rule: '3.2', kind: 'pinyin' },
  { word: '线下交易', rule: '3.1', kind: 'pinyin' },
]);
const heard = (text: string): string[] => {
  const { words } = normalise(text);
  return detector.detect(words, text).map((f) => `${f.rule} ${text.slice(f.start, f.end)}`);
};

t.test('recognises a word however its syllables are split, and in southern pronunciation', async (t) => {
  t.same(heard('jia wo wei xin, hao shi guo ba ba'), ['3.2 jia wo wei xin']);
  t.same(heard('jiawo weixin, hao shi guo ba ba'), ['3.2 jiawo weixin']);
  t.same(heard('neng bu neng xian xia jiao yi'), ['3.1 xian xia jiao yi']);
});

t.test('a denial in the same clause cancels a match, a question does not', async (t) => {
  t.same(heard('qing da jia bie liu dian hua'), []);
  t.same(heard('wo men bu jie shou xian xia jiao yi'), []);
  t.same(heard('bie xia dan le, jia wo wei xin'), ['3.2 jia wo wei xin']);
  t.same(heard('you mei you dian hua a zhu bo'), ['3.2 dian hua']);
});

t.test('does not read other languages as syllables', async (t) => {
  t.same(heard('The dian hua brand is on the box'), []);
  t.same(heard('dian hua'), []);
});
