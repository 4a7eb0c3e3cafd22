import { Command, Option } from 'commander';
import { silentLog } from '../../core/log.js';
import type { TextHit } from '../../core/verdict.js';
import { languageTag } from '../options.js';
import { LinePrinter, onOneLine } from '../print-lines.js';

interface JudgeOptions {
  lang?: string;
  source: 'speech' | 'caption' | 'reply';
  room?: string;
  json?: boolean;
}

export function judgeCommand(): Command {
  return new Command('judge')
    .description('Judges lines from standard input, one verdict a line. 逐行审核台词、字幕或回复。')
    .option(
      '--lang <language>',
      'expected language of the lines; default: the room’s, else detected per line',
      languageTag,
    )
    .addOption(
      new Option('--source <source>', 'where the lines appear')
        .choices(['speech', 'caption', 'reply'])
        .default('speech'),
    )
    .option('--room <file>', 'room file: its products, language, compliance.words and compliance.actions apply')
    .option('--json', 'print one JSON object a line: {line, verdict, hits}')
    .addHelpText(
      'after',
      `
Every line gets a verdict at once, empty lines too. Positions are UTF-16 offsets in the line. Without --lang and --room no
line counts as the wrong language (rule 5.6). The exit code is 0 whatever the verdicts are.

Examples:
  echo "Add me on WhatsApp +1 415 555 2671" | engine judge
  engine judge --lang zh --source reply --json < replies.txt
  engine judge --room my-room.json < script.txt`,
    )
    .action(judge);
}

async function judge({ lang, source, room: file, json }: JudgeOptions): Promise<void> {
  const [{ LineJudge, splitLines }, { readRoomWithoutKeys }, { ruleActions }, { ownWords }] = await Promise.all([
    import('../../admission/texts/judge-lines.js'),
    import('../../config/read-room-without-keys.js'),
    import('../../admission/texts/room-rule-actions.js'),
    import('../../admission/texts/room-rule-actions.js'),
  ]);
  const room = file === undefined ? undefined : readRoomWithoutKeys(file);
  // `engine check` warns about actions weaker than the table; here each hit shows its action.
  const actions = room && ruleActions(room, silentLog);
  if (process.stdin.isTTY === true) process.stderr.write('Type lines to judge; Ctrl-D ends.\n');
  const lines = new LineJudge({
    surface: source,
    language: lang ?? room?.language,
    entry: room?.products,
    actions,
    own: room && ownWords(room),
  });
  const out = new LinePrinter();
  for await (const line of splitLines(process.stdin)) {
    const { verdict, hits } = lines.judgeLine(line);
    await out.print(
      json === true
        ? JSON.stringify({ line: line.text, verdict, hits })
        : [verdict.padEnd(10), onOneLine(line.text), ...hits.slice(0, 8).map(hitInWords)].join(' ').trimEnd(),
    );
    if (out.closed) break;
  }
  // When nobody reads the output any more, the open input must not keep the process alive.
  process.stdin.destroy();
}

const hitInWords = ({ rule, kind, action, match }: TextHit): string =>
  `[${rule} ${kind} "${onOneLine(match, 40)}" → ${action}]`;
