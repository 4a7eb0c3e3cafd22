import type { AlarmKind, AlarmSeverity, TwoTexts } from '../core/alarm-kinds.js';
import { withoutOutput } from '../core/errors.js';
import type { OutputSnapshot, RoomSnapshot, SlateReason, VoiceSnapshot } from '../config/api/room-handle.js';
import type { SourceStep } from '../core/source-step.js';
import { statfs } from 'node:fs/promises';

/** A present fault; it becomes an alarm when it lasts. */
export interface AlarmCondition {
  readonly kind: AlarmKind;
  readonly subject: string;
  readonly severity: AlarmSeverity;
  readonly text: TwoTexts;
}

/** Figures the snapshot does not hold. */
export interface MachineFigures {
  /** Share of the last half minute's frames that were late or had no verdict in time. */
  readonly slowShare: number;
  /** Folders on disks that are nearly full. */
  readonly fullDisks: readonly { readonly folder: string; readonly freeMb: number }[];
}

const DELIVERING: ReadonlySet<string> = new Set(['live', 'degraded']);
/** Kinds that connect to another machine. */
const PUSHES: ReadonlySet<string> = new Set(['rtmp', 'srt', 'whip']);
/** Commanded by a person, who knows about it. */
const ORDERED: ReadonlySet<SlateReason> = new Set<SlateReason>(['operator', 'dumped']);
/** Above this share the machine counts as too slow. */
const MAX_SLOW_SHARE = 0.02;

const SLATE_TEXTS: Readonly<Record<SlateReason, TwoTexts>> = {
  operator: { en: 'commanded by the operator', zh: '人工操作' },
  dumped: { en: 'dropped by the operator', zh: '人工丢弃' },
  risk: { en: 'the risk score is at its limit', zh: '风险分到上限' },
  words: { en: 'forbidden words in the picture', zh: '画面中有违规文字' },
  codes: { en: 'a code in the picture', zh: '画面中有码' },
  stalled: { en: 'the show has nothing to say', zh: '节目没有内容' },
  violation: { en: 'forbidden content is drawn', zh: '画面中有违规内容' },
  unjudged: { en: 'frames are not checked in time', zh: '画面未能及时审核' },
  'hold-time': { en: 'content was held back a moment ago', zh: '刚刚拦截过内容' },
};

const WATCH_TEXTS: Readonly<Record<string, readonly [AlarmKind, TwoTexts]>> = {
  silent: ['silence', { en: 'Viewers hear silence', zh: '直播间没有声音' }],
  'dead-air': ['dead-air', { en: 'Nobody has spoken for a while', zh: '长时间没有人说话' }],
  black: ['picture', { en: 'The picture is black', zh: '画面全黑' }],
  frozen: ['picture', { en: 'The picture stands still', zh: '画面静止' }],
};

const AVATAR_TEXTS: Readonly<Record<Exclude<SourceStep, 'fresh'>, TwoTexts>> = {
  idle: {
    en: 'The external avatar sends no pictures: an idle loop is shown',
    zh: '外部数字人没有画面：正在循环待机画面',
  },
  'stand-in': {
    en: 'The external avatar sends no pictures: the drawn presenter stands in',
    zh: '外部数字人没有画面：由自带主播代替',
  },
  slate: {
    en: 'The external avatar sends no pictures and the room has no stand-in: the slate is shown',
    zh: '外部数字人没有画面，也没有替补：显示占位画面',
  },
};

const both = (en: string, zh: string): TwoTexts => ({ en, zh });

/** All faults that the room's figures show. */
export function alarmConditions(s: RoomSnapshot, { slowShare, fullDisks }: MachineFigures): AlarmCondition[] {
  const found: AlarmCondition[] = [];
  const add = (kind: AlarmKind, severity: AlarmSeverity, text: TwoTexts, subject = ''): void =>
    void found.push({ kind, subject, severity, text });
  for (const output of s.outputs) {
    if (output.kind === 'whep' || output.state === 'stopped' || DELIVERING.has(output.state)) continue;
    add('output-down', output.required === true ? 'critical' : 'warning', outputText(output), output.id);
  }
  const slate = s.slate.filter((reason) => !ORDERED.has(reason));
  const held = s.risk.level === 'limit';
  // A held risk has an alarm of its own.
  const shown = held ? slate.filter((reason) => reason !== 'risk') : slate;
  if (shown.length > 0) {
    const [en, zh] = [shown.map((r) => SLATE_TEXTS[r].en).join('; '), shown.map((r) => SLATE_TEXTS[r].zh).join('；')];
    add('slate', 'critical', both(`Viewers see the slate: ${en}`, `观众看到的是占位画面：${zh}`));
  }
  const rules = s.risk.reasons
    .slice(0, 3)
    .map(({ rule, count }) => `${rule} ×${count}`)
    .join(', ');
  if (held) {
    add(
      'risk-held',
      'critical',
      both(
        `The show is held on the slate, in silence: the risk score is at its limit (${rules}). A person has to press Resume`,
        `节目已停在占位画面且静音：风险分到上限（${rules}），需人工按“恢复”`,
      ),
    );
  } else if (s.risk.level === 'raised') {
    const text = both(
      `The risk score has risen to ${s.risk.score} (rules ${rules}); at its limit the show goes to the slate`,
      `风险分升至 ${s.risk.score}（规则 ${rules}），到上限时节目将切到占位画面`,
    );
    add('risk-raised', 'warning', text);
  }
  const quietByOrder = s.muted || held;
  for (const { kind } of s.watch) {
    const known = WATCH_TEXTS[kind];
    if (known === undefined || (quietByOrder && known[0] !== 'picture')) continue;
    add(known[0], known[0] === 'dead-air' ? 'warning' : 'critical', known[1], known[0] === 'picture' ? kind : '');
  }
  if (s.ledger.failing) {
    add(
      'ledger',
      'critical',
      both('The ledger cannot be written; the show goes on and is judged', '台账无法写入，节目继续并照常审核'),
    );
  }
  if (slowShare > MAX_SLOW_SHARE) {
    const percent = Math.round(slowShare * 100);
    add(
      'machine-slow',
      'warning',
      both(
        `The machine is too slow: ${percent} % of the last half minute's frames were late or not checked in time`,
        `机器太慢：最近半分钟有 ${percent}% 的画面迟到或未能及时审核`,
      ),
    );
  }
  for (const { folder, freeMb } of fullDisks) {
    const text = both(
      `The disk is nearly full: ${freeMb} MB left for ${folder}`,
      `磁盘将满：${folder} 仅剩 ${freeMb} MB`,
    );
    add('disk-low', 'critical', text, folder);
  }
  for (const { id, state, lastError } of s.eventSources) {
    if (state === 'live' || state === 'stopped') continue;
    const [en, zh] = lastError === '' ? ['', ''] : [`: ${lastError}`, `：${lastError}`];
    const text = both(`No comments from source ${id}${en}`, `评论来源 ${id} 未连上${zh}`);
    add('source-down', 'warning', text, id);
  }
  const avatar = s.sources.find(({ kind }) => kind === 'avatar');
  if (avatar !== undefined && avatar.step !== 'fresh') add('avatar-away', 'warning', AVATAR_TEXTS[avatar.step]);
  const speech = s.avatarSpeech;
  if (speech?.link && speech.link !== 'stopped' && !DELIVERING.has(speech.link)) {
    const [en, zh] = speech.lastError === '' ? ['', ''] : [`: ${speech.lastError}`, `：${speech.lastError}`];
    const text = both(
      `The external avatar does not hear the speech, and its lips do not follow${en}`,
      `外部数字人收不到口播，口型跟不上${zh}`,
    );
    add('avatar-speech', 'warning', text);
  }
  for (const voice of s.voices) {
    if (!voice.failing && voice.state !== 'capped') continue;
    add('voice-away', 'warning', voiceText(voice), `${voice.provider}:${voice.voice}`);
  }
  if (s.takeover.timedOut) {
    const text = both(
      'The person who took over the show was silent for too long: the script goes on',
      '接管的人长时间没有说话，已恢复脚本',
    );
    add('takeover-idle', 'warning', text);
  }
  return found;
}

function outputText({ id, kind, publishes, lastError }: OutputSnapshot): TwoTexts {
  const reason = withoutOutput(lastError);
  const [en, zh] = reason === '' ? ['', ''] : [`: ${reason}`, `：${reason}`];
  if (!PUSHES.has(kind)) return both(`Output ${id} does not work${en}`, `输出 ${id} 无法工作${zh}`);
  return publishes === 0
    ? both(`Output ${id} has never connected${en}`, `输出 ${id} 从未连上${zh}`)
    : both(`Output ${id} is down${en}`, `输出 ${id} 已断开${zh}`);
}

function voiceText({ provider, voice, state, lastError, maxCharactersPerDay }: VoiceSnapshot): TwoTexts {
  const name = provider === voice ? provider : `${voice} (${provider})`;
  if (state === 'capped') {
    return both(
      `Voice ${name} has used up its ${maxCharactersPerDay} characters of the day: the next voice of its chain speaks until midnight UTC`,
      `声音 ${name} 今天的 ${maxCharactersPerDay} 个字符已用完：协调世界时零点前由备用声音代替`,
    );
  }
  const [en, zh] = lastError === '' ? ['', ''] : [`: ${lastError}`, `：${lastError}`];
  return both(
    `Voice ${name} fails, and the next voice of its chain speaks${en}`,
    `声音 ${name} 出错，由备用声音代替${zh}`,
  );
}

const WINDOW_MS = 30_000;
const DISK_MS = 30_000;
const MB = 1_000_000;
/** A low disk must gain this factor of free space before it counts as good again. */
const GAIN = 1.2;

interface Counted {
  readonly atMs: number;
  readonly frames: number;
  readonly late: number;
  readonly unjudged: number;
}

/** The machine over the last half minute: late frames, and disks that fill up. */
export class MachineWatch {
  private readonly past: Counted[] = [];
  private readonly low = new Map<string, number>();
  private looking = false;
  private diskMs = -Infinity;

  constructor(
    /** Folders to which the room writes. */
    private readonly folders: readonly string[],
    private readonly minFreeMb: number,
    private readonly freeMb: (folder: string) => Promise<number> = freeMegabytes,
  ) {}

  measure({ frames, lateTicks, replacedBy }: RoomSnapshot, nowMs: number): MachineFigures {
    const [late, unjudged] = [lateTicks.total, replacedBy['unjudged'] ?? 0];
    this.past.push({ atMs: nowMs, frames: frames.rendered, late, unjudged });
    while (this.past.length > 2 && this.past[1]!.atMs <= nowMs - WINDOW_MS) this.past.shift();
    const first = this.past[0]!;
    const rendered = frames.rendered - first.frames;
    // One slow frame often counts as both.
    const slow = Math.max(late - first.late, unjudged - first.unjudged);
    if (nowMs - this.diskMs >= DISK_MS) {
      this.diskMs = nowMs;
      void this.lookAtDisks();
    }
    return {
      slowShare: rendered > 0 ? Math.min(1, slow / rendered) : 0,
      fullDisks: [...this.low].map(([folder, freeMb]) => ({ folder, freeMb })),
    };
  }

  private async lookAtDisks(): Promise<void> {
    if (this.looking || this.minFreeMb === 0) return;
    this.looking = true;
    for (const folder of this.folders) {
      try {
        const free = await this.freeMb(folder);
        const wanted = this.low.has(folder) ? this.minFreeMb * GAIN : this.minFreeMb;
        if (free < wanted) this.low.set(folder, Math.floor(free));
        else this.low.delete(folder);
      } catch {
        // Skips a folder that does not exist yet; write failures have alarms of their own.
      }
    }
    this.looking = false;
  }
}

async function freeMegabytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return (bavail * bsize) / MB;
}
