import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { readBank, writeBank } from '../../../src/avatar/load-presenter.js';
import type { PoseBank } from '../../../src/avatar/pose-svg.js';
import { readMusic, writeMusic } from '../../../src/audio/load-music.js';
import {
  cacheFolder,
  isOwnFolder,
  makeOwnFolder,
  openOwnFile,
  openOwnFileSync,
} from '../../../src/core/files/own-folder.js';
import { silentLog } from '../../../src/core/log.js';
import { prepareFonts } from '../../../src/scene/fonts/prepare-fonts.js';
import { openClipFile, ClipFileWriter } from '../../../src/scene/clips/clip-file.js';

const NOBODY = 65_534;
const skipRoot = process.getuid?.() === 0 ? false : 'needs root, to make files of another user';
const skip = process.platform === 'win32' ? 'needs owners of files' : false;

/** Only `sprites` and its pixels matter here. */
const bank = (grey: number): PoseBank =>
  ({
    sprites: [
      { id: 1, x: 0, y: 0, bitmap: { width: 4, height: 4, opaque: true, data: new Uint8Array(44).fill(grey) } },
    ],
  }) as unknown as PoseBank;

const music = { pcm: new Int16Array(new SharedArrayBuffer(192_000)), loudnessLufs: -16 };

function folder(t: Test): string {
  const dir = mkdtempSync(join(tmpdir(), 'showroom-own-'));
  chmodSync(dir, 0o755);
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A copy made by another user, in a folder where anybody may write. */
function preparedByNobody(from: string, to: string): void {
  chmodSync(from, 0o755);
  for (const name of readdirSync(from)) chmodSync(join(from, name), 0o644);
  mkdirSync(join(to, '..'), { recursive: true });
  chmodSync(join(to, '..'), 0o1777);
  execFileSync('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', 'cp', '-r', from, to]);
}

t.test('reads nothing from a cache prepared by another user', { skip: skipRoot }, async (t) => {
  const dir = folder(t);
  const own = join(dir, 'own');
  const shared = join(dir, 'shared', 'showroom');
  await writeBank(own, 'key', bank(7), silentLog);
  await writeMusic(own, 'key', music);
  const clip = new ClipFileWriter(join(own, 'key.clip'), 16, 16);
  clip.add(new Uint8Array((16 * 16 * 3) / 2));
  clip.end(undefined, [0]);
  t.ok(await readBank(own, 'key', silentLog), 'our own is read');
  t.ok(await readMusic(own, 'key'));
  t.ok(await openClipFile(join(own, 'key.clip')));
  preparedByNobody(own, shared);
  t.equal(statSync(join(shared, 'key.bank')).uid, NOBODY);
  t.equal(await readBank(shared, 'key', silentLog), undefined, 'presenter');
  t.equal(await readMusic(shared, 'key'), undefined, 'music');
  t.equal(await openClipFile(join(shared, 'key.clip')), undefined, 'clip');
  t.throws(() => openOwnFileSync(join(shared, 'key.clip')));
  await t.rejects(prepareFonts(shared), { code: 'E_FONT' });
  // The folder is theirs, the file is ours.
  chownSync(join(shared, 'key.bank'), 0, 0);
  t.equal(await readBank(shared, 'key', silentLog), undefined, 'a folder of another user');
  // And vice versa.
  cpSync(own, join(dir, 'mixed'), { recursive: true });
  chownSync(join(dir, 'mixed', 'key.bank'), NOBODY, NOBODY);
  t.equal(await readBank(join(dir, 'mixed'), 'key', silentLog), undefined, 'a file of another user');
});

t.test('writes nothing to a cache prepared by another user', { skip: skipRoot }, async (t) => {
  const dir = folder(t);
  const theirs = join(dir, 'theirs');
  mkdirSync(theirs);
  writeFileSync(join(dir, 'victim'), 'mine');
  symlinkSync(join(dir, 'victim'), join(theirs, `key.bank.${process.pid}.tmp`));
  chownSync(theirs, NOBODY, NOBODY);
  const warned: string[] = [];
  await writeBank(theirs, 'key', bank(7), { ...silentLog, warn: (_, message) => void warned.push(message) });
  await writeMusic(theirs, 'key', music);
  t.equal(warned.length, 1);
  t.equal(statSync(join(dir, 'victim')).size, 4);
  t.same(readdirSync(theirs), [`key.bank.${process.pid}.tmp`]);
});

t.test('follows no link, neither to read nor to write', { skip }, async (t) => {
  const dir = folder(t);
  await writeBank(dir, 'real', bank(7), silentLog);
  symlinkSync(join(dir, 'real.bank'), join(dir, 'link.bank'));
  t.equal(await readBank(dir, 'link', silentLog), undefined);
  symlinkSync(dir, join(dir, 'folder'));
  t.notOk(isOwnFolder(join(dir, 'folder')));
  t.equal(await openOwnFile(join(dir, 'folder', 'real.bank')), undefined);
  writeFileSync(join(dir, 'victim'), 'mine');
  symlinkSync(join(dir, 'victim'), join(dir, `new.bank.${process.pid}.tmp`));
  await writeBank(dir, 'new', bank(8), silentLog);
  t.equal(statSync(join(dir, 'victim')).size, 4);
  t.ok(await readBank(dir, 'new', silentLog));
});

t.test('ignores a file that others may write to; closes a folder of ours to them', { skip }, async (t) => {
  const dir = join(folder(t), 'cache');
  await writeBank(dir, 'key', bank(7), silentLog);
  t.equal(statSync(dir).mode & 0o777, 0o700);
  t.equal(statSync(join(dir, 'key.bank')).mode & 0o777, 0o600);
  chmodSync(join(dir, 'key.bank'), 0o666);
  t.equal(await readBank(dir, 'key', silentLog), undefined);
  chmodSync(dir, 0o777);
  await makeOwnFolder(dir);
  t.equal(statSync(dir).mode & 0o777, 0o700);
});

t.test('keeps the twelve banks used last', { skip }, async (t) => {
  const dir = folder(t);
  for (let i = 0; i < 14; i += 1) {
    await writeBank(dir, `key${i}`, bank(i), silentLog);
    await readBank(dir, 'key0', silentLog);
  }
  const left = readdirSync(dir);
  t.equal(left.length, 12);
  t.ok(left.includes('key0.bank') && left.includes('key13.bank'));
});

t.test('uses the next place when another user has taken the name of our cache', { skip: skipRoot }, (t) => {
  const dir = folder(t);
  const name = `showroom-${process.getuid!()}`;
  t.equal(cacheFolder('clips', {}, dir), join(dir, name, 'clips'));
  mkdirSync(join(dir, name));
  t.equal(cacheFolder('clips', {}, dir), join(dir, name, 'clips'), 'our own');
  chownSync(join(dir, name), NOBODY, NOBODY);
  t.notMatch(cacheFolder('clips', { HOME: dir }, dir), join(dir, name));
  t.end();
});
