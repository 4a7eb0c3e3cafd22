import { Command } from 'commander';
import type { PreviewedAnswer } from '../../config/api/events-handle.js';
import { languageTag } from '../options.js';
import { LinePrinter, onOneLine } from '../print-lines.js';

interface AskOptions {
  room: string;
  product?: string;
  lang?: string;
  json?: boolean;
}

export function askCommand(): Command {
  return new Command('ask')
    .description('Says what the host of a room would answer, and why. 试问主播：会怎样回答，依据是什么。')
    .argument('[text]', 'a comment; without it, one comment a line on standard input')
    .requiredOption('--room <file>', 'room file: its products, language, rules and words apply')
    .option('--product <id>', 'the product on screen; default: the first')
    .option('--lang <language>', 'answer in this language alone; default: the comment’s', languageTag)
    .option('--json', 'print one JSON object a line')
    .addHelpText(
      'after',
      `
Nothing goes on air. An answer comes from the room's rules, from the listing, or is a line without a fact ("evasive"); "silent" says
nothing, "hostile" is never answered. "margin" is the distance to the second meaning: where it is small nobody answers.
观众的问题由房间规则、商品页回答；拿不准就给一句不含事实的话，或者不回答。

Examples:
  engine ask --room my-room.json "how heavy is it"
  engine ask --room my-room.json --lang es "cuanto pesa"
  engine ask --room my-room.json --json < comments.txt`,
    )
    .action(ask);
}

async function ask(text: string | undefined, { room: file, product, lang, json }: AskOptions): Promise<void> {
  const [{ openPreview }, { readRoomWithoutKeys }, { splitLines }] = await Promise.all([
    import('../../room/open/open-answers.js'),
    import('../../config/read-room-without-keys.js'),
    import('../../admission/texts/judge-lines.js'),
  ]);
  const read = readRoomWithoutKeys(file);
  const room = lang === undefined ? read : { ...read, replies: { ...read.replies, languages: [lang] }, language: lang };
  const preview = openPreview(room, product);
  const out = new LinePrinter();
  const answer = async (comment: string): Promise<void> => {
    const found = await preview.of(comment);
    await out.print(json === true ? JSON.stringify(found) : inWords(found));
  };
  try {
    // The model and its tables are loaded by the first comment of a show; the times below are those of the others.
    await preview.of('hello');
    if (text !== undefined) return await answer(text);
    if (process.stdin.isTTY === true) process.stderr.write('Type comments; Ctrl-D ends. 每行一条评论，Ctrl-D 结束。\n');
    for await (const line of splitLines(process.stdin)) {
      await answer(line.text);
      if (out.closed) break;
    }
    process.stdin.destroy();
  } finally {
    await preview.close();
  }
}

function inWords({ comment, outcome, answer, meaning, by, margin, source, reason, tookMs }: PreviewedAnswer): string {
  const why = [
    `${by}: ${meaning ?? 'nothing understood'}`,
    ...(margin === undefined ? [] : [`margin ${margin}`]),
    ...(source === null ? [] : [source]),
    ...(reason === undefined ? [] : [reason]),
    `${tookMs} ms`,
  ];
  return `${onOneLine(comment)}\n  ${outcome.padEnd(9)} ${answer === undefined ? '' : onOneLine(answer, 300)}\n  (${why.join('; ')})`;
}
