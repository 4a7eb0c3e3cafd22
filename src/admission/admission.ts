import { type ScanMode, AdmissionScanner } from '../codescan/admission/index.js';
import { judgeLines, judgePictureText, type PictureTextVerdict, TextReader } from '../compliance/ocr/text-reader.js';
import type { TextJudge } from '../moderation/index.js';
import type { RoomConfig } from '../config/room-config.js';
import type { Closeable } from '../core/closeable.js';
import { EngineError, isEngineError } from '../core/errors.js';
import type { Kernels } from '../core/kernels.js';
import type { Log } from '../core/log.js';
import type { FrameHit, FrameVerdict, LedgerEntry } from '../core/verdict.js';
import type { Raster } from '../scene/raster.js';
import type { AdmitClip } from '../scene/clips/clip.js';
import type { SceneDeps } from '../scene/scene-compiler.js';
import type { AdmittedPictures, AdmittedWords } from './admitted-pictures.js';
import { pictureKey, refusesRetail } from './picture-memory.js';
import { writtenInside } from './texts/refuse-texts.js';
import { createHash } from 'node:crypto';
import { basename } from 'node:path';

export interface AdmissionOptions {
  readonly kernels: Pick<Kernels, 'i420ToRgba'>;
  readonly log: Log;
  readonly ledger: (entry: LedgerEntry) => void;
  readonly judge: TextJudge;
  readonly room: Pick<RoomConfig, 'language' | 'products' | 'compliance'>;
  /** Pictures and clips that already passed the scan. */
  readonly admitted?: AdmittedPictures;
  /** Resolves when the gate can spare CPU for the next frame of a clip. */
  readonly yieldToGate?: () => Promise<void>;
  /** Words of pictures that were already read. */
  readonly known?: AdmittedWords;
  /** Pictures admitted, of those that were asked for so far. */
  readonly onProgress?: ((done: number, of: number) => void) | undefined;
  /** Time limit per picture and reading where nobody waits on air; default a minute. */
  readonly timeoutMs?: number;
  /** Processes of the caller, who closes them; by default the admission has its own. */
  readonly shared?: { readonly reader: TextReader; readonly scanner: AdmissionScanner } | undefined;
}

/** The reader runs at low priority: on a busy machine a second of its work may take a minute. */
const READ_TIMEOUT_MS = 60_000;
/** A room must come back on a busy machine: a reading that was late is tried again. */
const READ_TRIES = 5;
/** Nobody waits for readings of the picture on air: every frame goes first, and the process ends after each. */
const ON_AIR = { nice: 19, timeoutMs: 180_000, idleMs: 500 };
const CLEAN: FrameVerdict = { verdict: 'clean', hits: [] };

const PROGRESS_MS = 5000;

export interface AdmitClipParts {
  readonly kernels: Pick<Kernels, 'i420ToRgba'>;
  readonly log: Log;
  /** The gate's scan of an entirely new frame. */
  readonly scanFrame: (i420: Uint8Array, width: number, height: number, where: string) => Promise<FrameVerdict>;
  readonly scanPicture: (picture: Raster, where: string) => Promise<FrameVerdict>;
  /** Reads and judges the words in a key frame; throws unless it is clean. */
  readonly words: (picture: Raster, where: string) => Promise<void>;
  readonly readsWords: boolean;
  /** Throws unless the verdict is clean. */
  readonly decide: (where: string, verdict: FrameVerdict['verdict'], hits: readonly FrameHit[]) => void;
  /** Awaited before each frame: on air the gate's scans go first. */
  readonly yieldToGate?: (() => Promise<void>) | undefined;
  /** Clips whose frames have all been scanned clean. */
  readonly known?: { get(key: string): 'clean' | undefined; set(key: string, verdict: 'clean'): void } | undefined;
}

/**
 * Admits a clip before it becomes a layer. Every frame gets the gate's scan, so that a code in a single frame is
 * found. Key frames are also admitted as pictures: the hard scan and the reading of their words. Equal frames are
 * scanned once. A finding names its time in the clip.
 */
export async function admitClip(clip: Parameters<AdmitClip>[0], all: AdmitClipParts): Promise<void> {
  const key = `clip ${clip.file.digest}`;
  let isClean = true;
  const decide: AdmitClipParts['decide'] = (where, verdict, hits) => {
    all.decide(where, verdict, hits);
    if (verdict !== 'clean') isClean = false;
  };
  const parts = { ...all, decide };
  const codes = async (over: AbortSignal): Promise<void> => {
    if (parts.known?.get(key) !== undefined) return;
    await scanFrames(clip, parts, over);
    await scanKeyFrames(clip, parts, over);
  };
  // The reader has its own process and the scan its own thread: they run side by side until the first hit.
  const over = new AbortController();
  const work = [codes(over.signal), readKeyFrames(clip, parts, over.signal)];
  for (const one of work) one.catch(() => over.abort());
  await Promise.allSettled(work);
  await Promise.all(work);
  // Reviews are reported at each start, so only clean clips are remembered.
  if (isClean) parts.known?.set(key, 'clean');
}

type Clip = Parameters<AdmitClip>[0];

async function scanFrames(clip: Clip, parts: AdmitClipParts, over: AbortSignal): Promise<void> {
  const { file } = clip;
  const seen = new Set<string>();
  const report = progress(clip, parts.log, 'scanning a clip', file.stored);
  for (let stored = 0; stored < file.stored && !over.aborted; stored += 1) {
    const frame = await clip.frame(stored);
    const digest = createHash('sha256').update(frame).digest('base64');
    report(stored);
    if (seen.has(digest)) continue;
    seen.add(digest);
    await parts.yieldToGate?.();
    const where = placeOf(clip, file.index.indexOf(stored));
    const { verdict, hits } = await parts.scanFrame(frame, file.width, file.height, where);
    parts.decide(where, verdict, hits);
  }
}

async function scanKeyFrames(clip: Clip, parts: AdmitClipParts, over: AbortSignal): Promise<void> {
  const report = progress(clip, parts.log, 'scanning key frames of a clip', clip.file.keyFrames.length);
  for await (const { picture, where, done } of keyFrames(clip, parts.kernels, over)) {
    report(done);
    await parts.yieldToGate?.();
    const { verdict, hits } = await parts.scanPicture(picture, where);
    parts.decide(where, verdict, hits);
  }
}

async function readKeyFrames(clip: Clip, parts: AdmitClipParts, over: AbortSignal): Promise<void> {
  if (!parts.readsWords) return;
  const report = progress(clip, parts.log, 'reading key frames of a clip', clip.file.keyFrames.length);
  for await (const { picture, where, done } of keyFrames(clip, parts.kernels, over)) {
    report(done);
    await parts.words(picture, where);
  }
}

async function* keyFrames(
  clip: Clip,
  kernels: AdmitClipParts['kernels'],
  over: AbortSignal,
): AsyncGenerator<{ picture: Raster; where: string; done: number }> {
  const { file } = clip;
  const { width, height } = file;
  const seen = new Set<number>();
  for (const [done, frame] of file.keyFrames.entries()) {
    const stored = file.index[frame]!;
    if (over.aborted) return;
    if (seen.has(stored)) continue;
    seen.add(stored);
    const rgba = new Uint8Array(width * height * 4);
    kernels.i420ToRgba(await clip.frame(stored), width, height, rgba);
    yield { picture: { rgba, width, height }, where: placeOf(clip, frame), done };
  }
}

/** `layers[2] "film".items[0]: /rooms/clip.mp4 at 3.2 s`. */
const placeOf = ({ where, rate }: Clip, frame: number): string =>
  `${where} at ${((frame * rate.den) / rate.num).toFixed(1)} s`;

function progress({ where, file }: Clip, log: Log, what: string, of: number): (done: number) => void {
  let toldMs = performance.now();
  return (done) => {
    if (performance.now() - toldMs < PROGRESS_MS) return;
    toldMs = performance.now();
    log.info({ where, done, of, clip: basename(file.path) }, what);
  };
}

/**
 * Admits pictures before they become layers: the hard scan for codes and, unless the room says never, the reading and
 * judging of their words. Both run at once; earlier results are reused.
 *
 * Reading needs a native library that not every machine runs. With `auto` an unreadable picture is refused when
 * another picture can be read. When none can, reading is off, log and ledger say so, and the room goes on without it.
 */
export class Admission implements Closeable {
  readsText = false;
  private asked = 0;
  private done = 0;
  private readonly scanner: AdmissionScanner;
  private readonly reader: TextReader;
  private readonly onAirReader: TextReader;
  private readable: Promise<boolean> | undefined;

  constructor(private readonly options: AdmissionOptions) {
    const { log, shared, timeoutMs } = options;
    const limit = timeoutMs === undefined ? {} : { timeoutMs };
    this.scanner = shared?.scanner ?? new AdmissionScanner({ log, retail: refusesRetail(options.room), ...limit });
    this.reader = shared?.reader ?? new TextReader({ log, timeoutMs: timeoutMs ?? READ_TIMEOUT_MS });
    this.onAirReader = new TextReader({ log: options.log, ...ON_AIR });
  }

  /**
   * The codes and words of a picture, without a decision. Words that could not be read might break any rule, so they
   * count as refused.
   */
  async inspect(
    { rgba, width, height, texts = [] }: Raster & { readonly texts?: readonly string[] },
    surface: 'frame' | 'cover',
    where: string,
    mode: ScanMode = 'admission',
  ): Promise<{ hits: { hit: FrameHit; refused: boolean }[]; lines: PictureTextVerdict['lines'] }> {
    const picture = { rgba, width, height };
    const [codes, words] = await Promise.all([
      mode === 'admission' ? this.codes(picture, where) : this.scanner.scan(rgba, width, height, mode, where),
      this.words(picture, surface),
    ]);
    const all = (verdict: FrameVerdict): { hit: FrameHit; refused: boolean }[] =>
      verdict.hits.map((hit) => ({ hit, refused: verdict.verdict === 'violation' || hit.kind === 'unread-text' }));
    const written = writtenInside(this.options, texts, surface);
    return { hits: [...all(codes), ...all(words), ...all(written)], lines: words.lines };
  }

  readonly admit: SceneDeps['admit'] = async (picture) => {
    this.asked += 1;
    this.options.onProgress?.(this.done, this.asked);
    try {
      await this.admitNow(picture);
    } finally {
      this.done += 1;
      this.options.onProgress?.(this.done, this.asked);
    }
  };

  private async admitNow(picture: Parameters<SceneDeps['admit']>[0]): Promise<void> {
    const { where, texts = [] } = picture;
    const written = writtenInside(this.options, texts);
    this.decide(where, written.verdict, written.hits);
    const [codes, words] = await Promise.all([
      this.codes(picture),
      this.willRead ? this.words(picture, 'frame') : CLEAN,
    ]);
    this.decide(where, codes.verdict, codes.hits);
    await this.decideWords(where, words);
  }

  /** Refuses a composed picture with a code, by the gate's scan; each of its pictures had the hard one. */
  async admitComposed(picture: Raster, where: string): Promise<void> {
    const { rgba, width, height } = picture;
    const { admitted } = this.options;
    const key = `composed ${pictureKey(picture)}`;
    if (admitted?.get(key) !== undefined) return;
    const { verdict, hits } = await this.scanner.scan(rgba, width, height, 'live', where);
    this.decide(where, verdict, hits);
    if (verdict === 'clean') admitted?.set(key, 'clean');
  }

  /** Does what admits something, unless it was done before under this key. */
  async admitOnce(key: string, admit: () => Promise<void>): Promise<void> {
    const { admitted } = this.options;
    if (admitted?.get(key) !== undefined) return;
    await admit();
    admitted?.set(key, 'clean');
  }

  readonly admitClip: AdmitClip = async (clip) => {
    const { admitted, yieldToGate } = this.options;
    await admitClip(clip, {
      kernels: this.options.kernels,
      log: this.options.log,
      known: admitted,
      yieldToGate,
      readsWords: this.willRead,
      scanFrame: (i420, width, height, where) => this.scanner.scanFrame(i420, width, height, where),
      scanPicture: ({ rgba, width, height }, where) => this.scanner.scan(rgba, width, height, 'admission', where),
      words: async (picture, where) => this.decideWords(where, await this.words(picture, 'frame')),
      decide: (where, verdict, hits) => this.decide(where, verdict, hits),
    });
    // Up to a minute of work: saved even if a later step fails.
    this.remember();
  };

  /** Saves the results for the next start. */
  remember(): void {
    this.options.admitted?.save();
    this.options.known?.save();
  }

  /** Whether words inside pictures are read. */
  get willRead(): boolean {
    return this.readsText && this.options.room.compliance.ocr.pictures !== 'never';
  }

  private async decideWords(where: string, words: FrameVerdict): Promise<void> {
    // Unread words might break any rule, so the picture is not shown.
    const unread = words.hits.some((hit) => hit.kind === 'unread-text');
    const auto = this.options.room.compliance.ocr.pictures === 'auto';
    if (unread && auto && !(await this.canRead())) return;
    this.decide(where, unread ? 'violation' : words.verdict, words.hits);
  }

  /** The words of a picture, judged; from memory when it was read before. An unreadable picture gives `unread-text`. */
  words(picture: Raster, surface: 'frame' | 'cover', remember = true): Promise<PictureTextVerdict> {
    const { judge, room } = this.options;
    const known = remember ? this.options.known : undefined;
    const key = known === undefined ? '' : pictureKey(picture);
    const read: TextReader['read'] = async (rgba, width, height) => {
      const before = known?.get(key);
      if (before !== undefined) return before;
      const lines = await this.readPatiently(rgba, width, height);
      known?.set(key, lines);
      return lines;
    };
    return judgePictureText({ read }, judge, picture, { surface, language: room.language, entry: room.products });
  }

  private async readPatiently(...picture: Parameters<TextReader['read']>): ReturnType<TextReader['read']> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.reader.read(...picture);
      } catch (error) {
        if (!isEngineError(error) || error.code !== 'E_TIMEOUT' || tries === READ_TRIES) throw error;
        const waitedS = (tries * READ_TIMEOUT_MS) / 1000;
        this.options.log.warn(
          { waitedS, ofS: (READ_TRIES * READ_TIMEOUT_MS) / 1000 },
          'the machine is busy: still waiting for the text reader',
        );
      }
    }
  }

  /** The words of the picture on air, judged. */
  wordsOnAir({ rgba, width, height }: Raster): Promise<PictureTextVerdict> {
    const { judge, room } = this.options;
    const context = { surface: 'frame', language: room.language, entry: room.products } as const;
    return judgePictureText(this.onAirReader, judge, { rgba, width, height }, context);
  }

  /** The verdict by the present rules on words that were read and kept under this key; undefined for none. */
  judgeKept(key: string): FrameVerdict | undefined {
    const lines = this.options.known?.get(key);
    if (lines === undefined) return undefined;
    const { judge, room } = this.options;
    return judgeLines(judge, lines, { surface: 'frame', language: room.language, entry: room.products });
  }

  /** Keeps the words of a composed picture for the next starts. */
  keepWords(key: string, lines: PictureTextVerdict['lines']): void {
    this.options.known?.set(key, lines);
    this.options.known?.save();
  }

  /** Whether the reader works on this machine; tried once, with an empty picture. */
  canRead(): Promise<boolean> {
    this.readable ??= this.reader.read(new Uint8Array(64 * 64 * 4).fill(255), 64, 64).then(
      () => true,
      (error: unknown) => {
        this.readsText = false;
        this.options.log.error({ error: String(error) }, 'words inside pictures can not be read on this machine');
        this.options.ledger({ kind: 'room', action: 'no-text-reading', evidence: String(error).slice(0, 200) });
        return false;
      },
    );
    return this.readable;
  }

  private async codes(picture: Raster, where?: string): Promise<FrameVerdict> {
    const { rgba, width, height } = picture;
    const { admitted } = this.options;
    const key = admitted === undefined ? '' : pictureKey(picture);
    if (admitted?.get(key) !== undefined) return CLEAN;
    const verdict = await this.scanner.scan(rgba, width, height, 'admission', where);
    if (verdict.verdict === 'clean') admitted?.set(key, 'clean');
    return verdict;
  }

  /** Frees the memory a loaded room no longer needs (80 MB, and the reader's 250) until the next picture arrives. */
  async rest(): Promise<void> {
    await Promise.all([this.scanner.rest(), this.reader.rest()]);
  }

  /** Refuses a violation; records violations and reviews in the ledger. */
  private decide(where: string, verdict: 'clean' | 'violation' | 'review', hits: readonly FrameHit[]): void {
    if (verdict === 'clean') return;
    const hit = hits[0] ?? { rule: '3.3', kind: 'unknown' };
    this.options.ledger({
      kind: 'admission',
      rule: hit.rule,
      surface: 'frame',
      action: verdict === 'violation' ? 'refuse' : 'review',
      evidence: (hit.text ?? hit.kind).slice(0, 200),
      detail: { where, kind: hit.kind },
    });
    if (verdict === 'review') return;
    const text = hit.text === undefined ? '' : ` "${hit.text.slice(0, 60)}"`;
    throw new EngineError('E_ASSET_REFUSED', {
      where,
      expected: 'a picture that may be shown',
      found: `${hit.kind}${text} (rule ${hit.rule})`,
      todo: 'remove it from the picture',
      details: { hits },
    });
  }

  async close(): Promise<void> {
    const own = this.options.shared === undefined ? [this.reader, this.scanner] : [];
    await Promise.all([this.onAirReader, ...own].map((one) => one.close()));
  }
}
