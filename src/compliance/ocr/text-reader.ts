import { fitRgba, hasAlpha } from '../../codescan/index.js';
import type { Closeable } from '../../core/closeable.js';
import { EngineError, isEngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import { type Ask, IdleWorker, WorkFault } from '../../core/processes/idle-worker.js';
import { ProcessBackend } from '../../core/processes/process-backend.js';
import type { Box, FrameHit, FrameVerdict, TextHit } from '../../core/verdict.js';
import type { TextContext, TextJudge } from '../../moderation/index.js';
import type { OcrJob, TextLine } from './ocr-messages.js';

/** Draws straight RGBA over a grey ground (0–255) as opaque RGBA. An opaque picture is returned as a copy. */
function flattenRgba(rgba: Uint8Array, ground: number): Uint8Array {
  const out = new Uint8Array(rgba.length);
  for (let i = 0; i < rgba.length; i += 4) {
    const alpha = rgba[i + 3]!;
    for (let c = 0; c < 3; c += 1) out[i + c] = Math.round((rgba[i + c]! * alpha + ground * (255 - alpha)) / 255);
    out[i + 3] = 255;
  }
  return out;
}

/**
 * Merges the readings of one picture over several grounds, with scaled boxes; of two lines in the same position the
 * more confident one is kept.
 */
function mergeReadings(readings: readonly (readonly TextLine[])[], scaleX: number, scaleY: number): TextLine[] {
  const kept: TextLine[] = [];
  for (const line of readings.flat()) {
    const twin = kept.findIndex((k) => overlap(k, line) > 0.5);
    if (twin < 0) kept.push(line);
    else if (kept[twin]!.confidence < line.confidence) kept[twin] = line;
  }
  return kept.map(({ text, confidence, box }) => ({
    text,
    confidence,
    box: {
      x: Math.floor(box.x * scaleX),
      y: Math.floor(box.y * scaleY),
      width: Math.ceil(box.width * scaleX),
      height: Math.ceil(box.height * scaleY),
    },
  }));
}

/** The common area of two boxes as a share of their union. */
function overlap(a: TextLine, b: TextLine): number {
  const width = Math.min(a.box.x + a.box.width, b.box.x + b.box.width) - Math.max(a.box.x, b.box.x);
  const height = Math.min(a.box.y + a.box.height, b.box.y + b.box.height) - Math.max(a.box.y, b.box.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a.box.width * a.box.height + b.box.width * b.box.height - shared);
}

interface TextReaderOptions {
  log: Log;
  /** Time limit of a picture, including the process's start; beyond it the process is ended. Default 20 s. */
  timeoutMs?: number;
  /** Idle time after which the process is ended, because it holds 60 MB. Default 10 s; a restart takes half a second. */
  idleMs?: number;
  /** Nice value of the process. Default 10; nobody may wait for a reader at 19. */
  nice?: number;
}

const TIMEOUT_MS = 20_000;
const IDLE_MS = 10_000;
/** Larger pictures are shrunk before they are sent: a 720p frame cannot show more of them. */
const LONG_SIDE = 1920;

const NICE = 10;

const NODE_ARGS = ['--max-semi-space-size=2', '--max-old-space-size=64'];
/** Returns the networks' intermediate pictures to the system after each layer: 50 MB less, for a tenth more CPU. */
const MALLOC = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: String(1 << 20),
  MALLOC_TRIM_THRESHOLD_: String(1 << 20),
};

/**
 * Reads the text inside pictures: Chinese (simplified), English, digits and similar glyphs; other scripts are detected
 * as lines but misread. Not for the frame path: half a second of CPU per picture.
 *
 * Runs in a separate process (`ocr-process`). When it dies or takes too long the picture is rejected and the next one
 * gets a new process.
 */
export class TextReader implements Closeable {
  private readonly worker: IdleWorker<OcrJob, readonly TextLine[]>;

  constructor(private readonly options: TextReaderOptions) {
    this.worker = new IdleWorker({
      start: () =>
        new ProcessBackend({
          module: new URL('./ocr-process.js', import.meta.url),
          caller: import.meta.url,
          execArgv: NODE_ARGS,
          args: [String(options.nice ?? NICE)],
          env: MALLOC,
        }),
      timeoutMs: () => options.timeoutMs ?? TIMEOUT_MS,
      idleMs: options.idleMs ?? IDLE_MS,
    });
  }

  /** The running process; undefined when there is none. */
  get pid(): number | undefined {
    return this.worker.pid;
  }

  /**
   * Lines in straight RGBA, rows without padding; boxes in its pixels. Rejects with E_SCAN_FAILED, E_TIMEOUT or
   * E_CLOSED; the caller must treat the picture as unjudged. A picture with transparent pixels is read over white and
   * over black, because its text may be visible on either.
   */
  read(rgba: Uint8Array, width: number, height: number): Promise<readonly TextLine[]> {
    return this.worker.use((ask) => this.readNow(ask, rgba, width, height));
  }

  /** Waits for queued pictures and ends the process; the next picture starts a new one. */
  rest(): Promise<void> {
    return this.worker.rest();
  }

  close(): Promise<void> {
    return this.worker.close();
  }

  private async readNow(
    ask: Ask<OcrJob, readonly TextLine[]>,
    rgba: Uint8Array,
    width: number,
    height: number,
  ): Promise<readonly TextLine[]> {
    if (width < 1 || height < 1 || rgba.length !== width * height * 4) {
      const expected = `${width}×${height} RGBA pixels`;
      throw new EngineError('E_SCAN_FAILED', { where: 'text reader', expected, found: `${rgba.length} bytes` });
    }
    const fitted = fitRgba(rgba, width, height, LONG_SIDE, LONG_SIDE);
    const grounds = hasAlpha(fitted.rgba) ? [255, 0] : [255];
    const readings: (readonly TextLine[])[] = [];
    for (const ground of grounds) {
      const opaque = flattenRgba(fitted.rgba, ground);
      const job = { rgba: opaque, width: fitted.width, height: fitted.height };
      readings.push(await ask(job).catch((cause: unknown) => this.refuse(cause, job)));
    }
    return mergeReadings(readings, width / fitted.width, height / fitted.height);
  }

  private refuse(cause: unknown, { width, height }: OcrJob): never {
    if (isEngineError(cause)) throw cause;
    const kind = cause instanceof WorkFault ? cause.kind : 'failed';
    if (kind === 'closed') {
      throw new EngineError('E_CLOSED', { where: 'text reader', found: 'a closed reader' });
    }
    const why = cause instanceof Error ? cause.message : String(cause);
    const found = kind === 'late' ? why : `a fault: ${why}`;
    this.options.log.warn({ found, width, height }, 'the text of a picture could not be read');
    throw new EngineError(kind === 'late' ? 'E_TIMEOUT' : 'E_SCAN_FAILED', {
      where: 'text reader',
      expected: "the picture's text",
      found,
      todo: 'use a simpler picture; run `engine doctor` when it happens with all of them',
      cause,
    });
  }
}

/** Lines that belong together, in reading order, with the position of each in the joined text. */
interface JoinedText {
  readonly text: string;
  readonly parts: readonly { readonly line: TextLine; readonly start: number; readonly end: number }[];
}

/** Lines share a row when their centres differ by less than this part of the smaller height. */
const SAME_ROW = 0.5;
/** Maximum gaps between pieces of a row, and between rows of a block, in heights. */
const GAP_IN_ROW = 2;
const GAP_OF_ROWS = 1.2;
/** Maximum ratio of heights in a block; a heading is not part of the paragraph below it. */
const HEIGHT_RATIO = 1.8;

/**
 * Joins pieces of text as a reader would: pieces of a row from left to right, then the rows of a block from top to
 * bottom. A number or an address broken over two lines, or cut by the detector, is thus judged whole.
 *
 * Distant pieces are not joined: a price on the left and a size on the right are not a telephone number.
 */
export function joinLines(lines: readonly TextLine[]): JoinedText[] {
  const rows = chain(
    sortBy(lines, (l) => l.box.x).map((l) => [l]),
    sameRow,
    GAP_IN_ROW,
  );
  const blocks = chain(
    sortBy(rows, (r) => r[0]!.box.y),
    sameBlock,
    GAP_OF_ROWS,
  );
  return blocks.map((block) => {
    let text = '';
    const parts: { line: TextLine; start: number; end: number }[] = [];
    for (const line of block) {
      if (text !== '') text += ' ';
      parts.push({ line, start: text.length, end: text.length + line.text.length });
      text += line.text;
    }
    return { text, parts };
  });
}

type Group = readonly TextLine[];

/** Appends each group to the first group whose last line it continues. */
function chain(groups: readonly Group[], continues: (a: TextLine, b: TextLine, gap: number) => boolean, gap: number) {
  const out: TextLine[][] = [];
  for (const group of groups) {
    const before = out.find((o) => o.some((line) => continues(line, group[0]!, gap)));
    if (before === undefined) out.push([...group]);
    else before.push(...group);
  }
  return out;
}

function sameRow(a: TextLine, b: TextLine, gap: number): boolean {
  const smaller = Math.min(a.box.height, b.box.height);
  const middles = Math.abs(a.box.y + a.box.height / 2 - b.box.y - b.box.height / 2);
  const between = b.box.x - (a.box.x + a.box.width);
  return middles < SAME_ROW * smaller && between < gap * smaller && similar(a, b);
}

function sameBlock(a: TextLine, b: TextLine, gap: number): boolean {
  const between = b.box.y - (a.box.y + a.box.height);
  const shared = Math.min(a.box.x + a.box.width, b.box.x + b.box.width) - Math.max(a.box.x, b.box.x);
  return between < gap * Math.min(a.box.height, b.box.height) && shared > 0 && similar(a, b);
}

const similar = (a: TextLine, b: TextLine): boolean =>
  Math.max(a.box.height, b.box.height) < HEIGHT_RATIO * Math.min(a.box.height, b.box.height);

const sortBy = <T>(items: readonly T[], key: (item: T) => number): T[] => [...items].sort((a, b) => key(a) - key(b));

/** Half-open range of UTF-16 offsets. */
interface Range {
  readonly start: number;
  readonly end: number;
}

const ADDRESS = /(?:\bw{3}\s?[.,·。]\s?|\bhttps?\s?[:：;]\s?[/／]{1,2}\s?)[a-z0-9][a-z0-9.,·/_-]{2,}/gi;

/**
 * Web addresses whose ending was misread (`www.shop.cor`) or cut off by the picture's edge. The text rules identify an
 * address by its top-level domain, which text recognition often garbles. The beginning is sufficient.
 */
function findMisreadLinks(text: string): Range[] {
  return [...text.matchAll(ADDRESS)].map((m) => ({ start: m.index, end: m.index + m[0].length }));
}

/** The platform's own addresses, which may be shown. */
const isOwnAddress = (match: string): boolean => /[./](?:alibaba|taobao|tmall|1688|aliexpress)[.,·]/i.test(match);

interface PictureTextContext extends Omit<TextContext, 'surface'> {
  readonly surface: 'frame' | 'cover';
}

export interface PictureTextVerdict extends FrameVerdict {
  /** The recognised lines, for the report and the ledger. */
  readonly lines: readonly TextLine[];
}

/** A hit with less confidence is left to a person: it is not claimed. */
const SURE = 0.6;
/** Maximum length of evidence, in characters. */
const EVIDENCE_CHARACTERS = 200;

/**
 * Judges the text inside a picture (straight RGBA) by the text rules, line by line and joined.
 *
 * Fails closed: when the text could not be read (the process died, or took too long) the verdict is `review` with one
 * hit of kind `unread-text`, rule 3.2. The picture must not be shown until it was read or a person passed it. E_CLOSED
 * is thrown, because then nobody is left to judge for.
 */
export async function judgePictureText(
  reader: Pick<TextReader, 'read'>,
  judge: Pick<TextJudge, 'judge'>,
  picture: { readonly rgba: Uint8Array; readonly width: number; readonly height: number },
  context: PictureTextContext,
): Promise<PictureTextVerdict> {
  let lines: readonly TextLine[];
  try {
    lines = await reader.read(picture.rgba, picture.width, picture.height);
  } catch (error) {
    if (!isEngineError(error) || error.code === 'E_CLOSED') throw error;
    const hit = { rule: '3.2', kind: 'unread-text', text: error.message.slice(0, EVIDENCE_CHARACTERS) };
    return { verdict: 'review', hits: [hit], lines: [] };
  }
  return { ...judgeLines(judge, lines, context), lines };
}

/** The verdict on recognised lines. Boxes are those of the lines that contain a hit. */
export function judgeLines(
  judge: Pick<TextJudge, 'judge'>,
  lines: readonly TextLine[],
  context: PictureTextContext,
): FrameVerdict {
  let hits: FrameHit[] = [];
  let verdict: FrameVerdict['verdict'] = 'clean';
  const take = (text: string, parts: readonly { line: TextLine; start: number; end: number }[]): void => {
    for (const found of [...judge.judge(text, context).hits, ...misread(text)]) {
      const inside = parts.filter((p) => p.start < found.end && found.start < p.end).map((p) => p.line);
      if (inside.length === 0) continue;
      const { rule, kind, match } = found;
      const box = around(inside.map((l) => l.box));
      // A line and its block often match the same words; the larger box is kept.
      if (hits.some((h) => h.rule === rule && within(box, h.box!))) continue;
      hits = hits.filter((h) => h.rule !== rule || !within(h.box!, box));
      hits.push({ rule, kind, text: match.slice(0, EVIDENCE_CHARACTERS), box });
      const mild = found.action === 'warn' || found.action === 'review';
      if (!mild && inside.every((l) => l.confidence >= SURE)) verdict = 'violation';
      else if (verdict === 'clean') verdict = 'review';
    }
  };
  for (const line of lines) take(line.text, [{ line, start: 0, end: line.text.length }]);
  for (const { text, parts } of joinLines(lines)) if (parts.length > 1) take(text, parts);
  return { verdict, hits };
}

/** Addresses garbled by recognition, as hits of the link rule. */
const misread = (text: string): TextHit[] =>
  findMisreadLinks(text)
    .map(({ start, end }) => ({ start, end, match: text.slice(start, end) }))
    .filter(({ match }) => !isOwnAddress(match))
    .map((range) => ({ ...range, rule: '3.2', kind: 'link', action: 'blank' }));

function around(boxes: readonly Box[]): Box {
  const x = Math.min(...boxes.map((b) => b.x));
  const y = Math.min(...boxes.map((b) => b.y));
  const right = Math.max(...boxes.map((b) => b.x + b.width));
  const bottom = Math.max(...boxes.map((b) => b.y + b.height));
  return { x, y, width: right - x, height: bottom - y };
}

const within = (inner: Box, outer: Box): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;
