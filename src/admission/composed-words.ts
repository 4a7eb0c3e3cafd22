/**
 * Words of the composed picture, kept by the digest of its layers.
 *
 * Problem: the composed picture is read when the show begins and at the first appearance of each product. Every start
 * read the same layers again, and the reader's process was a fifth of a room's memory at its peak.
 * Rule: words are kept under the digest of all layers but captions and of the presenter's drawings. A picture of equal
 * layers is judged by the kept words and the present rules; unless they are clean it is read again. Pictures in turn
 * and clips have no digest, so they are always read.
 */
import { createHash } from 'node:crypto';
import type { PictureTextVerdict } from '../compliance/ocr/text-reader.js';
import type { Admission } from './admission.js';

/** Key of a composed picture in the memory of words. */
export const composedKey = (sceneDigest: string, presenterDigest: string): string =>
  createHash('sha256').update(`composed ${sceneDigest} ${presenterDigest}`).digest('hex');

export interface PresenterOnStage {
  readonly digest: string;
  readonly sinceFrame: number;
}

export interface ComposedWordsOptions {
  readonly admission: Pick<Admission, 'judgeKept' | 'keepWords'>;
  /** The layers and the first frame that shows them; undefined when the picture has to be read each time. */
  readonly still: () => { readonly digest: string; readonly sinceFrame: number } | undefined;
  /** The presenter on stage and the first frame that shows it. */
  readonly presenter: () => PresenterOnStage;
  /** The frame on air. */
  readonly frame: () => number;
}

/** The kept words of the picture on air. */
export class ComposedWords {
  constructor(private readonly options: ComposedWordsOptions) {}

  /** True when the picture on air was read before, and its words keep the rules. */
  isClean(): boolean {
    const key = this.key();
    return key !== undefined && this.options.admission.judgeKept(key)?.verdict === 'clean';
  }

  /** Call it before the picture is taken. The returned function keeps a reading unless layers have changed since. */
  begin(): (reading: Pick<PictureTextVerdict, 'hits' | 'lines'>) => void {
    const before = this.key();
    return ({ hits, lines }) => {
      const unread = hits.some((hit) => hit.kind === 'unread-text');
      if (before === undefined || unread || this.key() !== before) return;
      this.options.admission.keepWords(before, lines);
    };
  }

  /** Undefined, too, while the layers are scheduled and not on air yet. */
  private key(): string | undefined {
    const still = this.options.still();
    const presenter = this.options.presenter();
    if (still === undefined || this.options.frame() < Math.max(still.sinceFrame, presenter.sinceFrame))
      return undefined;
    return composedKey(still.digest, presenter.digest);
  }
}
