import t from 'tap';
import { TextJudge } from '../../../src/moderation/text-judge.js';

const judge = new TextJudge();
const verdict = (text: string, language = 'en'): string =>
  judge.judge(text, { surface: 'speech', language, entry: [] }).verdict;

t.test('the order page excuses a payment where it is the place of payment', async (t) => {
  t.equal(verdict('You can pay by credit card, PayPal or T/T, all on the order page'), 'clean');
  t.equal(verdict('信用卡、PayPal都可以，在订单页里付', 'zh'), 'clean');
  t.equal(verdict('Skip the order page, PayPal me instead'), 'violation');
  t.equal(verdict('The order page is only for show, PayPal me'), 'violation');
  t.equal(verdict('you can pay on the order page or cheaper in cash to my driver'), 'violation');
  t.equal(verdict('订单页太慢了，微信转我，今天发', 'zh'), 'violation');
});

t.test('a warning against swindlers excuses a mention, denying to be one does not', async (t) => {
  t.equal(verdict("If someone messages you on WhatsApp pretending to be us, it's a scam"), 'clean');
  t.equal(verdict('有人在微信上冒充我们的，都是骗子', 'zh'), 'clean');
  t.equal(verdict("It's not a scam, if someone doubts it just add my WhatsApp"), 'violation');
  t.equal(verdict('有人说是骗子，不是的，加我微信看工厂', 'zh'), 'violation');
});

t.test('the receiver’s telephone belongs to an address, the seller’s does not', async (t) => {
  t.equal(verdict("The receiver's phone goes in the delivery address, not here"), 'clean');
  t.equal(verdict("the recipient can call my mobile, number's on the banner"), 'violation');
});

t.test('the platform itself may be named as the place to be found', async (t) => {
  t.equal(verdict('You find us on Alibaba dot com, the link is under the video'), 'clean');
  t.equal(verdict('Find us on Alibaba or quicker on Telegram'), 'violation');
});

t.test('a superlative among one’s own goods is not a claim, one over the market is', async (t) => {
  t.equal(verdict('The cheapest of the three is the left one'), 'clean');
  t.equal(verdict('The cheapest of the three and of all on the market'), 'violation');
  t.equal(verdict('这三款里最便宜的是左边', 'zh'), 'clean');
  t.equal(verdict('这三款里最便宜的，全网也是最便宜的', 'zh'), 'violation');
});

t.test('a headset may be used with a platform, an account on it may not be named', async (t) => {
  t.equal(verdict('The headset is fine for calls, WhatsApp included'), 'clean');
  t.equal(verdict('For headset orders my WhatsApp takes calls and messages'), 'violation');
});

t.test('number one in a list is not a claim, number one in the world is', async (t) => {
  t.equal(verdict('Number one on the list is the drill, number two the sander'), 'clean');
  t.equal(verdict('Die Nummer eins im Koffer ist der Ratschenschlüssel', 'de'), 'clean');
  t.equal(verdict('La linea numero uno taglia, la numero due cuce', 'it'), 'clean');
  t.equal(verdict('We are number one in the world, number two is far behind'), 'violation');
  t.equal(verdict('Siamo il numero uno in Italia', 'it'), 'violation');
});
