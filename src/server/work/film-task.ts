import { rm } from 'node:fs/promises';
import { createLog } from '../../core/log.js';
import { findFfmpeg } from '../../encoder/process/find-ffmpeg.js';
import { filmPresenter } from '../../filming/film-presenter.js';
import { readConsent } from '../../filming/read-consent.js';
import { readingText } from '../../filming/text/reading-text.js';

export interface FilmInput {
  readonly base: string;
  readonly talk?: string | undefined;
  readonly language: string;
  /** Folder of the new pack. */
  readonly out: string;
  readonly name: string;
  readonly title: string;
  readonly consent: {
    readonly who: string;
    readonly date: string;
    readonly use: string;
    readonly document: string;
    readonly adult: boolean;
  };
}

/** Makes a presenter from films of a person. Throws when the consent is incomplete, or nothing good is in the film. */
export async function filmFromUploads(
  { base, talk, language, out, name, title, consent }: FilmInput,
  onProgress: (done: number, of: number, what: string) => void,
): Promise<{ warnings: readonly string[] }> {
  const stop = new AbortController();
  const ffmpeg = await findFfmpeg();
  try {
    const { warnings } = await filmPresenter({
      base,
      ...(talk === undefined ? {} : { talk, text: readingText(language), language }),
      out,
      name,
      title,
      matte: 'auto',
      gestures: [],
      consent: await readConsent(consent),
      ffmpegPath: ffmpeg.path,
      decoderPath: ffmpeg.decoder.path,
      log: createLog('error'),
      signal: stop.signal,
      onProgress,
    });
    return { warnings };
  } catch (error) {
    await rm(out, { recursive: true, force: true });
    throw error;
  }
}

export { readingText };
