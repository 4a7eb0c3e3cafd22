import { silentLog } from '../../../src/core/log.js';
import { templatePath } from '../../../src/core/files/paths.js';
import { takeProduct } from '../../../src/intake/take-product.js';
import { TextJudge } from '../../../src/moderation/index.js';
import { writeScript } from '../../../src/writer/write-script.js';

export const SCRIPTS_PAGE = 'docs/make-a-script.md';

/** Listings of templates/listings, each in the language that its script is shown in. */
const SHOWN = [
  { id: 'bottle', language: 'en', name: 'English' },
  { id: 'boards', language: 'zh', name: '中文' },
  { id: 'lunchbox', language: 'es', name: 'Español' },
] as const;
const MINUTES = 3;

/** The page with its three scripts as the writer writes them now. */
export async function withScripts(page: string): Promise<string> {
  const judge = new TextJudge();
  const sections: string[] = [];
  for (const { id, language, name } of SHOWN) {
    const { product } = await takeProduct(templatePath('listings', `${id}.json`), {
      id,
      language: 'en',
      log: silentLog,
      stdin: nothing(),
    });
    const { segments } = await writeScript({
      products: [product],
      languages: [language],
      roomLanguage: 'en',
      minutes: MINUTES,
      style: 'warm',
      judge,
      maxWordings: 1,
    });
    const lines = segments.flatMap((segment) => segment.lines.map(({ text }) => `> ${text}`));
    sections.push(`**${name}**, from \`templates/listings/${id}.json\`:\n\n${lines.join('  \n')}`);
  }
  return page.replace(
    /(<!-- scripts -->\n)[^]*?(\n<!-- end -->)/,
    (_, head: string, end: string) => `${head}\n${sections.join('\n\n')}\n${end}`,
  );
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // Listings are files.
}
