/**
 * Twitch chat, read over IRC on a WebSocket as an anonymous viewer. @twurple/chat is not used: its host name takes no port,
 * so no local server can stand in for Twitch, and it reconnects and bounds messages by rules of its own. Reading needs
 * seven IRC commands; they are read here, over the same connection as every other source.
 */
import type { TwitchSourceConfig } from '../../config/sections/events.js';
import { RateLimited } from '../../core/sleep.js';
import type { ViewerEvent } from '../../config/api/events-handle.js';
import {
  type EventSource,
  MAX_SERVER_WORDS,
  oneLine,
  shapeEvent,
  SourceFeed,
  type SourceOptions,
} from './event-source.js';
import { ReconnectingSocket, type SocketHandle } from './reconnecting-socket.js';

/** A line of IRC with the tags of IRCv3. */
interface IrcMessage {
  readonly tags: ReadonlyMap<string, string>;
  /** The sender's name; empty for the server's own. */
  readonly nick: string;
  readonly command: string;
  readonly params: readonly string[];
}

const LINE = /^(?:@(\S+) +)?(?::(\S+) +)?([A-Za-z]+|\d{3})(?: +(.*))?$/s;
const MAX_TAGS = 60;
const ESCAPES: Readonly<Record<string, string>> = { ':': ';', s: ' ', '\\': '\\', r: '\r', n: '\n' };

/** Reads a line (RFC 1459, IRCv3 message tags); undefined when it is malformed. */
export function parseIrc(line: string): IrcMessage | undefined {
  const [, tagText = '', prefix = '', command, rest = ''] = LINE.exec(line) ?? [];
  if (command === undefined) return undefined;
  const tags = new Map<string, string>();
  for (const pair of tagText.split(';').slice(0, MAX_TAGS)) {
    const at = pair.indexOf('=');
    if (at > 0)
      tags.set(
        pair.slice(0, at),
        pair.slice(at + 1).replace(/\\(.?)/g, (_, c: string) => ESCAPES[c] ?? c),
      );
  }
  const trailing = rest.startsWith(':') ? 0 : rest.indexOf(' :') + 1;
  const last = rest.startsWith(':') || trailing > 0 ? [rest.slice(trailing + 1)] : [];
  const middle = (last.length > 0 ? rest.slice(0, trailing) : rest).split(' ').filter((one) => one !== '');
  return {
    tags,
    nick: /^([^!@]+)!/.exec(prefix)?.[1] ?? '',
    command: command.toUpperCase(),
    params: [...middle, ...last],
  };
}

/** Notices of the chat that are gifts to the channel. */
const GIFTS: ReadonlySet<string> = new Set(['sub', 'resub', 'subgift', 'submysterygift', 'giftpaidupgrade']);
/** Twitch pings about every five minutes; the source pings more often to notice a dead line. */
const PING_MS = 60_000;
const IDLE_MS = 150_000;
/** A line of IRC has 512 bytes. */
const MAX_PONG_CHARS = 160;

export class TwitchSource implements EventSource {
  readonly kind = 'twitch';
  readonly id: string;
  private readonly channel: string;
  private readonly feed: SourceFeed;
  private readonly socket: ReconnectingSocket;
  private readonly mayPong = new RateLimited(1000);

  constructor(config: TwitchSourceConfig, { sink, log, waits, idleMs }: SourceOptions) {
    this.id = config.id;
    this.channel = `#${config.channel.replace(/^#/, '').toLowerCase()}`;
    this.feed = new SourceFeed({ id: this.id, kind: this.kind, sink, log });
    this.socket = new ReconnectingSocket({
      url: () => config.url,
      feed: this.feed,
      waits,
      idleMs: idleMs ?? IDLE_MS,
      liveOnOpen: false,
      maxMessageBytes: 64 * 1024,
      keepAlive: { everyMs: PING_MS, send: (socket) => socket.send('PING :showroom') },
      onOpen: (socket) => {
        socket.send('CAP REQ :twitch.tv/tags twitch.tv/commands');
        // Any name of this form is a viewer without an account.
        socket.send(`NICK justinfan${1000 + Math.floor(Math.random() * 90_000)}`);
        socket.send(`JOIN ${this.channel}`);
      },
      onMessage: (data, _binary, socket) => {
        for (const line of data.toString('utf8').split(/\r?\n/)) if (line !== '') this.read(line, socket);
      },
    });
  }

  health() {
    return this.feed.health();
  }

  close(): Promise<void> {
    return this.socket.close();
  }

  private read(line: string, socket: SocketHandle): void {
    const message = parseIrc(line);
    if (message === undefined) return this.feed.ignore('a line that is not IRC');
    switch (message.command) {
      case 'PING':
        return this.pong(message.params.at(-1) ?? 'tmi.twitch.tv', socket);
      case 'RECONNECT':
        return socket.refuse('the server asked to reconnect');
      case 'NOTICE':
        return this.notice(message, socket);
      case '366':
      case 'ROOMSTATE':
        // The channel is joined.
        return socket.live();
      case 'PRIVMSG':
      case 'USERNOTICE':
        return this.take(message);
      default:
    }
  }

  /** One answer a second: a server that asks more often gets none for the others. */
  private pong(text: string, socket: SocketHandle): void {
    if (this.mayPong.due) socket.send(`PONG :${text.slice(0, MAX_PONG_CHARS)}`);
  }

  private notice({ tags, params }: IrcMessage, socket: SocketHandle): void {
    const text = oneLine(params.at(-1), 500);
    if (/login authentication failed|improperly formatted auth|login unsuccessful/i.test(text))
      return socket.refuse(`Twitch refused the connection: ${oneLine(text, MAX_SERVER_WORDS)}`, true);
    if (/^msg_(?:channel_suspended|banned|room_not_found)$/.test(tags.get('msg-id') ?? ''))
      socket.refuse(`Twitch refused the channel ${this.channel}: ${oneLine(text, MAX_SERVER_WORDS)}`, true);
  }

  private take({ command, tags, params, nick }: IrcMessage): void {
    if (params[0]?.toLowerCase() !== this.channel) return;
    const notice = command === 'USERNOTICE' ? (tags.get('msg-id') ?? '') : '';
    if (command === 'USERNOTICE' && !GIFTS.has(notice)) return;
    const bits = Number(tags.get('bits') ?? 0);
    const kind: ViewerEvent['kind'] = notice !== '' ? 'gift' : 'comment';
    const common = {
      platform: 'twitch',
      user: tags.get('display-name') || tags.get('login') || nick,
      atMs: tags.get('tmi-sent-ts'),
    };
    const id = tags.get('id');
    const words = withoutAction(params.at(-1) ?? '');
    const events = [
      kind === 'gift'
        ? shapeEvent(this.id, {
            ...common,
            id,
            kind,
            text: 'subscription',
            count: tags.get('msg-param-mass-gift-count') ?? 1,
          })
        : shapeEvent(this.id, { ...common, id, kind, text: words }),
      bits > 0 && id !== undefined
        ? shapeEvent(this.id, { ...common, id: `${id}-bits`, kind: 'gift', text: 'bits', count: bits })
        : undefined,
    ].filter((event) => event !== undefined);
    if (events.length === 0) return this.feed.ignore('a message without an id, or without words');
    this.feed.take(events);
  }
}

/** "/me waves" arrives as a CTCP message. */
function withoutAction(text: string): string {
  const start = '\u0001ACTION ';
  return text.startsWith(start) ? text.slice(start.length).replace(/\p{Cc}$/u, '') : text;
}
