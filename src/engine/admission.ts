import { AdmissionScanner } from '../compliance/frame/admission-scanner.js';
import { judgePictureText, type PictureTextVerdict } from '../compliance/ocr/judge-picture-text.js';
import { TextReader } from '../compliance/ocr/text-reader.js';
import type { TextJudge } from '../compliance/text/text-judge.js';
import type { RoomConfig } from '../config/room-config.js';
import type { Closeable } from '../core/closeable.js';
import { EngineError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import type { FrameHit, FrameVerdict, LedgerEntry } from '../core/verdict.js';
import type { Raster } from '../scene/raster.js';
import type { SceneDeps } from '../scene/scene-compiler.js';
import type { AdmittedPictures } from './admitted-pictures.js';

export interface AdmissionOptions {
  readonly log: Log;
  readonly ledger: (entry: LedgerEntry) => void;
  readonly judge: TextJudge;
  readonly room: Pick<RoomConfig, 'language' | 'products'>;
  /** Pictures that need not be scanned again; none offline. */
  readonly admitted?: AdmittedPictures;
}

/**
 * What a picture has to pass before it becomes a layer: the hard scan for codes and, while `readsText` is set,
 * the reading and judging of the words in it. Reading costs half a second of CPU and 250 MB for a minute, so
 * a room that goes on air reads what is put in while it runs; its own files are read by `engine check`.
 */
export class Admission implements Closeable {
  readsText = false;
  private readonly scanner: AdmissionScanner;
  private readonly reader: TextReader;

  constructor(private readonly options: AdmissionOptions) {
    this.scanner = new AdmissionScanner({ log: options.log });
    this.reader = new TextReader({ log: options.log });
  }

  /**
   * What a picture holds, codes and words together, without deciding. Words that nobody could read may say
   * anything, so they count as refused.
   */
  async look(
    { rgba, width, height }: Raster,
    surface: 'frame' | 'cover',
    where: string,
  ): Promise<{ hits: { hit: FrameHit; refused: boolean }[]; lines: PictureTextVerdict['lines'] }> {
    const { judge, room } = this.options;
    const codes = await this.scanner.scan(rgba, width, height, 'admission', where);
    const context = { surface, language: room.language, entry: room.products };
    const words = await judgePictureText(this.reader, judge, { rgba, width, height }, context);
    const all = (verdict: FrameVerdict): { hit: FrameHit; refused: boolean }[] =>
      verdict.hits.map((hit) => ({ hit, refused: verdict.verdict === 'violation' || hit.kind === 'unread-text' }));
    return { hits: [...all(codes), ...all(words)], lines: words.lines };
  }

  readonly admit: SceneDeps['admit'] = async (picture) => {
    const { where, rgba, width, height } = picture;
    const { admitted } = this.options;
    const key = admitted?.keyOf(picture);
    if (key === undefined || admitted?.has(key) !== true) {
      const codes = await this.scanner.scan(rgba, width, height);
      this.decide(where, codes.verdict, codes.hits);
      if (key !== undefined && codes.verdict === 'clean') admitted?.add(key);
    }
    if (!this.readsText) return;
    const { judge, room } = this.options;
    const words = await judgePictureText(this.reader, judge, picture, {
      surface: 'frame',
      language: room.language,
      entry: room.products,
    });
    // What nobody could read may say anything, so it is not shown.
    const unread = words.hits.some((hit) => hit.kind === 'unread-text');
    this.decide(where, unread ? 'violation' : words.verdict, words.hits);
  };

  /** Gives back what a room that has loaded no longer needs: 80 MB, until the next picture comes. */
  rest(): Promise<void> {
    return this.scanner.rest();
  }

  /** Refuses what breaks a rule; both that and what a person should look at go to the ledger. */
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
    await Promise.all([this.scanner.close(), this.reader.close()]);
  }
}
