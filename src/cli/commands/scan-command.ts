import { Command, Option } from 'commander';
import type { FileHit, ScannedFile } from '../../admission/scan/scan-files.js';
import { languageTag } from '../options.js';
import { LinePrinter, onOneLine } from '../print-lines.js';
import { writeProgress } from '../terminal/safe-output.js';

interface ScanOptions {
  mode: 'admission' | 'live';
  text?: string | true;
  retailBarcodes?: boolean;
  json?: boolean;
}

export function scanCommand(): Command {
  return new Command('scan')
    .description('Scans pictures as the gate does, one line a file. 扫描图片中的二维码等违规内容。')
    .argument('<path...>', 'picture files, and folders (searched recursively)')
    .addOption(
      new Option('--mode <mode>', 'admission: the hard scan before a picture is used; live: the gate’s scan of a frame')
        .choices(['admission', 'live'])
        .default('admission'),
    )
    .option('--text [language]', 'read the text in the pictures too (about half a second each)', languageTag)
    .option('--retail-barcodes', 'count retail barcodes as codes: EAN, UPC, Code 128, Code 39, ITF, Codabar, DataBar')
    .option('--json', 'print one JSON object a line: {file, verdict, hits} or {file, error}')
    .addHelpText(
      'after',
      `
Reads PNG, JPEG, WebP, GIF, SVG, AVIF and TIFF, every picture of an animation. Boxes are in pixels of the file.
Exit code: 0 all clean, 1 a file to refuse or review, 2 a file could not be read.

Examples:
  engine scan product.jpg
  engine scan pictures/ --mode live
  engine scan pictures/ cover.png --text zh --json > report.jsonl`,
    )
    .action(scan);
}

async function scan(paths: string[], { mode, text, retailBarcodes = false, json }: ScanOptions): Promise<void> {
  const [{ createLog }, { scanFiles }, { findPictures }] = await Promise.all([
    import('../../core/log.js'),
    import('../../admission/scan/scan-files.js'),
    import('../../admission/scan/find-pictures.js'),
  ]);
  const files = await findPictures(paths);
  const out = new LinePrinter();
  const progress = new Progress(files.length);
  const textLanguage = text === true ? 'en' : text;
  let unread = 0;
  let bad = 0;
  for await (const result of scanFiles(files, { mode, textLanguage, retailBarcodes, log: createLog('error') })) {
    if ('error' in result) unread += 1;
    else if (result.verdict !== 'clean') bad += 1;
    progress.clear();
    await out.print(json === true ? JSON.stringify(result) : inWords(result));
    if (out.closed) break;
    progress.step(bad, unread);
  }
  progress.clear();
  process.exitCode = unread > 0 ? 2 : bad > 0 ? 1 : 0;
}

function inWords(result: ScannedFile): string {
  const file = onOneLine(result.file, 4096);
  if ('error' in result) return `error      ${onOneLine(result.error, 4096)}`;
  return [result.verdict.padEnd(10), file, ...result.hits.map(hitInWords)].join(' ').trimEnd();
}

function hitInWords({ rule, kind, text, box, page }: FileHit): string {
  const place = box === undefined ? '' : ` at ${box.x},${box.y} ${box.width}×${box.height}`;
  const said = text === undefined ? '' : ` "${onOneLine(text)}"`;
  return `[${rule} ${kind}${said}${place}${page === undefined ? '' : ` in picture ${page}`}]`;
}

/** Progress, shown when standard error is a terminal. */
class Progress {
  private done = 0;
  private shownAtMs = -Infinity;

  constructor(private readonly total: number) {}

  step(bad: number, unread: number): void {
    this.done += 1;
    if (process.stderr.isTTY !== true || performance.now() - this.shownAtMs < 100) return;
    this.shownAtMs = performance.now();
    writeProgress(process.stderr, `${this.done}/${this.total} files, ${bad} not clean, ${unread} unreadable`);
  }

  clear(): void {
    if (process.stderr.isTTY === true) writeProgress(process.stderr, '');
  }
}
