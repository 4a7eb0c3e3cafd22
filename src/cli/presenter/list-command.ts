import { Command } from 'commander';
import { writeProgress } from '../terminal/safe-output.js';

interface ListOptions {
  readonly html?: string;
  readonly json?: boolean;
}

export const listCommand = (): Command =>
  new Command('list')
    .description('Names and descriptions of all embedded presenters. 列出全部主播。')
    .option('--html <file>', 'write a page with a portrait of each')
    .option('--json', 'print one JSON array instead of text')
    .addHelpText('after', '\nExamples:\n  engine presenter list\n  engine presenter list --html presenters.html')
    .action(list);

async function list({ html, json }: ListOptions): Promise<void> {
  const { listCast } = await import('../../avatar/list-cast.js');
  const people = await listCast();
  if (html !== undefined) {
    const [{ castPage }, { replaceFile }] = await Promise.all([
      import('../../templates/cast-page.js'),
      import('../../core/files/replace-file.js'),
    ]);
    const page = await castPage(people, (done) => {
      if (process.stderr.isTTY) writeProgress(process.stderr, `${done}/${people.length}`);
    });
    await replaceFile(html, page, { mode: 0o644 });
    if (process.stderr.isTTY) writeProgress(process.stderr, '');
    process.stderr.write(`Wrote ${html} 已生成页面\n`);
  }
  if (json === true) {
    const entries = people.map(({ dir: _dir, ...rest }) => rest);
    process.stdout.write(`${JSON.stringify(entries, null, 2)}\n`);
  } else if (html === undefined) {
    const lines = people.map(({ name, country = '', ageYears, gender = '', about }) =>
      `${name.padEnd(12)}${country.padEnd(4)}${String(ageYears).padEnd(4)}${gender.padEnd(8)}${about.en} ${about.zh}`.trimEnd(),
    );
    process.stdout.write(`${lines.join('\n')}\n\nIn a room file: "presenter": "${people[0]!.name}"\n`);
  }
}
