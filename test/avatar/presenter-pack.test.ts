import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { readPresenterPack } from '../../src/avatar/presenter-pack.js';
import { presenterSpec } from '../../src/cast/presenter-spec.js';
import { writePack } from '../../src/cast/write-pack.js';
import { templatePath } from '../../src/core/files/paths.js';

/** A complete pack with drawings of its own. */
const drawn = t.testdir();
await writePack(
  presenterSpec.parse(JSON.parse(readFileSync(templatePath('presenters', 'mei', 'pack.json'), 'utf8'))),
  drawn,
);
const copyOf = (t: Test): string => {
  const dir = t.testdir();
  cpSync(drawn, dir, { recursive: true });
  return dir;
};
const edit = (dir: string, change: (pack: Record<string, unknown>) => void): void => {
  const file = join(dir, 'pack.json');
  const pack = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  change(pack);
  writeFileSync(file, JSON.stringify(pack));
};

t.test('accepts the three built-in packs, with an adult age in each', async (t) => {
  for (const name of ['mei', 'leo', 'amara']) {
    const { manifest, hash } = await readPresenterPack(templatePath('presenters', name));
    t.equal(manifest.name, name);
    t.ok(manifest.ageYears >= 18);
    t.match(hash, /^[0-9a-f]{64}$/);
  }
});

t.test('refuses a presenter under 18', async (t) => {
  const dir = copyOf(t);
  edit(dir, (pack) => (pack['ageYears'] = 17));
  await t.rejects(readPresenterPack(dir), { code: 'E_PRESENTER_INVALID', where: /pack\.json: ageYears/, found: '17' });
  edit(dir, (pack) => delete pack['ageYears']);
  await t.rejects(
    readPresenterPack(dir),
    { code: 'E_PRESENTER_INVALID', where: /ageYears/ },
    'and so is one without an age',
  );
});

t.test('names a missing part with its file', async (t) => {
  const dir = copyOf(t);
  rmSync(join(dir, 'parts', 'mouths.svg'));
  await t.rejects(readPresenterPack(dir), {
    code: 'E_PRESENTER_INVALID',
    message: /parts\/mouths\.svg/,
    found: 'no such file',
  });
});

t.test('names a missing group with its file', async (t) => {
  const dir = copyOf(t);
  const file = join(dir, 'parts', 'eyes.svg');
  writeFileSync(file, readFileSync(file, 'utf8').replace('id="closed"', 'id="shut"'));
  await t.rejects(readPresenterPack(dir), { code: 'E_PRESENTER_INVALID', where: file, expected: /"closed"/ });
});

t.test('refuses a folder without a pack, a broken pack, and unknown keys', async (t) => {
  await t.rejects(readPresenterPack(t.testdir()), { code: 'E_PRESENTER_INVALID', found: 'no such file' });
  const dir = copyOf(t);
  edit(dir, (pack) => (pack['colour'] = 'red'));
  await t.rejects(readPresenterPack(dir), { code: 'E_PRESENTER_INVALID', message: /colour/ });
  writeFileSync(join(dir, 'pack.json'), '{');
  await t.rejects(readPresenterPack(dir), { code: 'E_PRESENTER_INVALID', expected: 'JSON' });
});

t.test('refuses parts outside the pack and references outside the drawing', async (t) => {
  const dir = copyOf(t);
  edit(dir, (pack) => ((pack['parts'] as Record<string, string>)['body'] = '../../../etc/passwd'));
  await t.rejects(readPresenterPack(dir), { code: 'E_PRESENTER_INVALID', where: /parts\.body/ });

  const evil = [
    '<script>1</script>',
    '<image href="http://example.com/a.png"/>',
    '<use href="file:///etc/passwd#a"/>',
    '<rect fill="url(http://example.com/a.svg#b)"/>',
    '<rect onload="x()"/>',
    '<text x="500">WhatsApp 4155552671</text>',
    '<s:text xmlns:s="http://www.w3.org/2000/svg">微信</s:text>',
  ];
  for (const [i, content] of evil.entries()) {
    const bad = t.testdir();
    cpSync(drawn, bad, { recursive: true });
    const file = join(bad, 'parts', 'body.svg');
    writeFileSync(file, `<svg xmlns="http://www.w3.org/2000/svg">\n${content}</svg>`);
    await t.rejects(readPresenterPack(bad), { code: 'E_SVG_UNSAFE', where: `${file}:2` }, evil[i]!);
  }
});
