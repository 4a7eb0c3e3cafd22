import type { ObaSourceConfig } from '../../config/sections/events.js';
import type { ViewerEvent } from '../../config/api/events-handle.js';
import {
  type EventSource,
  membersOf,
  parseJson,
  type RawEvent,
  shapeEvent,
  SourceFeed,
  type SourceOptions,
} from './event-source.js';
import { ReconnectingSocket } from './reconnecting-socket.js';

type Kind = ViewerEvent['kind'];

/** The tool's message types; those without a platform of their own come from Douyin's or Kuaishou's listener. */
const TYPES: Readonly<Record<string, readonly [kind: Kind, platform: string | undefined]>> = {
  comment: ['comment', undefined],
  taobao_comment: ['comment', 'taobao'],
  xiaohongshu_comment: ['comment', 'xiaohongshu'],
  wechat_channel_live_msg: ['comment', 'wechat'],
  kuaishou_comment: ['comment', 'kuaishou'],
  room_enter: ['enter', undefined],
  room_follow: ['follow', undefined],
  room_like: ['like', undefined],
  live_order: ['order', undefined],
  // Joining a brand's members or the shop's fan club is a way to follow.
  subscribe_merchant_brand_vip: ['follow', undefined],
  ecom_fansclub_participate: ['follow', undefined],
};

/** Client of the WebSocket server of oba-live-tool, which listens to seven Chinese platforms. */
export class ObaSource implements EventSource {
  readonly kind = 'oba';
  readonly id: string;
  private readonly feed: SourceFeed;
  private readonly socket: ReconnectingSocket;

  constructor(
    private readonly config: ObaSourceConfig,
    { sink, log, waits, idleMs }: SourceOptions,
  ) {
    this.id = config.id;
    this.feed = new SourceFeed({ id: this.id, kind: this.kind, sink, log });
    this.socket = new ReconnectingSocket({
      url: () => config.url,
      feed: this.feed,
      waits,
      idleMs,
      onMessage: (data) => this.read(data.toString('utf8')),
    });
  }

  health() {
    return this.feed.health();
  }

  close(): Promise<void> {
    return this.socket.close();
  }

  private read(text: string): void {
    const message = membersOf(parseJson(text));
    const type = message['msg_type'];
    if (typeof type !== 'string') return this.feed.ignore('a message without msg_type');
    const known = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
    if (known === undefined) return this.feed.ignore('a message of an unknown msg_type');
    const [kind, platform = this.config.platform] = known;
    const event = shapeEvent(this.id, {
      id: message['msg_id'],
      platform,
      kind,
      user: message['nick_name'],
      ...wordsOf(kind, message),
    });
    if (event === undefined) return this.feed.ignore('a message without an id, or a comment without words');
    this.feed.take([event]);
  }
}

function wordsOf(kind: Kind, message: Readonly<Record<string, unknown>>): Partial<RawEvent> {
  if (kind === 'order') return { text: message['product_title'], atMs: secondsToMs(message['order_ts']) };
  return kind === 'comment' ? { text: message['content'] } : {};
}

/** Order times are in seconds; other tools' forks send milliseconds. */
function secondsToMs(value: unknown): number | undefined {
  // A list nested a hundred thousand times would overflow the stack on its way to a number.
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const number = Number(value);
  if (!Number.isFinite(number) || number <= 0) return undefined;
  return number < 1e11 ? number * 1000 : number;
}
