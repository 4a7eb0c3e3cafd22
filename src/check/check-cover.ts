import type { CoverConfig } from '../config/sections/cover.js';
import type { FrameHit } from '../core/verdict.js';
import type { Admission } from '../admission/admission.js';
import { type DecodePage, readPictures } from '../admission/scan/read-picture.js';
import type { CheckFault } from '../admission/check-fault.js';
import { blackBorder, coverPlane, softness } from './layout/cover-figures.js';
import { percent } from '../scene/layer-boxes.js';

/*
 * Rule 5.9.
 *
 * Problem: viewers see the cover before the room. Platforms refuse a cover that is too small, of another aspect ratio,
 * blurred or letterboxed, or that shows a code, a contact or a false claim.
 * Rule: each of these is a fault. Words that break no rule are a warning, since only some platforms (Taobao Live)
 * refuse words.
 * Numbers: sides and ratios of the room's `cover`; ratio within 2 %; two opposite black bars of ≥ 2 % each; blurred
 * from a softness of 0.6 in the sharpest parts (0 is in focus; a blur of 4 pixels at 720 gives 0.6 to 0.8).
 */

const RULE = '5.9';
const RATIO_SLACK = 0.02;
const MAX_SOFT = 0.6;
const BORDER_SHARE = 0.02;
const MAX_SIDE = 2560;
/** Characters read with less confidence may be texture. */
const SURE = 0.6;

/** Faults of a cover. Throws the EngineErrors of an unreadable file. */
export async function checkCover(
  cover: CoverConfig,
  admission: Pick<Admission, 'inspect'>,
  decode: DecodePage,
): Promise<CheckFault[]> {
  const faults: CheckFault[] = [];
  const say = (expected: string, found: string, severity: CheckFault['severity'] = 'fault', rule = RULE): void => {
    faults.push({ severity, where: 'cover', expected, found, rule });
  };
  for await (const picture of readPictures(decode, cover.src, { maxSide: MAX_SIDE, maxPages: 1 })) {
    const width = Math.round(picture.width * picture.scale);
    const height = Math.round(picture.height * picture.scale);
    if (picture.pages > 1) say('one still picture', `an animation of ${picture.pages} pictures`);
    if (Math.min(width, height) < cover.leastSidePx) {
      say(`a shorter side of at least ${cover.leastSidePx} px`, `${width}×${height}`);
    }
    if (!cover.ratios.some((r) => Math.abs(width / height / ratioOf(r) - 1) <= RATIO_SLACK)) {
      say(`a ratio of ${cover.ratios.join(', ')}`, `${width}×${height} (${(width / height).toFixed(2)} : 1)`);
    }
    const plane = await coverPlane(picture);
    const border = blackBorder(plane, BORDER_SHARE);
    if (border !== undefined) say('a picture without black borders', `${percent(border.share)} at ${border.sides}`);
    const soft = softness(plane);
    if (soft === undefined) say('a picture', 'only plain colour');
    else if (soft > MAX_SOFT) say(`a picture in focus (softness at most ${MAX_SOFT})`, soft.toFixed(2));
    const { hits, lines } = await admission.inspect(picture, 'cover', 'cover');
    for (const { hit, refused } of hits) say('a cover that keeps the rules', inWords(hit), severity(refused), hit.rule);
    const words = lines.filter((l) => l.confidence >= SURE).map((l) => l.text.trim());
    if (hits.length === 0 && cover.text !== 'allow' && words.some((w) => w !== '')) {
      const expected = 'a cover without words (some platforms take none)';
      say(expected, `"${words.join(' ').slice(0, 80)}"`, severity(cover.text === 'refuse'));
    }
  }
  return faults;
}

const severity = (refused: boolean): CheckFault['severity'] => (refused ? 'fault' : 'warning');

const inWords = ({ kind, text }: FrameHit): string => (text === undefined ? kind : `${kind} "${text.slice(0, 60)}"`);

function ratioOf(text: string): number {
  const [w, h] = text.split(':').map(Number);
  return w! / h!;
}
