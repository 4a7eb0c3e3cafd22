import { escapeXml } from '../scene/text/escape-xml.js';
import type { ListedTemplate } from './list-templates.js';
import { picturePage } from './picture-page.js';
import { templatePicture } from './template-picture.js';

const WIDTH = 270;
const LANDSCAPE_WIDTH = 400;

/** A page with pictures of each template. */
export const templatesPage = (
  templates: readonly ListedTemplate[],
  onProgress?: (done: number) => void,
): Promise<string> =>
  picturePage({
    title: 'Templates · <span lang="zh">模板</span>',
    things: templates,
    card,
    width: WIDTH,
    style:
      'img { height: auto; }\n' +
      '  i { display: inline-block; width: 1em; height: 1em; margin-right: 0.3em; border-radius: 50%; vertical-align: -0.1em; }',
    above: `<p>Portrait by day, landscape at night. Each comes in both orientations and 18 languages.<br>
<span lang="zh">竖屏为白天，横屏为夜晚。每个模板都有竖屏和横屏，支持 18 种语言。</span></p>
<br>
`,
    onProgress,
  });

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
