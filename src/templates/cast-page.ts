import type { CastCard } from '../avatar/list-cast.js';
import { fitInto } from '../avatar/load-presenter.js';
import { readPresenterPack } from '../avatar/presenter-pack.js';
import { stillSvg } from '../avatar/presenter-still.js';
import { loadSharp } from '../scene/sharp.js';
import { escapeXml } from '../scene/text/escape-xml.js';
import { picturePage } from './picture-page.js';

const WIDTH = 240;
const HEIGHT = 286;
const GROUND = '#dfe8ec';

/** A page with a portrait of each presenter. */
export const castPage = (people: readonly CastCard[], onProgress: (done: number) => void): Promise<string> =>
  picturePage({
    title: 'Presenters · <span lang="zh">主播</span>',
    things: people,
    card,
    width: WIDTH,
    style: `img { background: ${GROUND}; }`,
    onProgress,
  });

async function card({ name, dir, title, about, ageYears, country, region }: CastCard): Promise<string> {
  const sharp = await loadSharp();
  const pack = await readPresenterPack(dir);
  const fit = fitInto(pack.manifest, { x: 0, y: 0, width: WIDTH, height: HEIGHT });
  const picture = await sharp(stillSvg(pack, fit, { width: WIDTH, height: HEIGHT }))
    .flatten({ background: GROUND })
    .webp({ quality: 82 })
    .toBuffer();
  const where = [region, country].filter((part) => part !== undefined).join(', ');
  return `<figure><img alt="${escapeXml(title.en)}" src="data:image/webp;base64,${picture.toString('base64')}"><figcaption><b>${escapeXml(title.en)}</b> · ${escapeXml(title.zh)}<p>${ageYears}${where === '' ? '' : ` · ${escapeXml(where)}`}</p><p>${escapeXml(about.en)}<br>${escapeXml(about.zh)}</p><code>"presenter": "${escapeXml(name)}"</code></figcaption></figure>`;
}
