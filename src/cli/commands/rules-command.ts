import { Command, Option } from 'commander';
import { silentLog } from '../../core/log.js';
import type { TextHit } from '../../core/verdict.js';
import type { Explanation } from '../../moderation/index.js';
import { languageTag } from '../options.js';
import { counted, LinePrinter, onOneLine } from '../print-lines.js';

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

interface ExplainOptions {
  lang?: string;
  room?: string;
  source: 'speech' | 'caption' | 'reply';
  json?: boolean;
}

export function rulesCommand(): Command {
  return new Command('rules')
    .description('Explains a verdict on a text, and checks rule packs. 解释文字审核结果，校验规则词库。')
    .addCommand(explainCommand())
    .addCommand(checkCommand())
    .addHelpText(
      'after',
      `
Examples:
  engine rules explain "Message me on WhatsApp" --lang en
  engine rules check templates/rules`,
    );
}

function explainCommand(): Command {
  return new Command('explain')
    .description('Shows which rules, words and odds lead to the verdict on a text')
    .argument('<text>', 'the line, in quotes')
    .option('--lang <language>', 'expected language; default: the room’s, else English', languageTag)
    .option('--room <file>', 'room file: its products, compliance.words and compliance.actions apply')
    .addOption(
      new Option('--source <source>', 'where the text appears')
        .choices(['speech', 'caption', 'reply'])
        .default('speech'),
    )
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Odds are logarithms: above 0 a violation is likelier than not.

Examples:
  engine rules explain "Message me on WhatsApp"
  engine rules explain "加我微信" --lang zh --room my-room.json --json`,
    )
    .action(explain);
}

function checkCommand(): Command {
  return new Command('check')
    .description(
      'Checks the rule packs of a folder: schema, sets, lines that must break the rule and lines that must not',
    )
    .argument('<dir>', 'folder with <rule>/<language>.json')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
A pack is judged together with the project’s own packs and replaces the one of its rule and language. Exit code 1 on any
fault.

Examples:
  engine rules check templates/rules
  engine rules check my-rules --json`,
    )
    .action(check);
}

async function explain(text: string, { lang, room: file, source, json }: ExplainOptions): Promise<void> {
  const [{ explainText }, { readRoomWithoutKeys }, { ruleActions }, { ownWords }] = await Promise.all([
    import('../../moderation/index.js'),
    import('../../config/read-room-without-keys.js'),
    import('../../admission/texts/room-rule-actions.js'),
    import('../../admission/texts/room-rule-actions.js'),
  ]);
  const room = file === undefined ? undefined : readRoomWithoutKeys(file);
  const explanation = explainText(text, {
    surface: source,
    language: lang ?? room?.language ?? 'en',
    entry: room?.products,
    actions: room && ruleActions(room, silentLog),
    own: room && ownWords(room),
  });
  const out = new LinePrinter();
  if (json === true) return out.print(JSON.stringify(explanation));
  for (const line of inWords(explanation)) await out.print(line);
}

function inWords({ verdict, words, forgiven, sets, allowed, model }: Explanation): string[] {
  const quoted = (match: string): string => `"${onOneLine(match, 80)}"`;
  return [
    `verdict: ${verdict.verdict}`,
    ...verdict.hits.map((h) => `  rule ${h.rule}, ${h.kind}: ${quoted(h.match)} → ${h.action}`),
    ...words.map(
      (w) =>
        `word of ${w.pack}, ${w.where}: ${quoted(w.match)}${w.dropped ? ' (dropped: by the line model, an excuse or compliance.words.allow)' : ''}`,
    ),
    ...forgiven.map((match) => `excused by its context: ${quoted(match)}`),
    ...allowed.map((match) => `allowed by compliance.words: ${quoted(match)}`),
    ...(sets.length === 0 ? [] : [`sets: ${sets.map(({ set, match }) => `${set} ${quoted(match)}`).join(', ')}`]),
    `line model: odds ${model.line} for the whole line; ${model.rules.map(({ rule, odds }) => `${rule} ${odds}`).join(', ')}; ` +
      `together ${model.together} (a hit without words above ${model.addAt}; words are dropped where the line is below ${model.dropAt})`,
  ];
}

async function check(dir: string, { json }: { json?: boolean }): Promise<void> {
  const { checkRulePacks } = await import('../../check/check-rule-packs.js');
  const report = checkRulePacks(dir);
  if (report.faults.length > 0) process.exitCode = 1;
  const out = new LinePrinter();
  if (json === true) return out.print(JSON.stringify(report));
  for (const { where, expected, found } of report.faults)
    await out.print(`✗ ${where}: expected ${expected}, found ${onOneLine(found, 120)}`);
  const { packs, terms, trip, pass, faults } = report;
  const mark = faults.length === 0 ? '✓' : '✗';
  await out.print(
    `${mark} ${dir}: ${counted(packs, 'pack')}, ${counted(terms, 'term')}, ${counted(trip, 'line')} that must break a rule, ` +
      `${counted(pass, 'line')} that must not, ${counted(faults.length, 'fault')}`,
  );
}
