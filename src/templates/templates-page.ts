import { escapeXml } from '../scene/text/escape-xml.js';
import type { ListedTemplate } from './list-templates.js';
import { templatePicture } from './template-picture.js';

const WIDTH = 270;
const LANDSCAPE_WIDTH = 400;

/** A page with pictures of each template; they are in it, so that it can be sent as one file. */
export async function templatesPage(
  templates: readonly ListedTemplate[],
  onProgress: (done: number) => void = () => undefined,
): Promise<string> {
  const cards: string[] = [];
  for (const one of templates) {
    cards.push(await card(one));
    onProgress(cards.length);
  }
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Templates · 模板</title>
<style>
  body { font: 16px/1.5 system-ui, "Noto Sans SC", sans-serif; margin: 2rem; background: #f5f4f1; color: #22252a; }
  main { display: grid; grid-template-columns: repeat(auto-fill, minmax(${WIDTH}px, 1fr)); gap: 1.5rem; }
  figure { margin: 0; background: #fff; border-radius: 12px; overflow: hidden; }
  img { display: block; width: 100%; height: auto; }
  figcaption { padding: 0.75rem 1rem 1rem; }
  p { margin: 0.25rem 0 0; font-size: 14px; color: #555a63; }
  i { display: inline-block; width: 1em; height: 1em; margin-right: 0.3em; border-radius: 50%; vertical-align: -0.1em; }
  code { display: block; margin-top: 0.4rem; font-size: 13px; color: #555a63; overflow-wrap: anywhere; }
  @media (max-width: 640px) { body { margin: 1rem; } }
</style>
<h1>Templates · <span lang="zh">模板</span> (${templates.length})</h1>
<p>Portrait by day, landscape at night. Each comes in both orientations and 18 languages.<br>
<span lang="zh">竖屏为白天，横屏为夜晚。每个模板都有竖屏和横屏，支持 18 种语言。</span></p>
<br>
<main>
${cards.join('\n')}
</main>
</html>
`;
}

async function card({ name, category, presenter, brand }: ListedTemplate): Promise<string> {
  const picture = async (orientation: 'portrait' | 'landscape'): Promise<string> => {
    const isNight = orientation === 'landscape';
    const width = isNight ? LANDSCAPE_WIDTH : WIDTH;
    const data = await templatePicture(name, orientation, { isNight, width });
    const [w, h] = isNight ? [1280, 720] : [720, 1280];
    const alt = `${category.en}, ${isNight ? 'landscape at night' : 'portrait by day'}`;
    return `<img alt="${escapeXml(alt)}" width="${w}" height="${h}" src="data:image/webp;base64,${data.toString('base64')}">`;
  };
  const dots = [brand.primary, brand.accent].map((colour) => `<i style="background:${colour}"></i>`).join('');
  return `<figure>${await picture('portrait')}${await picture('landscape')}<figcaption><b>${escapeXml(category.en)}</b> · <span lang="zh">${escapeXml(category.zh)}</span><p>${dots}${escapeXml(presenter)}</p><code>engine new my-room --template ${name}</code></figcaption></figure>`;
}
