import { type Answer, type SeenRequest, streamed } from './chat-server.js';

/** Beginnings and ends that say nothing of a product, so that a rewording with them says what its line says. */
const OPENERS: Readonly<Record<'en' | 'zh', readonly string[]>> = {
  en: [
    'So',
    'Look',
    'Well',
    'Here we go',
    'Right',
    'Good',
    'And now',
    'Listen',
    'Let me say',
    'By the way',
    'Friends',
    'Yes',
  ],
  zh: ['好', '来', '大家看', '我说一下', '对了', '朋友们', '再说一遍', '听我说', '嗯', '这里', '那么', '是这样'],
};
const ENDINGS: Readonly<Record<'en' | 'zh', readonly string[]>> = {
  en: [
    '',
    ' Take a look.',
    ' As you see.',
    ' I show you.',
    ' There it is.',
    ' Just so you know.',
    ' Note it down.',
    ' You see it here.',
  ],
  zh: ['', '大家看一下。', '看屏幕。', '给大家看看。', '就是这样。', '记一下。', '看这里。', '我拿近一点。'],
};

/** A model that always finds wordings which were not there: it combines beginnings, ends and the line itself. */
export function inventive(): Answer {
  const turns = new Map<string, number>();
  return streamed((request: SeenRequest) => {
    const { lines } = JSON.parse(request.body.messages.at(-1)!.content) as {
      lines: { id: number; text: string; avoid: string[] }[];
    };
    return JSON.stringify({
      lines: lines.map(({ id, text, avoid }) => {
        const language = /\p{Script=Han}/u.test(text) ? 'zh' : 'en';
        const [openers, endings] = [OPENERS[language], ENDINGS[language]];
        const wordings: string[] = [];
        for (let n = turns.get(text) ?? 0; wordings.length < 6 && n < openers.length * endings.length; n += 1) {
          const opener = openers[n % openers.length]!;
          const ending = endings[Math.floor(n / openers.length)]!;
          const one = language === 'zh' ? `${opener}，${text}${ending}` : `${opener}: ${text}${ending}`;
          if (!avoid.includes(one)) wordings.push(one);
          turns.set(text, n + 1);
        }
        return { id, wordings };
      }),
    });
  });
}
