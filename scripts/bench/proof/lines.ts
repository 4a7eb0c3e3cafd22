/**
 * Lines with forbidden words between harmless ones. `[…]` must not be heard, `{…}` may be muted with it, the rest must
 * stay. This is measured whatever the engine's judge says.
 */
export interface ProofLine {
  readonly language: string;
  readonly marked: string;
}

export const LINES: readonly ProofLine[] = [
  {
    language: 'en',
    marked: 'Thank you for joining us today. {Call me at }[138 1234 5678]{, these mugs come in four colours.}',
  },
  {
    language: 'en',
    marked: 'The grip is made of oak. {Add me on }[WeChat]{ any time.} The lid closes with a soft click.',
  },
  {
    language: 'en',
    marked: 'We ship in strong cartons. {You can pay with }[Alipay]{ directly.} Samples leave within a week.',
  },
  {
    language: 'en',
    marked: 'This set has three boards. {Write to }[lily at gmail dot com]{ please.} The stand is included.',
  },
  {
    language: 'en',
    marked: 'The bottle keeps tea hot. {Message us on }[WhatsApp]{ now.} It is easy to clean by hand.',
  },
  {
    language: 'en',
    marked:
      'The small board has a groove. {My number is }[one three eight, one two three four, five six seven eight]{.} It catches the juice nicely.',
  },
  {
    language: 'en',
    marked:
      'Our factory works with bamboo. {Please send money by }[Western Union]{ today.} Every board is polished twice.',
  },
  {
    language: 'en',
    marked: 'The coating is easy to grip. {Follow us on }[Telegram]{ please.} The logo is engraved by laser.',
  },
  {
    language: 'en',
    marked: 'The lid is made of oak. {Look for us on }[Telegram as the bottle people]{.} It closes with a click.',
  },
  {
    language: 'en',
    marked: 'This mug holds half a litre. {Find us at }[bottle dot com forward slash promo]{.} The handle stays cool.',
  },
  {
    language: 'en',
    marked: 'The lid closes with a soft click. {We are on }[WhatsApp too. The name is kettle king eighty eight]{.}',
  },
  {
    language: 'en',
    marked:
      'Samples leave within a week. {Pay by }[bank transfer to account 12345678]{, please.} The stand is included.',
  },
  { language: 'zh', marked: '样品一周之内寄出，{关注}[公众号：钢瓶之家]{，每一箱都仔细检查。}' },
  { language: 'zh', marked: '杯子有四种颜色，{加}[卫星号 钢瓶小李]{，边上有一圈凹槽。}' },
  { language: 'zh', marked: '感谢大家来到直播间，{加我}[微信]{聊，这款杯子有四种颜色。}' },
  { language: 'zh', marked: '这个砧板是竹子做的，{我的电话是}[13812345678]{，边上有一圈凹槽。}' },
  { language: 'zh', marked: '杯盖是木头做的，{可以用}[支付宝]{转账，样品一周之内寄出。}' },
  { language: 'zh', marked: '我们的包装很结实，{加我}[薇信]{私聊，每一箱都仔细检查。}' },
];

export interface Marked {
  readonly text: string;
  readonly forbidden: { readonly start: number; readonly end: number };
  /** Forbidden words and those that may be muted with them. */
  readonly around: { readonly start: number; readonly end: number };
}

/** The text without marks, and the marked ranges. */
export function readMarks(marked: string): Marked {
  let text = '';
  let start = -1;
  let end = -1;
  let from = -1;
  let to = -1;
  for (const c of marked) {
    if (c === '[') {
      start = text.length;
      if (from < 0) from = text.length;
    } else if (c === ']') to = end = text.length;
    else if (c === '{') from = from < 0 ? text.length : from;
    else if (c === '}') to = text.length;
    else text += c;
  }
  if (start < 0 || end <= start) throw new Error(`no forbidden words are marked in: ${marked}`);
  return { text, forbidden: { start, end }, around: { start: from, end: to } };
}
