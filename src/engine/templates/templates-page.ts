import { readFile } from 'node:fs/promises';
import { loadSharp } from '../../scene/sharp.js';
import { escapeXml } from '../../scene/text/escape-xml.js';
import type { ListedTemplate } from './list-templates.js';
import { loadTemplate, loadTemplateLayouts } from './load-template.js';

const WIDTH = 270;

/** A page with a picture of each template; the pictures are in it, so that it can be sent as one file. */
export async function templatesPage(templates: readonly ListedTemplate[]): Promise<string> {
  const cards: string[] = [];
  for (const one of templates) cards.push(await card(one));
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Templates · 模板</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem; background: #f5f4f1; color: #22252a; }
  main { display: grid; grid-template-columns: repeat(auto-fill, minmax(${WIDTH}px, 1fr)); gap: 1.5rem; }
  figure { margin: 0; background: #fff; border-radius: 12px; overflow: hidden; }
  img { display: block; width: 100%; }
  figcaption { padding: 0.75rem 1rem 1rem; }
  code { display: block; margin-top: 0.4rem; font-size: 13px; color: #555a63; }
</style>
<h1>Templates · 模板</h1>
<main>
${cards.join('\n')}
</main>
</html>
`;
}

async function card({ name, category, pictures }: ListedTemplate): Promise<string> {
  const sharp = await loadSharp();
  const { layout } = loadTemplate(name);
  const { front, picture, width } = loadTemplateLayouts().layouts[layout].portrait;
  const drawn = await sharp(await readFile(pictures.product))
    .resize(picture.width, picture.height)
    .png()
    .toBuffer();
  // The product's box may reach past the edge of the frame, which sharp does not allow.
  const visible = Math.min(picture.width, width - picture.x);
  const product = await sharp(drawn).extract({ left: 0, top: 0, width: visible, height: picture.height }).toBuffer();
  const whole = await sharp(pictures.portrait)
    .composite([
      {
        input: await sharp(pictures.portrait.replace(/\.webp$/, '-front.svg'))
          .png()
          .toBuffer(),
        left: front.x,
        top: front.y,
      },
      { input: product, left: picture.x, top: picture.y },
    ])
    .png()
    .toBuffer();
  const small = await sharp(whole).resize(WIDTH).webp({ quality: 80 }).toBuffer();
  return `<figure><img alt="${escapeXml(category.en)}" src="data:image/webp;base64,${small.toString('base64')}"><figcaption><b>${escapeXml(category.en)}</b> · ${escapeXml(category.zh)}<code>engine new my-room --template ${name}</code></figcaption></figure>`;
}
