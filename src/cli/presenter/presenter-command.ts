import { Command } from 'commander';
import { writeProgress } from '../terminal/safe-output.js';
import { filmCommand } from './film-command.js';
import { measureCommand } from './measure-command.js';

interface DrawOptions {
  readonly out: string;
  readonly look?: string;
}

const drawCommand = (): Command =>
  new Command('draw')
    .description('Writes a presenter as a pack with its drawings, to change by hand. 导出主播的全部图形。')
    .argument('<name>', 'an embedded presenter, or the folder of a pack with a spec')
    .requiredOption('--out <folder>', 'folder of the new pack')
    .option('--look <name>', 'a look of its wardrobe, or an outfit of the library')
    .addHelpText('after', '\nExample:\n  engine presenter draw aiko --look festival --out my-aiko')
    .action(draw);

async function draw(name: string, { out, look }: DrawOptions): Promise<void> {
  const [
    { readPresenterCard, readPresenterPack },
    { resolvePack },
    { writePack },
    { lookNamed },
    { EngineError },
    path,
  ] = await Promise.all([
    import('../../avatar/presenter-pack.js'),
    import('../../config/resolve-room.js'),
    import('../../cast/write-pack.js'),
    import('../../cast/spec-pack.js'),
    import('../../core/errors.js'),
    import('node:path'),
  ]);
  const dir = resolvePack(name, (ref) => path.resolve(ref));
  const { spec } = await readPresenterCard(dir);
  if (spec === undefined)
    throw new EngineError('E_PRESENTER_INVALID', {
      where: path.join(dir, 'pack.json'),
      expected: 'a presenter made from a spec',
      found: 'a pack that has its drawings already',
    });
  await readPresenterPack(dir, look); // an unknown look is refused with the known ones
  const files = await writePack(spec, out, look === undefined ? undefined : lookNamed(spec, look));
  process.stderr.write(`Wrote ${files.length} files to ${out} 已导出\n`);
}

interface ListOptions {
  readonly html?: string;
  readonly json?: boolean;
}

const listCommand = (): Command =>
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

/** The subcommands of `engine presenter`, in the order of its help. */
const SUBCOMMANDS = [listCommand, drawCommand, filmCommand, measureCommand];

export function presenterCommand(): Command {
  const command = new Command('presenter')
    .description('Lists, draws, films and measures presenters. 数字人主播。')
    .addHelpText(
      'after',
      '\nExamples:\n  engine presenter list --html presenters.html\n  engine presenter film --base silent.mp4 --out presenters/ana --consent ana-consent.json',
    );
  for (const make of SUBCOMMANDS) command.addCommand(make());
  return command;
}
