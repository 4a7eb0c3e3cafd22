import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import type { FilmManifest } from '../../avatar/filmed/film-manifest.js';
import type { MouthSpace } from '../face/mouth-space.js';
import { REJECTIONS, type Rejection } from '../face/choose-references.js';
import type { Rgb } from '../footage/open-footage.js';
import type { MouthBankParts } from '../mouths/warp-bank.js';

export interface ReportPicture {
  readonly frame: number;
  readonly jpeg: Rgb;
}

export interface ReportParts {
  readonly manifest: FilmManifest;
  readonly rejected: readonly (Rejection | undefined)[];
  readonly pictures: readonly ReportPicture[];
  readonly bank: MouthBankParts;
  readonly space: MouthSpace;
  readonly gaps: readonly number[];
  readonly loop: readonly [number, number];
  readonly warnings: readonly string[];
  readonly talk: readonly (readonly [string, string])[] | undefined;
}

const THUMB_HEIGHT = 200;
const SHEET_MOUTHS = 48;

const WHY: Readonly<Record<Rejection, string>> = {
  'no-face': 'no face found 未找到人脸',
  turned: 'head turned by more than 20° 头部转动超过 20°',
  blurred: 'blurred 模糊',
  covered: 'something before the face 面部被遮挡',
  'cut-off': 'face cut off by the edge 面部超出画面',
};

/** A small copy of a frame, by skipping pixels. */
export function thumbnail({ data, width, height }: Rgb): Rgb {
  const h = Math.min(height, THUMB_HEIGHT);
  const w = Math.max(1, Math.round((width * h) / height));
  const out = new Uint8Array(w * h * 3);
  for (let y = 0; y < h; y += 1) {
    for (let x = 0; x < w; x += 1) {
      const from = (Math.floor((y * height) / h) * width + Math.floor((x * width) / w)) * 3;
      out.set(data.subarray(from, from + 3), (y * w + x) * 3);
    }
  }
  return { data: out, width: w, height: h };
}

const escape = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.codePointAt(0)};`);

/** One page that shows by pictures what was taken and what was left out, and why; nothing is loaded from elsewhere. */
export async function writeReport(path: string, parts: ReportParts): Promise<void> {
  const { manifest, rejected, pictures, warnings, talk } = parts;
  const { consent, film, mouth } = manifest;
  const counts = REJECTIONS.map((why) => [why, rejected.filter((r) => r === why).length] as const);
  const shown = await Promise.all(
    pictures.map(async ({ frame, jpeg }) => {
      const why = rejected[frame];
      const text = why === undefined ? 'used 已采用' : WHY[why];
      const alt = `frame ${frame}: ${text}`;
      return `<figure class="${why === undefined ? 'good' : 'bad'}"><img src="${await dataUrl(jpeg)}" alt="${alt}"><figcaption>${frame} · ${text}</figcaption></figure>`;
    }),
  );
  const row = (name: string, value: string): string => `<tr><th scope="row">${name}</th><td>${escape(value)}</td></tr>`;
  const good = rejected.filter((r) => r === undefined).length;
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(manifest.name)}: filmed presenter</title>
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}
table{border-collapse:collapse}th,td{text-align:left;padding:.2rem .8rem .2rem 0;vertical-align:top}th{font-weight:600}
.grid{display:flex;flex-wrap:wrap;gap:.6rem}figure{margin:0;width:9rem}figure img{width:100%;border:3px solid #2a7d2a;border-radius:4px}
figure.bad img{border-color:#b3261e}figcaption{font-size:12px}img.sheet{max-width:100%;image-rendering:auto}.warn{color:#8a4b00}</style>
<h1>${escape(manifest.title || manifest.name)}</h1>
<h2>Film 素材</h2><table>
${row('Frames 帧', `${film.frames} at ${(film.rate.num / film.rate.den).toFixed(2)} per second, ${film.width} × ${film.height}`)}
${row('Usable 可用', `${good} (${Math.round((100 * good) / film.frames)} %)`)}
${row('Background 背景', film.alpha ? 'cut out 已抠像' : 'kept 保留')}
${row('Loop 循环', `${(manifest.loop.fromMs / 1000).toFixed(2)} s – ${(manifest.loop.toMs / 1000).toFixed(2)} s, to and fro`)}
${row('Lips of the film 素材口型', mouth.always ? 'move: a mouth always covers them 有动作，始终覆盖' : 'rest: shown in silence 静止，静音时直接显示')}
${row('Mouths 口型', `${parts.bank.mouths.length} (${mouth.source === 'talk' ? 'filmed 实拍' : 'made from the resting one 由静止口型生成'})`)}
${counts
  .filter(([, n]) => n > 0)
  .map(([why, n]) => row(WHY[why], `${n} frames`))
  .join('\n')}
${(talk ?? []).map(([name, value]) => row(escape(name), value)).join('\n')}
</table>
${warnings.map((w) => `<p class="warn">⚠ ${escape(w)}</p>`).join('')}
<h2>Lip gap over the film 唇间距</h2>${gapGraph(parts)}
<h2>Mouths 口型</h2><img class="sheet" alt="mouths" src="${await sheetUrl(parts)}">
<h2>Frames 帧</h2><div class="grid">${shown.join('')}</div>
<h2>Consent 授权</h2><table>
${row('Who 本人', consent.who)}${row('Date 日期', consent.date)}${row('Use 用途', consent.use)}${row('Document 文件', consent.document)}
${row('Declared 声明', 'adult, one person in all footage 成年人，素材中仅一人')}</table>
<p>The AI label stays on the picture of every room. 每个直播间的画面始终带有 AI 标识。</p></html>
`;
  await writeFile(path, html);
}

async function dataUrl({ data, width, height }: Rgb): Promise<string> {
  const jpeg = await sharp(Buffer.from(data), { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 80 })
    .toBuffer();
  return `data:image/jpeg;base64,${jpeg.toString('base64')}`;
}

function gapGraph({ gaps, rejected, loop }: ReportParts): string {
  const n = gaps.length;
  const width = 1000;
  const height = 120;
  const x = (i: number): string => ((i * width) / n).toFixed(1);
  const most = Math.max(0.1, ...gaps);
  const line = gaps.map((g, i) => `${x(i)},${(height - (g / most) * (height - 6)).toFixed(1)}`).join(' ');
  const bad = rejected.map((r, i) =>
    r === undefined ? '' : `<rect x="${x(i)}" y="0" width="${(width / n + 0.3).toFixed(1)}" height="${height}"/>`,
  );
  return `<svg viewBox="0 0 ${width} ${height}" width="100%" role="img" aria-label="lip gap over time"><rect x="${x(loop[0])}" width="${x(loop[1] - loop[0])}" height="${height}" fill="#e7f3e7"/><g fill="#f3c6c2">${bad.join('')}</g><polyline points="${line}" fill="none" stroke="#333" stroke-width="1.5"/></svg>`;
}

/** The mouths of the first reference, evenly chosen, as one picture. */
async function sheetUrl({ bank }: ReportParts): Promise<string> {
  const first = bank.patches.filter((_, i) => i % bank.references === 0);
  const shown = first.filter(
    (_, i) => first.length <= SHEET_MOUTHS || i % Math.ceil(first.length / SHEET_MOUTHS) === 0,
  );
  const { width, height } = shown[0]!;
  const columns = Math.min(9, shown.length);
  const rows = Math.ceil(shown.length / columns);
  const data = new Uint8Array(columns * width * rows * height * 3);
  shown.forEach((patch, i) => {
    const left = (i % columns) * width;
    const top = Math.floor(i / columns) * height;
    for (let y = 0; y < height; y += 1) {
      for (let k = 0; k < width * 3; k += 1) {
        const v = patch.data[y * width * 3 + k]!;
        data[((top + y) * columns * width + left) * 3 + k] = Math.min(255, Math.max(0, Math.round(v)));
      }
    }
  });
  return dataUrl({ data, width: columns * width, height: rows * height });
}
