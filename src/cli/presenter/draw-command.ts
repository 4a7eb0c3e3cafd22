import { Command } from 'commander';

interface DrawOptions {
  readonly out: string;
  readonly look?: string;
}

export const drawCommand = (): Command =>
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
