import type { BothLanguages } from '../../config/api/report-handle.js';

export type ReportLanguage = keyof BothLanguages;

/** Texts of the report page. */
const WORDS = {
  title: { en: 'Show report', zh: '直播报告' },
  times: { en: 'Times are in {zone}.', zh: '时间均为 {zone}。' },
  created: { en: 'Made at {at}', zh: '生成于 {at}' },
  none: { en: 'Nothing in this time.', zh: '这段时间没有记录。' },
  noShow: { en: 'The room was not on air in this time.', zh: '这段时间直播间没有开播。' },
  onAir: { en: 'on air', zh: '直播时长' },
  sessionsOf: { en: '{n} sessions', zh: '{n} 场' },
  oneSession: { en: '1 session', zh: '1 场' },
  linesSpoken: { en: 'lines spoken', zh: '播报句数' },
  shortestRepeat: { en: 'shortest repeat', zh: '最短重复间隔' },
  noRepeat: { en: 'no sentence came again', zh: '没有重复的句子' },
  goal: { en: 'goal: {goal}', zh: '目标：{goal}' },
  comments: { en: 'comments', zh: '评论' },
  answeredShare: { en: '{share} of questions answered', zh: '问题回答率 {share}' },
  replyTime: { en: 'until half of the replies', zh: '半数回复用时' },
  p95: { en: '95 of 100 within {time}', zh: '95% 在 {time} 内' },
  prevented: { en: 'violations prevented', zh: '已拦截违规' },
  rulesOf: { en: 'of {n} rules', zh: '涉及 {n} 条规则' },
  slateTime: { en: 'under the slate', zh: '垫片时长' },
  muteTime: { en: 'muted {time}', zh: '静音 {time}' },
  peak: { en: 'viewers at most', zh: '最高在线' },
  timeline: { en: 'The show over time', zh: '直播时间线' },
  lane: { en: 'On air', zh: '直播' },
  productLane: { en: 'Product', zh: '商品' },
  slateLane: { en: 'Slate', zh: '垫片' },
  muteLane: { en: 'Mute', zh: '静音' },
  perBar: { en: 'each bar: {length}', zh: '每柱 {length}' },
  commentsOver: { en: 'Comments', zh: '评论量' },
  answered: { en: 'answered', zh: '已回答' },
  others: { en: 'others', zh: '其他' },
  otherEvents: { en: 'Other events', zh: '其他事件' },
  kindOfPause: { en: 'kind', zh: '类型' },
  linesOver: { en: 'Lines spoken', zh: '播报句数' },
  viewersOver: { en: 'Viewers', zh: '在线人数' },
  violationsOver: { en: 'Violations prevented', zh: '拦截违规' },
  products: { en: 'Products', zh: '商品' },
  product: { en: 'product', zh: '商品' },
  shownFor: { en: 'on screen', zh: '展示时长' },
  share: { en: 'share', zh: '占比' },
  shownTimes: { en: 'times', zh: '次数' },
  lines: { en: 'lines', zh: '句数' },
  questions: { en: 'comments', zh: '评论' },
  audience: { en: 'Viewers and comments', zh: '观众与评论' },
  byIntent: { en: 'Questions by intent', zh: '问题意图' },
  byOutcome: { en: 'All comments', zh: '全部评论' },
  byPlatform: { en: 'By platform', zh: '按平台' },
  unanswered: { en: 'unanswered', zh: '未回答' },
  topUnanswered: { en: 'Questions without an answer', zh: '未回答的问题' },
  topHelp: {
    en: 'Where nobody knew the answer, add it to `faq` of the product or a rule to `replies`, and the next show answers it. Where it came too late, there was an answer: fewer comments at once or a less busy machine help.',
    zh: '“没有答案”的问题：把答案写入商品的 `faq` 或 `replies` 规则，下一场就能回答。“来不及回答”的问题本来有答案：同时提问太多或机器太忙。',
  },
  why: { en: 'why', zh: '原因' },
  moreQuestions: { en: '…and {n} more.', zh: '……另有 {n} 个问题。' },
  underSlate: {
    en: 'Connected and receiving; for {time} ({share} of the time on air) what they received was the slate.',
    zh: '连接正常；其中 {time}（直播时长的 {share}）收到的是垫片画面。',
  },
  asked: { en: 'asked', zh: '次数' },
  last: { en: 'last', zh: '最近' },
  question: { en: 'question', zh: '问题' },
  replies: { en: 'Reply times', zh: '回复用时' },
  repliesHelp: {
    en: 'From the comment’s arrival to the first sample of its answer, in seconds.',
    zh: '从评论到达至回答的第一个声音样本，单位为秒。',
  },
  path: { en: 'answered by', zh: '回答方式' },
  count: { en: 'count', zh: '数量' },
  rules: { en: 'Violations prevented', zh: '已拦截的违规' },
  rulesHelp: {
    en: 'Words, pictures and texts that a rule stopped before they left. The ledger has each of them.',
    zh: '在播出前被规则拦下的词句、画面和文字；审核日志中有逐条记录。',
  },
  rule: { en: 'rule', zh: '规则' },
  actions: { en: 'what was done', zh: '处理' },
  outputs: { en: 'Destinations', zh: '推流目标' },
  destination: { en: 'destination', zh: '目标' },
  uptime: { en: 'uptime', zh: '在线率' },
  live: { en: 'live', zh: '在线' },
  interruptions: { en: 'interruptions', zh: '中断' },
  lastError: { en: 'last error', zh: '最近错误' },
  spoken: { en: 'Lines and repeats', zh: '播报与重复' },
  repeatsHelp: {
    en: '{sentences} sentences, {different} different ones; {soon} came again sooner than {goal}.',
    zh: '共 {sentences} 句，其中不同句子 {different} 句；{soon} 句在 {goal} 内重复。',
  },
  noneTooSoon: { en: 'No sentence came again sooner than the goal.', zh: '没有句子早于目标间隔重复。' },
  sentence: { en: 'sentence', zh: '句子' },
  repeatsTitle: { en: 'Soonest repeats', zh: '最快重复的句子' },
  gap: { en: 'shortest gap', zh: '最短间隔' },
  byKind: { en: 'By kind', zh: '按类型' },
  byLanguage: { en: 'By language', zh: '按语言' },
  sessions: { en: 'Sessions', zh: '场次' },
  begin: { en: 'begin', zh: '开始' },
  length: { en: 'length', zh: '时长' },
  end: { en: 'end', zh: '结束方式' },
  frames: { en: 'frames', zh: '帧数' },
  replaced: { en: 'frames replaced', zh: '替换帧' },
  mutedFrames: { en: 'frames muted', zh: '静音帧' },
  late: { en: 'frames late', zh: '迟到帧' },
  interruptionsLane: { en: 'Slate and silence', zh: '垫片与静音' },
  cause: { en: 'cause', zh: '原因' },
  duration: { en: 'duration', zh: '时长' },
  unknown: { en: 'unknown', zh: '未知' },
  footer: {
    en: 'Made by Showroom from the room’s own store. Texts of viewers are quoted as they wrote them.',
    zh: '由 Showroom 根据直播间本地记录生成。观众文字按原文引用。',
  },
} as const satisfies Record<string, BothLanguages>;
type WordKey = keyof typeof WORDS;

/** Names of values; an unknown value is shown as it is. */
const VALUES: Readonly<Record<string, BothLanguages>> = {
  stopped: { en: 'stopped', zh: '正常结束' },
  failed: { en: 'failed', zh: '故障结束' },
  killed: { en: 'killed', zh: '被强制结束' },
  'on-air': { en: 'on air', zh: '直播中' },
  open: { en: 'open', zh: '待处理' },
  answered: { en: 'answered', zh: '已回答' },
  merged: { en: 'answered together', zh: '合并回答' },
  unanswered: { en: 'unanswered', zh: '未回答' },
  hostile: { en: 'blocked', zh: '已屏蔽' },
  ignored: { en: 'no question', zh: '非提问' },
  script: { en: 'script', zh: '脚本' },
  operator: { en: 'operator', zh: '运营' },
  takeover: { en: 'takeover', zh: '人工接管' },
  urgent: { en: 'urgent', zh: '插播' },
  order: { en: 'orders', zh: '下单' },
  reply: { en: 'replies', zh: '回复' },
  timed: { en: 'timed', zh: '定时' },
  filler: { en: 'fillers', zh: '暖场' },
  rule: { en: 'reply rule', zh: '回复规则' },
  intent: { en: 'listing', zh: '商品资料' },
  faq: { en: 'FAQ', zh: '常见问答' },
  llm: { en: 'language model', zh: '大模型' },
  comment: { en: 'comments', zh: '评论' },
  enter: { en: 'arrivals', zh: '进入' },
  follow: { en: 'follows', zh: '关注' },
  like: { en: 'likes', zh: '点赞' },
  gift: { en: 'gifts', zh: '礼物' },
  cart: { en: 'added to cart', zh: '加购' },
  violation: { en: 'violation', zh: '违规' },
  unjudged: { en: 'picture not checked in time (machine too busy)', zh: '画面未及时检查完（机器太忙）' },
  'hold-time': { en: 'kept a moment after something forbidden', zh: '违规内容后的保持时间' },
  risk: { en: 'risk limit', zh: '风险上限' },
  dumped: { en: 'taken back by the operator', zh: '运营撤回' },
  words: { en: 'words in the picture', zh: '画面文字' },
  codes: { en: 'code in the picture', zh: '画面码' },
  stalled: { en: 'nothing to say', zh: '无话可播' },
  live: { en: 'live', zh: '在线' },
  degraded: { en: 'slow network', zh: '网络拥塞' },
  connecting: { en: 'connecting', zh: '连接中' },
  backoff: { en: 'down', zh: '断开' },
  wedged: { en: 'not taking data', zh: '对方不收数据' },
  mute: { en: 'muted', zh: '静音' },
  tone: { en: 'tone', zh: '提示音' },
  skip: { en: 'skipped', zh: '跳过' },
  blank: { en: 'held back', zh: '换下画面' },
  hold: { en: 'held', zh: '保持画面' },
  blur: { en: 'blurred', zh: '模糊' },
  pixelate: { en: 'pixelated', zh: '马赛克' },
  refuse: { en: 'refused', zh: '拒绝' },
  'drop-caption': { en: 'caption dropped', zh: '去掉字幕' },
  stop: { en: 'show ended', zh: '结束直播' },
  price: { en: 'price', zh: '价格' },
  moq: { en: 'minimum order', zh: '起订量' },
  shipping: { en: 'shipping', zh: '物流' },
  'lead-time': { en: 'lead time', zh: '交期' },
  leadTime: { en: 'lead time', zh: '交期' },
  delivery: { en: 'delivery', zh: '发货' },
  sample: { en: 'samples', zh: '样品' },
  size: { en: 'size', zh: '尺寸' },
  colour: { en: 'colour', zh: '颜色' },
  color: { en: 'colour', zh: '颜色' },
  material: { en: 'material', zh: '材质' },
  stock: { en: 'stock', zh: '库存' },
  variants: { en: 'variants', zh: '款式' },
  variant: { en: 'variants', zh: '款式' },
  discount: { en: 'discount', zh: '优惠' },
  coupon: { en: 'coupon', zh: '优惠券' },
  payment: { en: 'payment', zh: '付款' },
  warranty: { en: 'warranty', zh: '质保' },
  returns: { en: 'returns', zh: '退换' },
  return: { en: 'returns', zh: '退换' },
  certificate: { en: 'certificates', zh: '认证' },
  certificates: { en: 'certificates', zh: '认证' },
  packing: { en: 'packing', zh: '包装' },
  origin: { en: 'origin', zh: '产地' },
  customisation: { en: 'customising', zh: '定制' },
  who: { en: 'about the presenter', zh: '主播是谁' },
  ai: { en: 'is it an AI', zh: '是否 AI' },
  custom: { en: 'customising', zh: '定制' },
  customise: { en: 'customising', zh: '定制' },
  usage: { en: 'how to use', zh: '使用方法' },
  care: { en: 'care', zh: '保养' },
  link: { en: 'where to buy', zh: '购买链接' },
  buy: { en: 'how to buy', zh: '如何购买' },
  greeting: { en: 'greeting', zh: '问候' },
};

/** Why a question had no answer, as the show recorded it. */
const REASONS: readonly (readonly [recorded: RegExp, words: BothLanguages])[] = [
  [/speech|voice|answer in time|espeak/i, { en: 'the voice was too slow', zh: '语音合成太慢' }],
  [/same again/, { en: 'the same had just been answered', zh: '刚刚回答过同样的问题' }],
  [/waited|too many|has stopped|cancelled/, { en: 'came too late: too many at once, or too busy', zh: '来不及回答' }],
  [/does not say|nobody knows|cannot fill/, { en: 'nobody knew the answer', zh: '没有答案' }],
  [/breaks rule ([\d.P]+)/, { en: 'the answer breaks rule $1', zh: '答案违反规则 $1' }],
  [/model/, { en: 'the language model had no usable answer', zh: '大模型没有可用的回答' }],
];

export const reasonIn =
  (language: ReportLanguage) =>
  (reason: string | null): string => {
    if (reason === null) return '';
    for (const [recorded, words] of REASONS) {
      const found = recorded.exec(reason);
      if (found !== null) return words[language].replace('$1', found[1] ?? '');
    }
    return reason;
  };

export type Say = (key: WordKey, values?: Readonly<Record<string, string>>) => string;

export const sayIn =
  (language: ReportLanguage): Say =>
  (key, values = {}) =>
    WORDS[key][language].replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);

/** Name of a value for people. */
export const valueIn =
  (language: ReportLanguage) =>
  (value: string): string =>
    Object.hasOwn(VALUES, value) ? VALUES[value]![language] : value;

const S = 1000;
const MIN = 60 * S;
const H = 60 * MIN;

const LOCALES: Readonly<Record<ReportLanguage, string>> = { en: 'en-GB', zh: 'zh-CN' };

/** Numbers, times and durations as a language writes them. */
export class NumberWords {
  private readonly numbers: Intl.NumberFormat;
  private readonly percents: Intl.NumberFormat;
  private readonly dates: Intl.DateTimeFormat;
  private readonly clocks: Intl.DateTimeFormat;
  private readonly days: Intl.DateTimeFormat;

  constructor(
    private readonly language: ReportLanguage,
    readonly zone = Intl.DateTimeFormat().resolvedOptions().timeZone,
  ) {
    const locale = LOCALES[language];
    this.numbers = new Intl.NumberFormat(locale);
    this.percents = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
    const timeZone = zone;
    const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone } as const;
    this.dates = new Intl.DateTimeFormat(locale, { ...clock, day: 'numeric', month: 'short' });
    this.clocks = new Intl.DateTimeFormat(locale, clock);
    this.days = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone });
  }

  number(value: number): string {
    return this.numbers.format(value);
  }

  /** Never rounds up to 100 %. */
  share(value: number): string {
    return this.percents.format(value < 1 && value > 0.999 ? 0.999 : value);
  }

  at(ms: number): string {
    return this.dates.format(ms);
  }

  clock(ms: number): string {
    return this.clocks.format(ms);
  }

  day(ms: number): string {
    return this.days.format(ms);
  }

  /** `2 h 05 min`, `12 min 30 s`, `4.2 s`, `340 ms`. */
  duration(ms: number): string {
    const zh = this.language === 'zh';
    const two = (n: number): string => String(n).padStart(2, '0');
    if (ms >= 100 * H) return `${this.number(Math.round(ms / H))}${zh ? ' 小时' : ' h'}`;
    if (ms >= H) {
      const minutes = Math.round(ms / MIN);
      const [h, min] = [Math.floor(minutes / 60), minutes % 60];
      return min === 0 ? `${h}${zh ? ' 小时' : ' h'}` : zh ? `${h} 小时 ${min} 分` : `${h} h ${two(min)} min`;
    }
    if (ms >= MIN) {
      const seconds = Math.round(ms / S);
      const [min, s] = [Math.floor(seconds / 60), seconds % 60];
      if (min === 60) return zh ? '1 小时' : '1 h';
      return s === 0 ? `${min}${zh ? ' 分' : ' min'}` : zh ? `${min} 分 ${s} 秒` : `${min} min ${two(s)} s`;
    }
    if (ms >= S) return `${(ms / S).toFixed(ms < 10 * S ? 1 : 0)}${zh ? ' 秒' : ' s'}`;
    return ms === 0 ? `0${zh ? ' 秒' : ' s'}` : `${Math.round(ms)}${zh ? ' 毫秒' : ' ms'}`;
  }
}
