import { Command } from 'commander';
import { writeProgress } from '../terminal/safe-output.js';

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
