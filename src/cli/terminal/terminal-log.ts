import type { WatchKind } from '../../compliance/watch/watch-event.js';
import type { Closeable } from '../../core/closeable.js';
import { withoutOutput } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import { onOneLine } from '../print-lines.js';
import { wrapText } from './display-width.js';
import type { TerminalLanguage } from './terminal-language.js';

/**
 * The terminal's sentences for log events. An event without a sentence is printed as its log message with its fields.
 */

type Fields = Readonly<Record<string, unknown>>;

interface EventSentence {
  readonly en: (f: Fields) => string;
  readonly zh: (f: Fields) => string;
  /** Shown although it is no warning. */
  readonly always?: boolean;
  /** Hides an event that repeats another one, or that an operator cannot use. */
  readonly hidden?: (f: Fields) => boolean;
  /**
   * It is a consequence of a machine that is too busy. All of these are one kind: they share a line. `while`: only where one of
   * the others was printed lately.
   */
  readonly busy?: (f: Fields) => boolean | 'while';
  /** Distinguishes events with the same message. */
  readonly same?: (f: Fields) => string;
}

const text = (value: unknown): string => (value === undefined || value === null ? '' : String(value));
/** English, for both languages: the unit is the same. */
const seconds = (ms: unknown): string => `${Math.max(1, Math.round(Number(ms) / 1000))} s`;
const STREAMS_ZH: Readonly<Record<string, string>> = { video: '视频', aac: '音频（AAC）', opus: '音频（Opus）' };
const STREAMS_EN: Readonly<Record<string, string>> = { video: 'video', aac: 'sound (AAC)', opus: 'sound (Opus)' };
const FAULTS: Readonly<Record<WatchKind | 'repeated-picture', readonly [en: string, zh: string]>> = {
  silent: ['viewers hear silence', '直播间没有声音'],
  clipped: ['the sound is clipped', '声音削波'],
  'dead-air': ['nobody has spoken for a while', '长时间没有人说话'],
  black: ['the picture is black', '画面全黑'],
  frozen: ['the presenter stands still', '主播画面静止'],
  blurred: ['the picture is blurred', '画面模糊'],
  blocky: ['the picture is blocky', '画面有方块'],
  'low-fps': ['the frame rate is low', '帧率过低'],
  still: ['too little of the picture moves', '画面变化太少'],
  'presenter-small': ['the presenter is too small or outside the safe area', '主播过小或超出安全区'],
  'presenter-absent': ['no presenter is to be seen', '画面中没有主播'],
  'black-margin': ['the edge of the picture is black', '画面边缘为黑色'],
  letterbox: ['black bars are in the picture', '画面有黑边'],
  'repeated-picture': ['the picture has hardly changed for an hour', '一小时内画面几乎没有变化'],
};
/** Faults and alarms that a busy machine causes. */
const BUSY_FAULTS: ReadonlySet<string> = new Set(['low-fps', 'frozen', 'still', 'dead-air']);
const BUSY_ALARMS: ReadonlySet<string> = new Set(['machine-slow', 'dead-air', 'picture']);
const faultName = (f: Fields, i: 0 | 1): string =>
  (FAULTS as Readonly<Record<string, readonly string[]>>)[text(f['kind'])]?.[i] ?? text(f['kind']);
const CAUSES: Readonly<Record<string, readonly [en: string, zh: string]>> = {
  unjudged: [
    'frames were not checked in time; calm or shrink layers that change all over, lower video.width and height, or use a faster machine',
    '画面未能及时审核；请减少或缩小全屏变化的图层，降低画面尺寸，或换更快的机器',
  ],
  violation: ['forbidden content is drawn', '画面中有违规内容'],
  operator: ['commanded by the operator', '人工遮屏'],
  risk: ['the risk score is at its limit', '风险分到上限'],
  dumped: ['dropped by the operator', '人工丢弃'],
  words: ['forbidden words in the picture', '画面中有违规文字'],
  codes: ['a code in the picture', '画面中有码'],
  stalled: ['the show has nothing to say', '节目没有内容'],
};
const cause = (f: Fields, i: 0 | 1): string => CAUSES[text(f['cause'])]?.[i] ?? text(f['cause']);
const alarmText = (f: Fields, language: TerminalLanguage): string =>
  text((f['text'] as Record<string, unknown> | undefined)?.[language]);

export const EVENT_SENTENCES: Readonly<Record<string, EventSentence>> = {
  'output state': {
    en: (f) =>
      f['state'] === 'live' ? `Output ${f['output']} is live` : `Output ${f['output']} takes the stream too slowly`,
    zh: (f) => (f['state'] === 'live' ? `输出 ${f['output']} 已在线` : `输出 ${f['output']} 接收太慢`),
    always: true,
    hidden: ({ state }) => state !== 'live' && state !== 'degraded',
    same: (f) => `${f['output']} ${f['state']}`,
  },
  'output ended': {
    en: (f) =>
      `Output ${f['output']} is down; next try in ${seconds(f['waitMs'])}: ${withoutOutput(text(f['reason']))}`,
    zh: (f) => `输出 ${f['output']} 断开，${seconds(f['waitMs'])} 后重试：${withoutOutput(text(f['reason']))}`,
    same: (f) => `${f['output']} ${f['code']}`,
  },
  'outputs are congested': {
    en: (f) => `The network is slow: video goes from ${f['fromKbps']} to ${f['toKbps']} kbit/s`,
    zh: (f) => `网络拥塞：视频码率由 ${f['fromKbps']} 降到 ${f['toKbps']} kbit/s`,
  },
  'outputs flow again': {
    en: (f) => `The network is better: video goes from ${f['fromKbps']} to ${f['toKbps']} kbit/s`,
    zh: (f) => `网络恢复：视频码率由 ${f['fromKbps']} 升到 ${f['toKbps']} kbit/s`,
  },
  'a platform limits the encoder': {
    en: (f) => `A platform limits the encoder: ${f['reason']}`,
    zh: (f) => `平台限制编码设置：${f['reason']}`,
  },
  'frames are being replaced': {
    en: (f) => `Viewers see a stand-in: ${cause(f, 0)}`,
    zh: (f) => `观众看到的是替换画面：${cause(f, 1)}`,
    same: (f) => text(f['cause']),
    busy: (f) => f['cause'] === 'unjudged',
  },
  "the room's own picture is back": {
    en: (f) => `The picture is back after ${f['replacedFrames']} replaced frames`,
    zh: (f) => `画面已恢复，共替换 ${f['replacedFrames']} 帧`,
    always: true,
    busy: () => 'while',
  },
  'a code in the picture: held back': {
    en: (f) => `A code in the picture was held back (${[f['kinds']].flat().join(', ')})`,
    zh: (f) => `画面中有码，已拦截（${[f['kinds']].flat().join('、')}）`,
  },
  'a frame could not be judged: held back': {
    en: (f) => `A frame could not be checked and was held back: ${f['reason']}`,
    zh: (f) => `有画面无法审核，已拦截：${f['reason']}`,
    busy: () => true,
  },
  'the operator dropped what had not left': {
    en: (f) => `The operator dropped ${f['frames']} frames`,
    zh: (f) => `操作员丢弃了 ${f['frames']} 帧`,
  },
  'the picture has fewer frames a second: this machine is busy': {
    en: (f) => `Picture at ${f['pictureFps']} frames a second: this machine is busy`,
    zh: (f) => `画面降为每秒 ${f['pictureFps']} 帧：这台机器太忙`,
    busy: () => true,
  },
  'the picture is at its full frame rate again': {
    en: (f) => `Picture at ${f['pictureFps']} frames a second again`,
    zh: (f) => `画面恢复为每秒 ${f['pictureFps']} 帧`,
    always: true,
  },
  'large clips go slower, so that each frame is judged': {
    en: (f) => `Large clips show one frame in ${f['oneFrameOf']}, so that each is checked`,
    zh: (f) => `大尺寸视频素材每 ${f['oneFrameOf']} 帧播 1 帧，以便逐帧审核`,
    busy: () => true,
  },
  'large clips show every frame again': {
    en: () => 'Large clips show every frame again',
    zh: () => '大尺寸视频素材恢复逐帧播放',
    always: true,
  },
  'picture or sound at fault': {
    en: (f) => `Fault: ${faultName(f, 0)} (rule ${f['rule']})`,
    zh: (f) => `异常：${faultName(f, 1)}（规则 ${f['rule']}）`,
    same: (f) => text(f['kind']),
    busy: (f) => (BUSY_FAULTS.has(text(f['kind'])) ? 'while' : false),
  },
  'a fault of picture or sound is over': {
    en: (f) => `Over: ${faultName(f, 0)}`,
    zh: (f) => `已恢复：${faultName(f, 1)}`,
    always: true,
    same: (f) => text(f['kind']),
    busy: (f) => (BUSY_FAULTS.has(text(f['kind'])) ? 'while' : false),
  },
  'an alarm is raised': {
    en: (f) => `Alarm: ${alarmText(f, 'en')}`,
    zh: (f) => `告警：${alarmText(f, 'zh')}`,
    same: (f) => `${f['alarm']} ${text(f['subject'])}`,
    busy: (f) => (BUSY_ALARMS.has(text(f['alarm'])) ? 'while' : false),
  },
  'an alarm is over': {
    en: (f) => `Alarm over: ${alarmText(f, 'en')}`,
    zh: (f) => `告警解除：${alarmText(f, 'zh')}`,
    always: true,
    same: (f) => `${f['alarm']} ${text(f['subject'])}`,
    busy: (f) => (BUSY_ALARMS.has(text(f['alarm'])) ? 'while' : false),
  },
  'an alert was not delivered': {
    en: (f) => `An alert did not reach ${f['receiver']}: ${f['reason']}`,
    zh: (f) => `告警未能送达 ${f['receiver']}：${f['reason']}`,
  },
  'a webhook did not accept an event': {
    en: (f) => `A webhook did not take an event (${f['webhook']}): ${f['reason']}`,
    zh: (f) => `Webhook 未接收事件（${f['webhook']}）：${f['reason']}`,
  },
  'risk at its limit: slate until an operator resumes': {
    en: (f) => `The risk score is at its limit (${f['score']}): slate in silence until you press Resume on the page`,
    zh: (f) => `风险分到上限（${f['score']}）：静音并显示占位画面，请在页面按“恢复”`,
  },
  'encoder ended; the next generation starts': {
    en: (f) => `The ${STREAMS_EN[text(f['stream'])]} encoder ended; another starts. ${f['reason']}`,
    zh: (f) => `${STREAMS_ZH[text(f['stream'])]}编码器异常结束，正在更换。${f['reason']}`,
    same: (f) => `${f['stream']} ${f['code']}`,
  },
  'encoder ended': {
    en: (f) => `The ${STREAMS_EN[text(f['stream'])]} encoder ended; its spare has taken over. ${f['reason']}`,
    zh: (f) => `${STREAMS_ZH[text(f['stream'])]}编码器异常结束，备用已接替。${f['reason']}`,
    same: (f) => `${f['stream']} ${f['code']}`,
  },
  'the ledger cannot be written: the room goes on, its lines are queued': {
    en: (f) =>
      `The ledger cannot be written; the show goes on. Free the disk, or make the folder writable. ${f['error']}`,
    zh: (f) => `台账无法写入，节目继续。请清理磁盘或检查文件夹权限。${f['error']}`,
  },
  'the ledger is written again': { en: () => 'The ledger is written again', zh: () => '台账恢复写入' },
  'the show’s source': {
    en: (f) => (f['step'] === 'slate' ? 'The show has nothing to say: slate' : 'The next line is late'),
    zh: (f) => (f['step'] === 'slate' ? '节目没有内容，显示占位画面' : '下一句话尚未就绪'),
    same: (f) => text(f['step']),
  },
  'a line was ready too late and has moved': {
    en: (f) => `Line ${f['line']} was ready too late and comes later`,
    zh: (f) => `台词 ${f['line']} 准备太慢，已顺延`,
    same: () => '',
    busy: () => 'while',
  },
  'the same words too often in an hour': {
    en: (f) => `The same words came ${f['timesInHour']} times within an hour: write more variants`,
    zh: (f) => `同一句话一小时内出现 ${f['timesInHour']} 次，请多写几种说法`,
    same: () => '',
  },
  'a clip’s frames came late': {
    en: (f) => `Frames of the clip in layer ${f['layer']} came late`,
    zh: (f) => `图层 ${f['layer']} 的视频素材有帧迟到`,
    same: (f) => text(f['layer']),
    busy: () => 'while',
  },
  'scan thread stalled, ending it': {
    en: () => 'A scan thread stalled and is replaced; frames wait for their verdict',
    zh: () => '扫描线程卡住，正在更换；画面等待审核',
    same: () => '',
    busy: () => true,
  },
  'scan thread ended, starting another': {
    en: () => 'A scan thread ended; another starts',
    zh: () => '扫描线程结束，正在启动新的',
    same: () => '',
    busy: () => true,
  },
  'the speech process is replaced': {
    en: () => 'The speech process ended; another starts',
    zh: () => '语音进程结束，已更换',
  },
  'the embedded server died; restarting it': {
    en: (f) => `The embedded RTMP server ended; it is started again. ${f['reason']}`,
    zh: (f) => `内置 RTMP 服务异常结束，正在重启。${f['reason']}`,
  },
  'A/V offset not measured': {
    en: (f) => `The offset of sound to picture was not measured. ${f['reason']}`,
    zh: (f) => `音画同步未能测量。${f['reason']}`,
    same: () => '',
    busy: () => 'while',
  },
  'the terminal is gone: the show goes on': {
    en: () => 'The terminal is gone (SIGHUP); the show goes on. `kill` with the process number stops it',
    zh: () => '终端已关闭（SIGHUP），节目继续。用 kill 加进程号停止',
  },
};

interface TerminalLogOptions {
  readonly print: (line: string) => void;
  /** Width of the terminal; sentences are wrapped to it. */
  readonly columns: () => number;
  /** Minimum level shown: `debug`, `info`, `warn`, `error` or `silent`. */
  readonly level: string;
  readonly language: TerminalLanguage;
  readonly colour: boolean;
  readonly wallMs?: () => number;
  readonly windowMs?: number;
}

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
type Level = Exclude<(typeof LEVELS)[number], 'silent'>;
const MARKS: Readonly<Record<Level, string>> = { debug: '·', info: '·', warn: '!', error: '✗' };
const COLOURS: Readonly<Record<Level, string>> = { debug: '2', info: '36', warn: '33', error: '31' };
/** Indents wrapped lines below the sentence, after time and mark. */
const INDENT = ' '.repeat(11);
const MAX_CHARACTERS = 400;
/** The kind of everything that a busy machine causes. */
const BUSY = 'busy';
const BUSY_LEAD: Readonly<Record<TerminalLanguage, string>> = { en: 'This machine is busy. ', zh: '这台机器太忙。' };
const NAMES_BUSY = /this machine is busy|这台机器太忙/;
/** Fields that may hold an address with its key. */
const SECRET: ReadonlySet<string> = new Set(['url', 'token', 'key', 'authorization']);

/**
 * Prints an event at once, and its repetitions as one line with their number.
 *
 * Problem: a scan that is behind, or a refused output, logs the same event several times a second.
 * Rule: the first of a kind is printed at once; repetitions in the next half minute are counted and printed together;
 * half a minute without one ends the series.
 * Numbers: 30 s, 200 kinds at once.
 */
const WINDOW_MS = 30_000;
const MAX_KINDS = 200;

interface Counted {
  count: number;
  sentence: string;
  readonly timer: NodeJS.Timeout;
}

class RepeatedEvents implements Closeable {
  private readonly kinds = new Map<string, Counted>();

  constructor(
    /** `count` is 1 for an event printed at once. */
    private readonly say: (sentence: string, count: number, windowMs: number) => void,
    private readonly windowMs = WINDOW_MS,
  ) {}

  /** An event of this kind was printed lately. */
  has(kind: string): boolean {
    return this.kinds.has(kind);
  }

  add(kind: string, sentence: string): void {
    const known = this.kinds.get(kind);
    if (known !== undefined) {
      known.count += 1;
      known.sentence = sentence;
      return;
    }
    this.say(sentence, 1, this.windowMs);
    if (this.kinds.size >= MAX_KINDS) return;
    const timer = setInterval(() => this.sum(kind), this.windowMs).unref();
    this.kinds.set(kind, { count: 0, sentence, timer });
  }

  /** Prints the counted events that are not printed yet. */
  async close(): Promise<void> {
    for (const kind of this.kinds.keys()) {
      this.sum(kind);
      clearInterval(this.kinds.get(kind)?.timer);
      this.kinds.delete(kind);
    }
  }

  private sum(kind: string): void {
    const counted = this.kinds.get(kind)!;
    if (counted.count === 0) {
      clearInterval(counted.timer);
      this.kinds.delete(kind);
      return;
    }
    this.say(counted.sentence, counted.count, this.windowMs);
    counted.count = 0;
  }
}

/** The log for people: one sentence per event, repetitions counted. */
export class TerminalLog implements Log, Closeable {
  private readonly repeated: RepeatedEvents;
  private readonly least: number;
  private silent = false;

  constructor(private readonly options: TerminalLogOptions) {
    this.least = LEVELS.indexOf(options.level as Level);
    this.repeated = new RepeatedEvents((line, count, windowMs) => this.say(line, count, windowMs), options.windowMs);
  }

  debug(fields: object, message: string): void {
    this.write('debug', fields as Fields, message);
  }
  info(fields: object, message: string): void {
    this.write('info', fields as Fields, message);
  }
  warn(fields: object, message: string): void {
    this.write('warn', fields as Fields, message);
  }
  error(fields: object, message: string): void {
    this.write('error', fields as Fields, message);
  }

  child(fields: object): Log {
    const one = (level: Level) => (more: object, message: string) => this.write(level, { ...fields, ...more }, message);
    const log: Log = {
      debug: one('debug'),
      info: one('info'),
      warn: one('warn'),
      error: one('error'),
      child: (more) => this.child({ ...fields, ...more }),
    };
    return log;
  }

  /** Prints what was counted, and nothing from now on. */
  silence(): void {
    void this.repeated.close();
    this.silent = true;
  }

  close(): Promise<void> {
    return this.repeated.close();
  }

  private write(level: Level, fields: Fields, message: string): void {
    if (this.silent) return;
    const known = Object.hasOwn(EVENT_SENTENCES, message) ? EVENT_SENTENCES[message] : undefined;
    const shown = LEVELS.indexOf(level);
    const always = known?.always === true && this.least <= LEVELS.indexOf('warn');
    if ((shown < this.least && !always) || known?.hidden?.(fields) === true) return;
    const sentence = known === undefined ? plainSentence(fields, message) : known[this.options.language](fields);
    const busy = known?.busy?.(fields) ?? false;
    const isBusy = busy === true || (busy === 'while' && this.repeated.has(BUSY));
    const line = isBusy && !NAMES_BUSY.test(sentence) ? BUSY_LEAD[this.options.language] + sentence : sentence;
    this.repeated.add(
      isBusy ? BUSY : `${message} ${known?.same?.(fields) ?? ''}`,
      this.marked(isBusy ? 'warn' : level, onOneLine(line, MAX_CHARACTERS)),
    );
  }

  private marked(level: Level, sentence: string): string {
    const { colour } = this.options;
    const mark = MARKS[level];
    return `${colour ? `\u001b[${COLOURS[level]}m${mark}\u001b[0m` : mark} ${sentence}`;
  }

  private say(sentence: string, count: number, windowMs: number): void {
    const { language, print, columns, wallMs = Date.now } = this.options;
    const time = new Date(wallMs()).toTimeString().slice(0, 8);
    const s = Math.round(windowMs / 1000);
    const times = count === 1 ? '' : language === 'zh' ? `（${s} 秒内 ${count} 次）` : ` (${count} times in ${s} s)`;
    print(wrapText(`${time} ${sentence}${times}`, columns(), INDENT));
  }
}

/** An event without a sentence of its own: its message, with its fields in brackets. */
function plainSentence(fields: Fields, message: string): string {
  const details = Object.entries(fields)
    .filter(
      ([name, value]) =>
        !SECRET.has(name) &&
        value !== undefined &&
        value !== '' &&
        !(String(value).length > 3 && message.includes(String(value))),
    )
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`);
  const sentence = `${message.slice(0, 1).toUpperCase()}${message.slice(1)}`;
  return details.length === 0 ? sentence : `${sentence} (${details.join(', ')})`;
}
