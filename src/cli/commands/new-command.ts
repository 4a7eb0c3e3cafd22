import { join, relative, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type Platform, PLATFORMS } from '../../config/sections/platform.js';
import type { Orientation } from '../../config/templates/template.js';
import { EngineError } from '../../core/errors.js';
import { houseRooms, newRoom } from '../../templates/new-room.js';
import { languageTag } from '../options.js';
import { counted, onOneLine } from '../print-lines.js';
import { writeProgress } from '../terminal/safe-output.js';
import { terminalLanguage } from '../terminal/terminal-language.js';

interface ListOptions {
  html?: string;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  engine template list
  engine template list --html templates.html`;

export function templateCommand(): Command {
  const command = new Command('template')
    .description('Lists the templates that `engine new` makes rooms from. 直播间模板。')
    .addHelpText('after', EXAMPLES);
  command
    .command('list')
    .description('Names, categories and pictures of all templates. 列出全部模板。')
    .option('--html <file>', 'write a page with two pictures of each, by day and at night')
    .option('--json', 'print one JSON array instead of text')
    .addHelpText('after', EXAMPLES)
    .action(list);
  return command;
}

async function list({ html, json }: ListOptions): Promise<void> {
  const { listTemplates } = await import('../../templates/list-templates.js');
  const templates = listTemplates();
  if (html !== undefined) {
    const [{ templatesPage }, { replaceFile }] = await Promise.all([
      import('../../templates/templates-page.js'),
      import('../../core/files/replace-file.js'),
    ]);
    const onTerminal = process.stderr.isTTY;
    const page = await templatesPage(templates, (done) => {
      if (onTerminal) writeProgress(process.stderr, `${done}/${templates.length}`);
    });
    if (onTerminal) writeProgress(process.stderr, '');
    await replaceFile(html, page, { mode: 0o644 });
    process.stderr.write(`Wrote ${html} 已生成页面\n`);
  }
  if (json === true) process.stdout.write(`${JSON.stringify(templates, null, 2)}\n`);
  else if (html === undefined) {
    const lines = templates.map(
      ({ name, category, presenter }) =>
        `${name.padEnd(22)}${category.en.padEnd(24)}${presenter.padEnd(10)}${category.zh}`,
    );
    process.stdout.write(`${lines.join('\n')}\n\nengine new my-room --template ${templates[0]!.name}\n`);
  }
}

interface NewOptions {
  from?: string;
  template?: string;
  language?: string;
  languages?: string[];
  orientation?: Orientation;
  products?: string[];
  brand?: string;
  logo?: string;
  platform?: Platform;
}

const ORIENTATIONS: readonly Orientation[] = ['portrait', 'landscape'];
const MAX_REMARKS = 20;
/** Of a line of 16 Mbit/s. */
const USUAL_BYTES_A_MINUTE = 120e6;
const DEFAULT_ROOM = 'demo-portrait';
/** Options that only a template takes. */
const TEMPLATE_OPTIONS = ['language', 'languages', 'orientation', 'products', 'brand', 'logo', 'platform'] as const;

export function newCommand(): Command {
  return new Command('new')
    .description('Makes a room of your own, with all its files. 新建自己的直播间（含全部素材）。')
    .argument('<name>', 'folder to create; its last part becomes the room’s name')
    .option('--from <room>', `room to copy (default: ${DEFAULT_ROOM})`)
    .option('--template <name>', 'template to make the room from (engine template list)')
    .option('--language <language>', 'language of a room from a template (default: en)', languageTag)
    .option('--languages <list>', 'a show of several rooms, one a language: en,es,ar', languageList)
    .addOption(new Option('--orientation <orientation>', 'portrait (default) or landscape').choices(ORIENTATIONS))
    .option('--products <file...>', 'product files in place of the placeholders (engine product makes them)')
    .option('--brand <colour>', 'brand colour "#rrggbb"; texts stay readable on it', brandColour)
    .option('--logo <file>', 'picture of your logo')
    .addOption(
      new Option('--platform <platform>', 'platform whose buttons the texts keep clear of').choices(
        Object.keys(PLATFORMS),
      ),
    )
    .addHelpText('after', () => {
      const rooms = houseRooms().map(({ name, about }) => `  ${name.padEnd(16)}${about}`);
      return `
Rooms to copy 可复制的直播间:
${rooms.join('\n')}

Examples:
  engine new my-room
  engine new my-room --from demo-landscape
  engine new my-kitchen --template kitchen --language es
  engine new spring-sale --template kitchen --languages en,es,ar --products mug.json
  engine new my-shop --template jewellery --orientation landscape --products ring.json --brand '#7a2f4f' --logo logo.svg`;
    })
    .action(make);
}

function brandColour(text: string): string {
  if (/^#[0-9a-f]{6}$/i.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError(`expected a colour as "#rrggbb", found "${text}".`);
}

async function make(name: string, options: NewOptions): Promise<void> {
  const { from, template, language = 'en', languages: _, orientation = 'portrait', ...more } = options;
  if (template === undefined) {
    const wrong = TEMPLATE_OPTIONS.find((key) => options[key] !== undefined);
    if (wrong !== undefined)
      throw refuse(`--${wrong}`, 'a template as well', 'no --template', 'engine template list shows them');
    const room = from ?? DEFAULT_ROOM;
    report(newRoom(name, room), `a copy of ${room} with all its files`);
    return;
  }
  if (from !== undefined) throw refuse('engine new', 'either --from or --template', 'both');
  const { newFromTemplate } = await import('../../templates/new-from-template.js');
  const remarks: string[] = [];
  const onRemark = (text: string): void => void remarks.push(text);
  const { languages } = options;
  if (languages !== undefined) {
    const [{ writeShow }, { mkdir }] = await Promise.all([
      import('../../fleet/show-file.js'),
      import('node:fs/promises'),
    ]);
    await mkdir(name);
    for (const one of languages)
      await newFromTemplate(join(name, one), { template, language: one, orientation, ...more, onRemark });
    const show = await writeShow(resolve(name), languages);
    reportShow(show, name, languages);
    for (const text of remarks.slice(0, MAX_REMARKS)) process.stderr.write(`! ${onOneLine(text, 400)}\n`);
    return;
  }
  const made = await newFromTemplate(name, { template, language, orientation, ...more, onRemark });
  report(made, `from the template ${template}`);
  for (const text of remarks.slice(0, MAX_REMARKS)) process.stderr.write(`! ${onOneLine(text, 400)}\n`);
  if (remarks.length > MAX_REMARKS) process.stderr.write(`! …and ${remarks.length - MAX_REMARKS} more\n`);
  await offerVoice(language);
}

/** Where a human voice for the language is not installed: says so, and at a terminal offers to install it. */
async function offerVoice(language: string): Promise<void> {
  const { missingVoice } = await import('../../check/missing-models.js');
  const missing = missingVoice(language);
  if (missing === undefined) return;
  const reader = terminalLanguage(process.env);
  process.stdout.write(`\n${missing.text[reader]}\n`);
  if (!process.stdin.isTTY || !process.stderr.isTTY) return;
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const minutes = Math.max(1, Math.ceil(missing.bytes / USUAL_BYTES_A_MINUTE));
  const question =
    reader === 'zh'
      ? `现在安装吗？约 ${minutes} 分钟 [Y/n] `
      : `Install it now? About ${counted(minutes, 'minute')} [Y/n] `;
  const answer = await lines.question(question).finally(() => lines.close());
  if (/^\s*(n|no|否|不)\s*$/i.test(answer)) return;
  const [{ installWithProgress }, { reportFailure }] = await Promise.all([
    import('./model-command.js'),
    import('../report-failure.js'),
  ]);
  // The room is made; a voice can be installed later.
  await installWithProgress(missing.model).catch(reportFailure);
}

const refuse = (where: string, expected: string, found: string, todo?: string): EngineError =>
  new EngineError('E_BAD_REQUEST', { where, expected, found, ...(todo === undefined ? {} : { todo }) });

function languageList(text: string): string[] {
  const languages = [...new Set(text.split(',').map((one) => languageTag(one.trim())))];
  if (languages.length <= 20) return languages;
  throw new InvalidArgumentError(`expected at most 20 languages, found ${languages.length}.`);
}

function reportShow(file: string, name: string, languages: readonly string[]): void {
  process.stdout
    .write(`Made ${relative(process.cwd(), file)}, a show of ${counted(languages.length, 'room')} (已建好多语言直播).

  Each room has its own presenter and destinations (各房间可单独设置主播与平台). Then:
  engine check ${name}/${languages[0]}/room.json
  engine fleet submit ${name} --key fleet.key
`);
}

function report(file: string, about: string): void {
  const path = relative(process.cwd(), file) || file;
  const shown = /[^\w./-]/.test(path) ? JSON.stringify(path) : path;
  process.stdout.write(`Made ${path}, ${about} (已建好直播间).

  Change it in an editor (用编辑器修改), then:
  engine check ${shown}
  engine start --room ${shown}
`);
}
