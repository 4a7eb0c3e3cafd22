import type { DecodedPicture, PageRequest } from '../../scene/assets/decode-page.js';

export type { DecodedPicture } from '../../scene/assets/decode-page.js';

/** Decodes one picture of a file, in this thread or another. */
export type DecodePage = (request: PageRequest) => Promise<DecodedPicture>;

/**
 * Reads a file's pictures one after the other, upright, in sRGB, fitted inside `maxSide`×`maxSide` without enlarging,
 * at most `maxPages` of them. Rethrows errors of `decode`.
 */
export async function* readPictures(
  decode: DecodePage,
  file: string,
  { maxSide, maxPages }: { maxSide: number; maxPages: number },
): AsyncGenerator<DecodedPicture> {
  let pages = 1;
  for (let page = 0; page < Math.min(pages, maxPages); page += 1) {
    const picture = await decode({ file, page, maxSide });
    pages = picture.pages;
    yield picture;
  }
}
