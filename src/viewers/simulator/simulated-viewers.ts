import { seededRandom } from '../../core/random.js';
import type { ViewerEvent } from '../../config/api/events-handle.js';

/** Comments of simulated viewers. `{n}` is a number of pieces. */
const QUESTIONS: readonly string[] = [
  'How much for {n} pieces?',
  'price?',
  'What is the minimum order?',
  'How long does it take for {n} pieces?',
  'What colors do you have?',
  'What is it made of?',
  'Can you print our logo?',
  'Do you have certificates?',
  'Can I get a sample?',
  'Do you ship to Brazil?',
  'Is there a warranty?',
  'How is it packed?',
  'Are you a real person?',
  'Where can I buy it?',
  'is it in stock?',
  'Does it float on water?',
  '多少钱',
  '{n}个什么价',
  '起订量多少',
  '多久发货',
  '有什么颜色',
  '什么材质',
  '可以印logo吗',
  '有认证吗',
  '能寄样吗',
  '包邮吗',
  '保修多久',
  '你是真人吗',
  '怎么下单',
  '¿Cuánto cuesta?',
  '¿Qué precio tiene por {n} piezas?',
  '¿Cuál es el pedido mínimo?',
  '¿Cuánto tarda la entrega?',
  '¿Qué colores hay?',
  '¿De qué material es?',
  '¿Pueden poner mi logo?',
  '¿Tienen certificados?',
  '¿Hacen envíos a México?',
  '¿Eres una IA?',
  '¿Cómo hago el pedido?',
];

const CHATTER: readonly string[] = [
  'hello',
  'nice price!',
  'love this one',
  '大家好',
  '好看',
  'hola a todos',
  'qué bonito',
  '👍👍',
  '666',
];

/** None of these may be seen or heard. */
export const HOSTILE: readonly string[] = [
  'how much? cheaper on WhatsApp +1 415 555 2671',
  '加微信 abc12345 便宜一半，多少钱',
  'visit www.cheap-goods-now.com for a better price?',
  'are you stupid, you idiot bitch?',
  '¿precio? escríbeme al WhatsApp 612 345 678',
];

const NAMES: readonly string[] = [
  'Anna',
  'Li Wei',
  '王芳',
  'Lucía',
  'Carlos',
  'Fatima',
  'Ben',
  '张伟',
  'María José',
  'Noah K',
  'buyer 77',
  '小美',
  'Diego',
  'Sofía',
  'Emeka',
  'Yuki',
];

/** Shares of the viewers' actions; all others are questions. */
const CHATTER_SHARE = 0.12;
const HOSTILE_SHARE = 0.05;
const OTHER_KINDS = [
  ['enter', 0.12],
  ['like', 0.08],
  ['follow', 0.04],
  ['gift', 0.03],
  ['order', 0.03],
  ['cart', 0.03],
] as const;
const QUANTITIES = [50, 100, 200, 500, 800, 1000, 3000];

/** Endless viewer events; the same seed gives the same. `run` keeps the ids of two runs apart. */
export function* simulatedViewers(seed: number, run: string): Generator<ViewerEvent, never> {
  const random = seededRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  for (let n = 1; ; n += 1) {
    const base = { id: `sim-${run}-${n}`, platform: 'simulator', user: pick(NAMES) };
    const dice = random();
    let share = 0;
    const kind = OTHER_KINDS.find(([, part]) => dice < (share += part))?.[0];
    if (kind !== undefined)
      yield { ...base, kind, ...(kind === 'like' ? { count: 1 + Math.floor(random() * 50) } : {}) };
    else if (dice < share + HOSTILE_SHARE) yield { ...base, kind: 'comment', text: pick(HOSTILE) };
    else if (dice < share + HOSTILE_SHARE + CHATTER_SHARE) yield { ...base, kind: 'comment', text: pick(CHATTER) };
    else yield { ...base, kind: 'comment', text: pick(QUESTIONS).replace('{n}', String(pick(QUANTITIES))) };
  }
}
