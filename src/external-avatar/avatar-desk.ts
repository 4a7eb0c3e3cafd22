/**
 * The room's end of an external avatar: who may send it, what viewers see of it, and its speech.
 *
 * Rule: one source at a time, over WHIP or RTMP as the room says; the newest takes over. Its sound is not heard, except
 * that a takeover may ask for it as a voice, which is then written down and judged like a microphone; the picture waits as
 * long as the voice. A change on the
 * fallback ladder is logged and kept in the ledger; the slate is asked for where the ladder ends there.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { RoomConfig } from '../config/room-config.js';
import { externalAvatar, type ExternalAvatar as ExternalConfig } from '../config/sections/presenter.js';
import type { Closeable } from '../core/closeable.js';
import { EngineError } from '../core/errors.js';
import type { AvatarHandle, AvatarState } from '../config/api/avatar-handle.js';
import type { Log } from '../core/log.js';
import { FLV_VIDEO, tagKind } from '../core/media/packets.js';
import type { SourceHealth } from '../config/api/room-handle.js';
import type { SourceStep } from '../core/source-step.js';
import type { LedgerEntry } from '../core/verdict.js';
import type { AvatarSpeech } from './speech/live-talking-speech.js';
import type { AvatarSession } from './whip/avatar-session.js';
import type { AvatarIngest } from '../outputs/embedded/embedded-server.js';
import { isAacConfig } from '../outputs/voice-in/voice-decoder.js';
import type { AvatarFeed, ExternalAvatar } from './picture/external-avatar.js';

const LOOK_MS = 200;
const KEY = /^[A-Za-z0-9_-]{16,128}$/;

const TOLD = {
  fresh: { action: 'avatar-goes-on', text: 'the external avatar is on stage' },
  idle: { action: 'avatar-stalled', text: 'the external avatar stalls: an idle loop is shown' },
  'stand-in': { action: 'avatar-stand-in', text: 'the external avatar is away: the drawn presenter stands in' },
  slate: { action: 'avatar-slate', text: 'the external avatar is away and has no stand-in: the slate is shown' },
} as const;

export interface AvatarDeskOptions {
  readonly room: Pick<RoomConfig, 'presenter'>;
  readonly log: Log;
  readonly note: (entry: LedgerEntry) => void;
  readonly env?: NodeJS.ProcessEnv;
}

/** Hears the sound of the source: Opus packets of WHIP, FLV tags of RTMP. */
export interface AvatarListener {
  packet(sequence: number, payload: Uint8Array): void;
  tag(tag: Uint8Array): void;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const TAG_DELAY_LOOK_MS = 20;
/** Half a minute at 8 Mbit/s. */
const MAX_BYTES = 32 << 20;

/**
 * Holds the video of an external avatar back while its voice is in the delay window of a takeover, so that its lips and its
 * voice stay together. It is held as it came, encoded: seconds of it are a few megabytes.
 */
export class TagDelay implements Closeable {
  private readonly queue: { readonly tag: Uint8Array; readonly atMs: number }[] = [];
  private bytes = 0;
  private delayMs = 0;
  private waitsForKey = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    /** False when the tag was lost. */
    private readonly onTag: (tag: Uint8Array) => boolean,
    private readonly nowMs: () => number = performance.now.bind(performance),
  ) {}

  /** 0: at once; what waits is dropped, and the picture goes on with the next key frame. */
  set(delayMs: number): void {
    this.delayMs = delayMs;
    clearInterval(this.timer);
    this.timer = delayMs > 0 ? setInterval(() => this.look(), TAG_DELAY_LOOK_MS).unref() : undefined;
    if (delayMs > 0 || this.queue.length === 0) return;
    const config = this.queue.findLast(({ tag }) => tagKind(tag) === 'config');
    this.queue.length = 0;
    this.bytes = 0;
    this.waitsForKey = true;
    if (config !== undefined) this.onTag(config.tag);
  }

  /** False when the tag was lost, and a key frame is needed. */
  push(tag: Uint8Array): boolean {
    const kind = tagKind(tag);
    if (kind === 'key') this.waitsForKey = false;
    if (this.waitsForKey && kind !== 'config') return false;
    if (this.delayMs === 0) return this.onTag(tag);
    if (this.bytes + tag.length > MAX_BYTES) {
      this.waitsForKey = true;
      return false;
    }
    this.bytes += tag.length;
    this.queue.push({ tag: Uint8Array.from(tag), atMs: this.nowMs() + this.delayMs });
    return true;
  }

  /** Passes on what is due. */
  look(): void {
    const nowMs = this.nowMs();
    while (this.queue.length > 0 && this.queue[0]!.atMs <= nowMs) {
      const { tag } = this.queue.shift()!;
      this.bytes -= tag.length;
      this.onTag(tag);
    }
  }

  close(): Promise<void> {
    clearInterval(this.timer);
    this.queue.length = 0;
    this.bytes = 0;
    return Promise.resolve();
  }
}

export class AvatarDesk implements AvatarHandle, Closeable {
  /** Undefined for a presenter of the room's own. */
  readonly config: ExternalConfig | undefined;
  /** For the embedded server; undefined unless the room takes RTMP. */
  readonly ingest: AvatarIngest | undefined;
  speech: AvatarSpeech | undefined;
  /** AAC configuration of a pushed source's sound. */
  soundConfig: Uint8Array | undefined;
  /** The slate is needed, or no longer. */
  onSlate: () => void = () => undefined;
  private readonly key: string | undefined;
  private avatar: ExternalAvatar | undefined;
  /** A publisher is there, maybe since before the room was ready for it. */
  private publishing = false;
  private videoConfig: Uint8Array | undefined;
  private feed: AvatarFeed | undefined;
  private readonly delay = new TagDelay((tag) => this.feed?.tag(tag) ?? true);
  private session: { readonly id: string; readonly link: AvatarSession } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private step: SourceStep | undefined;
  private listener: AvatarListener | undefined;
  private lostBefore = 0;

  /** Throws E_ENV_MISSING, E_BAD_REQUEST for a weak key. */
  constructor(private readonly options: AvatarDeskOptions) {
    const { presenter } = options.room;
    if (this.source === 'pack') return;
    this.config = presenter.external ?? externalAvatar.parse({});
    this.key = keyOf(this.config, options.env ?? process.env);
    if (this.source === 'rtmp' && this.key !== undefined) {
      this.ingest = {
        key: this.key,
        onPublish: (publishing) => this.published(publishing),
        onTag: (tag) => {
          if (tagKind(tag) === 'config') this.videoConfig = tag;
          if (tag[0] === FLV_VIDEO) return void this.delay.push(tag);
          if (isAacConfig(tag)) this.soundConfig = tag;
          this.listener?.tag(tag);
        },
      };
    }
  }

  /** The pictures' memory is ready. */
  connect(avatar: ExternalAvatar): void {
    this.avatar = avatar;
    if (this.publishing) this.published(true, this.videoConfig);
    this.timer = setInterval(() => this.look(), LOOK_MS).unref();
  }

  private get source(): AvatarState['source'] {
    return this.options.room.presenter.source ?? 'pack';
  }

  /** Who hears the source's sound: a takeover, and nobody otherwise. */
  hear(listener: AvatarListener | undefined, delayMs = 0): void {
    this.listener = listener;
    this.delay.set(delayMs);
  }

  get slate(): boolean {
    return this.step === 'slate';
  }

  /** As a source in the room's figures. */
  sources(): SourceHealth[] {
    return this.avatar === undefined ? [] : [{ id: 'avatar', kind: 'avatar', step: this.avatar.step }];
  }

  state(): AvatarState {
    const { avatar, session, speech } = this;
    const { source } = this;
    const { received, dropped, lostTags, decoders } = avatar?.counts ?? NO_COUNTS;
    return {
      source,
      step: avatar?.step ?? null,
      connected: avatar?.connected === true,
      picture: avatar?.picture ?? null,
      received,
      dropped,
      lostPackets: this.lostBefore + (session?.link.lostPackets ?? 0),
      lostTags,
      decoders,
      speech: speech?.state() ?? null,
    };
  }

  isKey(key: string): boolean {
    return this.key !== undefined && timingSafeEqual(digest(key), digest(this.key));
  }

  async offer(sdp: string): Promise<{ id: string; answer: string }> {
    const { avatar, source } = this;
    if (avatar === undefined || source !== 'whip')
      throw new EngineError('E_AVATAR_OFF', {
        where: 'POST /whip/avatar',
        expected: 'a room with "presenter": {"source": "whip"}',
        found: `"source": "${source}"`,
        todo: 'docs/external-avatars.md shows the section',
      });
    const { AvatarSession: Session } = await import('./whip/avatar-session.js');
    const id = randomBytes(12).toString('hex');
    const link: AvatarSession = new Session({
      log: this.options.log,
      onTag: (tag) => (this.session?.link === link ? this.delay.push(tag) : true),
      onSound: (sequence, payload) => {
        if (this.session?.link === link) this.listener?.packet(sequence, payload);
      },
      onGone: (reason) => {
        if (this.session?.link !== link) return;
        this.feed?.end();
        this.lostBefore += link.lostPackets;
        this.session = undefined;
        this.options.log.info({ reason }, 'the external avatar’s connection is gone');
      },
    });
    const answer = await link.answer(sdp).catch(async (error: unknown) => {
      await link.close();
      throw error;
    });
    const before = this.session;
    this.session = { id, link };
    this.feed = avatar.open(() => void link.close());
    await before?.link.close();
    return { id, answer };
  }

  async hangUp(id: string): Promise<void> {
    const { session } = this;
    if (session?.id !== id)
      throw new EngineError('E_NOT_FOUND', { where: 'WHIP session', expected: 'the open session', found: `"${id}"` });
    await session.link.close();
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.speech?.close();
    await this.session?.link.close();
    this.feed?.end();
    await this.delay.close();
    await this.avatar?.close();
  }

  private published(publishing: boolean, config?: Uint8Array): void {
    this.publishing = publishing;
    this.videoConfig = config;
    this.feed?.end();
    this.soundConfig = undefined;
    this.feed = publishing ? this.avatar?.open(() => undefined) : undefined;
    if (config !== undefined) this.feed?.tag(config);
    this.options.log.info({ publishing }, 'the external avatar over RTMP');
  }

  private look(): void {
    const step = this.avatar!.step;
    const before = this.step;
    if (step === before) return;
    this.step = step;
    const { action, text } = TOLD[step];
    const { log, note } = this.options;
    log[step === 'fresh' ? 'info' : 'warn']({ before }, text);
    note({ kind: 'room', action, detail: { before: before ?? 'start' } });
    if (step === 'slate' || before === 'slate') this.onSlate();
  }
}

const NO_COUNTS = { received: 0, dropped: 0, lostTags: 0, decoders: 0 };

function keyOf({ streamKey }: ExternalConfig, env: NodeJS.ProcessEnv): string | undefined {
  if (streamKey === undefined) return undefined;
  const name = streamKey.slice(2, -1);
  const key = env[name];
  const where = 'presenter.external.streamKey';
  if (key === undefined || key === '')
    throw new EngineError('E_ENV_MISSING', {
      where,
      expected: `environment variable ${name}`,
      found: 'not set',
      todo: `set ${name} before starting (openssl rand -hex 16 prints a key)`,
    });
  if (KEY.test(key)) return key;
  throw new EngineError('E_TOKEN_WEAK', {
    where,
    expected: '16 to 128 letters, digits, dashes and underscores',
    found: `${[...key].length} characters`,
    todo: `set another ${name} (openssl rand -hex 16 prints one)`,
  });
}
