import { Command, Option } from 'commander';
import { silentLog } from '../../core/log.js';
import type { TextHit } from '../../core/verdict.js';
import { languageTag } from '../parse-language.js';
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
      'language the lines should be in; without it the room’s, else that of each line',
      languageTag,
    )
    .addOption(
      new Option('--source <source>', 'where the lines are to be met')
        .choices(['speech', 'caption', 'reply'])
        .default('speech'),
    )
    .option(
      '--room <file>',
      'room file: its products and its language are what the lines are held against, its compliance.words count too, its compliance.actions are what is done',
    )
    .option('--json', 'print one JSON object a line: {line, verdict, hits}')
    .addHelpText(
      'after',
      `
Every line gets its answer at once, empty ones too. Places are UTF-16 offsets in the line. Without --lang and --room no
line is in the wrong language (rule 5.6). The exit code is 0 whatever the verdicts are.

Examples:
  echo "Add me on WhatsApp +1 415 555 2671" | engine judge
  engine judge --lang zh --source reply --json < replies.txt
  engine judge --room my-room.json < script.txt`,
    )
    .action(judge);
}

async function judge({ lang, source, room: file, json }: JudgeOptions): Promise<void> {
  const [{ LineJudge, splitLines }, { readRoomWithoutKeys }, { ruleActions }, { ownWords }] = await Promise.all([
    import('../../engine/texts/judge-lines.js'),
    import('../../engine/check/read-room-without-keys.js'),
    import('../../engine/texts/room-rule-actions.js'),
    import('../../engine/texts/own-words.js'),
  ]);
  const room = file === undefined ? undefined : readRoomWithoutKeys(file);
  // What is weaker than the table is for `engine check` to say; here each hit shows it.
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
  // A pipe that nobody reads any more must not keep the process waiting for the one that is still written.
  process.stdin.destroy();
}

const hitInWords = ({ rule, kind, action, match }: TextHit): string =>
  `[${rule} ${kind} "${onOneLine(match, 40)}" → ${action}]`;
