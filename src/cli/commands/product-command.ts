import { Command, InvalidArgumentError } from 'commander';
import { languageTag } from '../options.js';
import { progressLog } from '../progress-log.js';

interface ProductOptions {
  lang?: string;
  out?: string;
  id?: string;
  currency?: string;
  json?: boolean;
}

export function productCommand(): Command {
  return new Command('product')
    .description(
      'Makes a product from its page: a link, a saved page, a JSON answer or text. 由商品链接或网页生成商品。',
    )
    .argument('<page>', 'a link, a saved page (.html), a JSON answer, a text, or - for standard input')
    .option('--out <path>', 'room file to put the product into, or a folder to make (product.json and pictures)')
    .option('--lang <language>', 'language of the text in the pictures, which is read and judged', languageTag, 'en')
    .option('--id <name>', 'name of the product in the room; a product of this name is replaced', productName)
    .option('--currency <code>', 'ISO 4217 code, for a page that names no currency', currencyCode)
    .option('--json', 'print the product as JSON')
    .addHelpText(
      'after',
      `
Reads Alibaba.com, 1688, Taobao and Tmall pages, answers of alibaba.icbu.product.get, and any shop with JSON-LD, microdata or
Open Graph. Pictures go through the same scan as pictures of a room: one with a code or a contact in it is left out. Without
--out nothing is written. A shop that keeps programs out: save the page in your browser (Ctrl+S) and give the file.
读取商品页并生成商品；若网站拒绝程序访问，请在浏览器中打开并另存网页（Ctrl+S），再传入该文件。

Examples:
  engine product page.html
  engine product page.html --out my-room/room.json
  engine product https://shop.example/lamp --out lamp
  engine product - --json < listing.txt`,
    )
    .action(take);
}

function productName(text: string): string {
  if (/^[a-zA-Z0-9][a-zA-Z0-9-]{0,63}$/.test(text)) return text;
  throw new InvalidArgumentError(`expected letters, digits and dashes, found "${text}".`);
}

function currencyCode(text: string): string {
  if (/^[a-z]{3}$/i.test(text)) return text.toUpperCase();
  throw new InvalidArgumentError(`expected an ISO 4217 code such as USD, found "${text}".`);
}

async function take(page: string, { lang = 'en', json, ...options }: ProductOptions): Promise<void> {
  const [{ takeProduct }, { withoutDefaults }, summary, { createLog }, { stopSignals }, { terminalLanguage }] =
    await Promise.all([
      import('../../intake/take-product.js'),
      import('../../intake/write-product.js'),
      import('../product-summary.js'),
      import('../../core/log.js'),
      import('../stop-signals.js'),
      import('../terminal/terminal-language.js'),
    ]);
  const { originsText, productSummary, warningText, writtenText } = summary;
  if (page === '-' && process.stdin.isTTY === true)
    process.stderr.write('Paste the page or the text; Ctrl-D ends. 粘贴内容，按 Ctrl-D 结束。\n');
  const language = terminalLanguage(process.env);
  const progress = progressLog();
  const stop = stopSignals();
  try {
    const taken = await takeProduct(page, {
      ...options,
      language: lang,
      stdin: process.stdin,
      signal: stop.signal,
      log: createLog('error'),
      onProgress: (done, of, what) => progress.step(done, of, what),
    });
    progress.clear();
    for (const warning of taken.warnings) process.stderr.write(`! ${warningText(warning, language)}\n`);
    const written = writtenText(taken, options.out !== undefined && /\.json$/i.test(options.out), language);
    if (json === true) process.stdout.write(`${JSON.stringify(withoutDefaults(taken.product), null, 2)}\n`);
    else
      process.stdout.write(
        `${[...productSummary(taken.product, language), originsText(taken.listing, language), ...written].join('\n')}\n`,
      );
  } finally {
    progress.clear();
    stop.close();
  }
}
