import type { CastCard } from '../avatar/list-cast.js';
import { fitInto } from '../avatar/load-presenter.js';
import { readPresenterPack } from '../avatar/presenter-pack.js';
import { stillSvg } from '../avatar/presenter-still.js';
import { loadSharp } from '../scene/sharp.js';
import { escapeXml } from '../scene/text/escape-xml.js';

const WIDTH = 240;
const HEIGHT = 286;
const GROUND = '#dfe8ec';

/** A page with a portrait of each presenter; the pictures are in it, so that it can be sent as one file. */
export async function castPage(people: readonly CastCard[], onProgress: (done: number) => void): Promise<string> {
  const cards: string[] = [];
  for (const one of people) {
    cards.push(await card(one));
    onProgress(cards.length);
  }
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Presenters · 主播</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem; background: #f5f4f1; color: #22252a; }
  main { display: grid; grid-template-columns: repeat(auto-fill, minmax(${WIDTH}px, 1fr)); gap: 1.5rem; }
  figure { margin: 0; background: #fff; border-radius: 12px; overflow: hidden; }
  img { display: block; width: 100%; background: ${GROUND}; }
  figcaption { padding: 0.75rem 1rem 1rem; }
  p { margin: 0.25rem 0 0; font-size: 14px; color: #555a63; }
  code { display: block; margin-top: 0.4rem; font-size: 13px; color: #555a63; }
</style>
<h1>Presenters · 主播 (${people.length})</h1>
<main>
${cards.join('\n')}
</main>
</html>
`;
}

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
