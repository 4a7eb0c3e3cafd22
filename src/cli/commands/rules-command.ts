import { Command, Option } from 'commander';
import { silentLog } from '../../core/log.js';
import type { Explanation } from '../../moderation/index.js';
import { languageTag } from '../options.js';
import { counted, LinePrinter, onOneLine } from '../print-lines.js';

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
