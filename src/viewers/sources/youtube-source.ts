/**
 * YouTube live chat by the official Data API.
 *
 * Problem: the API has no push for plain keys; each poll costs quota (5 units of 10,000 a day by default), and each
 * answer says when the next one may be asked for.
 * Rule: the next poll waits for the longest of YouTube's `pollingIntervalMillis` and `minPollMs`. The first page holds
 * old messages: those from before the start are left out. A spent quota or a wrong key is tried again rarely, a chat
 * that has ended is looked up again, anything else with growing delays.
 */
import type { YoutubeSourceConfig } from '../../config/sections/events.js';
import { sleep } from '../../core/sleep.js';
import {
  Backoff,
  type EventSource,
  getJson,
  type JsonAnswer,
  membersOf,
  oneLine,
  type RawEvent,
  secretOf,
  shapeEvent,
  SourceFeed,
  type SourceOptions,
  USUAL_WAITS,
} from './event-source.js';

/** A liveChatMessage of the Data API as an event; undefined for other kinds, such as a deleted message. */
function youtubeEvent(item: unknown): RawEvent | undefined {
  const { id } = membersOf(item);
  const snippet = membersOf(membersOf(item)['snippet']);
  const author = membersOf(membersOf(item)['authorDetails']);
  const common = {
    id,
    platform: 'youtube',
    user: author['displayName'],
    atMs: typeof snippet['publishedAt'] === 'string' ? Date.parse(snippet['publishedAt']) : undefined,
  };
  const details = (name: string): Readonly<Record<string, unknown>> => membersOf(snippet[name]);
  switch (snippet['type']) {
    case 'textMessageEvent':
      return {
        ...common,
        kind: 'comment',
        text: details('textMessageDetails')['messageText'] ?? snippet['displayMessage'],
      };
    case 'superChatEvent': {
      const { userComment, amountDisplayString } = details('superChatDetails');
      // A paid message with words is a question like any other.
      if (typeof userComment === 'string' && userComment.trim() !== '')
        return { ...common, kind: 'comment', text: userComment };
      return { ...common, kind: 'gift', text: amountDisplayString };
    }
    case 'superStickerEvent':
      return { ...common, kind: 'gift', text: details('superStickerDetails')['amountDisplayString'] };
    case 'membershipGiftingEvent':
      return {
        ...common,
        kind: 'gift',
        text: 'membership',
        count: details('membershipGiftingDetails')['giftMembershipsCount'],
      };
    case 'newSponsorEvent':
      return { ...common, kind: 'follow' };
    case 'memberMilestoneChatEvent': {
      const { userComment } = details('memberMilestoneChatDetails');
      return typeof userComment === 'string' && userComment.trim() !== ''
        ? { ...common, kind: 'comment', text: userComment }
        : undefined;
    }
    default:
      return undefined;
  }
}

/** Another try before that ends in the same way. */
const QUOTA_WAIT_MS = 15 * 60_000;
const MAX_POLL_MS = 10 * 60_000;
/** A message from this long before the start still counts as new. */
const GRACE_MS = 10_000;

/** Ids of the API are short; a longer one would make an address that its server refuses for ever. */
const MAX_ID_CHARS = 1000;

const idOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= MAX_ID_CHARS ? value : undefined;

class ApiFailure extends Error {
  constructor(
    message: string,
    readonly kind: 'lasting' | 'ended' | 'passing',
    readonly waitMs = 0,
  ) {
    super(message);
  }
}

export class YoutubeSource implements EventSource {
  readonly kind = 'youtube';
  readonly id: string;
  private readonly feed: SourceFeed;
  private readonly stop = new AbortController();
  private readonly backoff: Backoff;
  private readonly lastingMs: number;
  private readonly key: string;
  private readonly sinceMs = Date.now() - GRACE_MS;
  private chat: string | undefined;
  private page: string | undefined;

  constructor(
    private readonly config: YoutubeSourceConfig,
    { sink, log, env, waits }: SourceOptions,
  ) {
    this.id = config.id;
    this.key = secretOf(config.apiKey, env, `events.sources "${config.id}".apiKey`)!;
    this.feed = new SourceFeed({ id: this.id, kind: this.kind, sink, log });
    this.backoff = new Backoff({ ...USUAL_WAITS, ...waits });
    this.lastingMs = waits?.maxMs ?? QUOTA_WAIT_MS;
    this.chat = config.liveChatId;
    void this.run();
  }

  health() {
    return this.feed.health();
  }

  close(): Promise<void> {
    this.stop.abort();
    this.feed.stopped();
    return Promise.resolve();
  }

  private async run(): Promise<void> {
    const { signal } = this.stop;
    while (!signal.aborted) {
      let waitMs: number;
      try {
        waitMs = await this.poll(signal);
        this.feed.live();
        this.backoff.reset();
      } catch (error) {
        if (signal.aborted) return;
        waitMs = this.failed(error);
      }
      await sleep(waitMs, signal);
    }
  }

  private failed(error: unknown): number {
    const failure = error instanceof ApiFailure ? error : undefined;
    if (failure?.kind === 'ended') {
      this.chat = this.config.liveChatId;
      this.page = undefined;
    }
    const waitMs = Math.max(failure?.kind === 'lasting' ? this.lastingMs : this.backoff.nextMs(), failure?.waitMs ?? 0);
    this.feed.failed(error instanceof Error ? error.message : String(error), waitMs);
    return waitMs;
  }

  private async poll(signal: AbortSignal): Promise<number> {
    this.chat ??= await this.findChat(signal);
    const answer = await this.ask(
      'liveChat/messages',
      {
        liveChatId: this.chat,
        part: 'snippet,authorDetails',
        maxResults: '200',
        ...(this.page === undefined ? {} : { pageToken: this.page }),
      },
      signal,
    );
    const items = Array.isArray(answer['items']) ? answer['items'] : [];
    const events = items.flatMap((item: unknown) => {
      const raw = youtubeEvent(item);
      if (raw === undefined) return [];
      if (Number(raw.atMs) < this.sinceMs) return [];
      const event = shapeEvent(this.id, raw);
      if (event !== undefined) return [event];
      this.feed.ignore('a message without an id, or without words');
      return [];
    });
    this.feed.take(events);
    this.page = idOf(answer['nextPageToken']) ?? this.page;
    if (typeof answer['offlineAt'] === 'string') throw new ApiFailure('the live chat has ended', 'ended');
    const asked = Number(answer['pollingIntervalMillis']);
    return Math.min(MAX_POLL_MS, Math.max(this.config.minPollMs, Number.isFinite(asked) ? asked : 0));
  }

  private async findChat(signal: AbortSignal): Promise<string> {
    const { videoId = '' } = this.config;
    const answer = await this.ask('videos', { part: 'liveStreamingDetails', id: videoId }, signal);
    const [video] = Array.isArray(answer['items']) ? (answer['items'] as unknown[]) : [];
    if (video === undefined) throw new ApiFailure(`YouTube has no video ${videoId}`, 'lasting');
    const chat = idOf(membersOf(membersOf(video)['liveStreamingDetails'])['activeLiveChatId']);
    if (chat === undefined)
      throw new ApiFailure(`video ${videoId} has no live chat now; it is looked up again`, 'passing');
    return chat;
  }

  private async ask(
    path: string,
    query: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, unknown>>> {
    const url = new URL(`${this.config.baseUrl.replace(/\/$/, '')}/${path}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    // In a header, so that no log of an address holds the key.
    const answer = await getJson(url, { signal, headers: { 'x-goog-api-key': this.key } });
    if (answer.status === 200) return answer.body;
    throw failureOf(answer);
  }
}

/** The API's errors in words: `{error: {code, message, errors: [{reason}]}}`. */
function failureOf({ status, body, retryAfterS }: JsonAnswer): ApiFailure {
  const error = membersOf(body['error']);
  const [first] = Array.isArray(error['errors']) ? (error['errors'] as unknown[]) : [];
  const reason = oneLine(membersOf(first)['reason'], 60);
  const waitMs = retryAfterS * 1000;
  const say = (text: string): string => `YouTube: ${text}${reason === '' ? '' : ` (${reason})`}`;
  switch (reason) {
    case 'quotaExceeded':
    case 'dailyLimitExceeded':
      return new ApiFailure(say('the key’s quota is spent until midnight, Pacific time'), 'lasting', waitMs);
    case 'keyInvalid':
    case 'badRequest':
    case 'accessNotConfigured':
    case 'forbidden':
      return new ApiFailure(say('the key is wrong, or the YouTube Data API is not enabled for it'), 'lasting', waitMs);
    case 'liveChatEnded':
    case 'liveChatNotFound':
      return new ApiFailure(say('the live chat has ended'), 'ended', waitMs);
    case 'liveChatDisabled':
      return new ApiFailure(say('the live chat is switched off'), 'lasting', waitMs);
    case 'rateLimitExceeded':
      return new ApiFailure(say('asked too often'), 'passing', waitMs);
    default:
      if (status === 400 && /api key not valid/i.test(oneLine(error['message'], 200)))
        return new ApiFailure(say('the key is wrong'), 'lasting', waitMs);
      return new ApiFailure(say(`status ${status}`), 'passing', waitMs);
  }
}
