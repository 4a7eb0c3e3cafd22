import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { readMusic, writeMusic } from '../../src/audio/load-music.js';
import { readBank, writeBank } from '../../src/avatar/load-presenter.js';
import type { PoseBank } from '../../src/avatar/pose-svg.js';
import { makeFolder } from '../../src/core/files/paths.js';
import {
  cacheFolder,
  isOwnFolder,
  makeOwnFolder,
  openOwnFile,
  openOwnFileSync,
} from '../../src/core/files/own-folder.js';
import { readRegularFile } from '../../src/core/files/regular-file.js';
import { replaceFile, syncFolder } from '../../src/core/files/replace-file.js';
import { silentLog } from '../../src/core/log.js';
import { isLoopbackHost } from '../../src/core/net/public-address.js';
import { maskUrl, withoutSecret } from '../../src/core/secrets.js';
import { ClipFileWriter, openClipFile } from '../../src/scene/clips/clip-file.js';
import { prepareFonts } from '../../src/scene/fonts/prepare-fonts.js';
import { fullDisk } from '../compliance/ledger/full-disk.js';

t.test('cache folder', async (t) => {
  t.test('caches follow XDG_CACHE_HOME, else are in a folder of the user', async (t) => {
    t.equal(cacheFolder('pictures', { XDG_CACHE_HOME: '/c' }), '/c/showroom/pictures');
    for (const env of [{}, { XDG_CACHE_HOME: '' }]) t.match(cacheFolder('clips', env), /showroom-\w+[\\/]clips$/);
  });

  t.test('leaves a folder that is a link, or of another user', { skip: process.platform === 'win32' }, async (t) => {
    const base = t.testdir({ target: {}, linked: {}, kind: { showroom: {} }, foreign: { showroom: {} } });
    symlinkSync(join(base, 'target'), join(base, 'linked', 'showroom'));
    symlinkSync(join(base, 'target'), join(base, 'kind', 'showroom', 'presenters'));
    const under = (name: string): string => cacheFolder('presenters', { XDG_CACHE_HOME: join(base, name) });
    t.notOk(under('linked').startsWith(base), 'a link above');
    t.notOk(under('kind').startsWith(base), 'a link itself');
    t.ok(cacheFolder('clips', { XDG_CACHE_HOME: join(base, 'kind') }).startsWith(base), 'beside it');
    if (process.getuid?.() !== 0) return;
    chownSync(join(base, 'foreign', 'showroom'), 65_534, 65_534);
    t.notOk(under('foreign').startsWith(base), 'of another user');
  });

  t.test('a folder of an earlier version is closed to others', { skip: process.platform === 'win32' }, async (t) => {
    const dir = join(t.testdir(), 'presenters');
    mkdirSync(dir, { mode: 0o755 });
    await makeOwnFolder(dir);
    t.equal(statSync(dir).mode & 0o777, 0o700);
  });
});

t.test('make folder', async (t) => {
  t.test('creates a folder with its parents, and returns the topmost new one', async (t) => {
    const dir = t.testdir();
    t.equal(await makeFolder(join(dir, 'a', 'b', 'c'), 0o700), join(dir, 'a'));
    t.equal(statSync(join(dir, 'a', 'b')).mode & 0o777, 0o700);
    t.equal(await makeFolder(join(dir, 'a', 'b')), undefined);
    t.equal(await makeFolder(join(dir, 'a', 'd')), join(dir, 'a', 'd'));
  });

  t.test('concurrent calls create it once', async (t) => {
    const dir = join(t.testdir(), 'x', 'y');
    await Promise.all(Array.from({ length: 8 }, () => makeFolder(dir)));
    t.ok(existsSync(dir));
  });

  t.test('ends with the cause where no folder can be created', async (t) => {
    const dir = t.testdir({ file: '' });
    await t.rejects(makeFolder('/proc/none/room'), { code: 'ENOENT' });
    await t.rejects(makeFolder(join(dir, 'file')), { code: 'EEXIST' });
    await t.rejects(makeFolder(join(dir, 'file', 'x')), { code: 'ENOTDIR' });
  });
});

t.test('own folder', async (t) => {
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
});

t.test('regular file', async (t) => {
  const dir = t.testdir({ inside: { a: 'abc', empty: '' }, outside: 'secret' });
  const inside = join(dir, 'inside');

  t.test('reads a regular file up to its bound', async (t) => {
    t.equal((await readRegularFile(join(inside, 'a'), { maxBytes: 3 })).toString(), 'abc');
    t.equal((await readRegularFile(join(inside, 'empty'), { maxBytes: 3 })).length, 0);
    await t.rejects(readRegularFile(join(inside, 'a'), { maxBytes: 2 }), { code: 'too-large' });
    const large = Buffer.alloc(3_000_000, 7);
    writeFileSync(join(inside, 'large'), large);
    t.ok((await readRegularFile(join(inside, 'large'), { maxBytes: 3_000_000 })).equals(large));
  });

  t.test('reads no folder, no device, no pipe and no file of an endless system', async (t) => {
    await t.rejects(readRegularFile(inside, { maxBytes: 9 }), { code: 'no-file', found: 'a folder' });
    await t.rejects(readRegularFile(join(dir, 'none'), { maxBytes: 9 }), { code: 'missing' });
    if (process.platform === 'win32') return;
    await t.rejects(readRegularFile('/dev/zero', { maxBytes: 9 }), { code: 'no-file' });
    const pipe = join(dir, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await t.rejects(readRegularFile(pipe, { maxBytes: 9 }), { code: 'no-file' });
    // Its size is reported as 0.
    if (process.platform === 'linux')
      await t.rejects(readRegularFile('/proc/self/maps', { maxBytes: 9 }), { code: 'too-large' });
  });

  t.test('follows links by where they really lead', { skip: process.platform === 'win32' }, async (t) => {
    symlinkSync(join(dir, 'outside'), join(inside, 'out'));
    symlinkSync('a', join(inside, 'in'));
    const options = { maxBytes: 99, within: inside };
    t.equal((await readRegularFile(join(inside, 'in'), options)).toString(), 'abc');
    await t.rejects(readRegularFile(join(inside, 'out'), options), { code: 'outside' });
    await t.rejects(readRegularFile(join(inside, '..', 'outside'), options), { code: 'outside' });
    symlinkSync(inside, join(dir, 'linked'));
    const linked = join(dir, 'linked');
    t.equal((await readRegularFile(join(linked, 'a'), { ...options, within: linked })).toString(), 'abc');
  });
});

t.test('replace file', async (t) => {
  t.test('replaces a file atomically, and a full disk leaves the old one unchanged', async (t) => {
    const disk = await fullDisk(t);
    const file = join(t.testdir(), 'state.json');
    await replaceFile(file, 'old', { mode: 0o600 });
    t.equal(statSync(file).mode & 0o777, 0o600);
    disk.full = true;
    await t.rejects(replaceFile(file, 'new'), { code: 'ENOSPC' });
    t.equal(readFileSync(file, 'utf8'), 'old');
    t.same(readdirSync(join(file, '..')), ['state.json']);
    disk.full = false;
    await replaceFile(file, new Uint8Array([110]), { draft: `${file}.part` });
    t.equal(readFileSync(file, 'utf8'), 'n');
  });

  t.test('a missing folder cannot be synced', async (t) => {
    await t.rejects(syncFolder(join(t.testdir(), 'none')), { code: 'ENOENT' });
  });
});

t.test('secrets', async (t) => {
  t.test('masks a key that is the first part of a path, and everything after the app', (t) => {
    t.equal(maskUrl('http://ntfy.example/SECRETtopic'), 'http://ntfy.example/***');
    t.equal(maskUrl('rtmp://host/KEY'), 'rtmp://host/***');
    t.equal(maskUrl('rtmp://host/app/KEY?x=1'), 'rtmp://host/app/***');
    t.equal(maskUrl('https://user:pw@host:8443/hook?key=K'), 'https://host:8443/***');
    t.equal(maskUrl('https://host'), 'https://host');
    t.equal(maskUrl('https://host?key=K'), 'https://host/***');
    t.equal(maskUrl('no address'), '***');
    t.end();
  });

  t.test('stars a key in every form that a server may repeat', (t) => {
    const key = 'sk-secret/key+0123456789';
    const base64 = (text: string): string => Buffer.from(text).toString('base64');
    const texts = [
      key,
      encodeURIComponent(key),
      Buffer.from(key).toString('hex'),
      base64(key),
      Buffer.from(key).toString('base64url'),
      base64(`Bearer ${key}`),
      base64(`x${key}yz`),
      base64(`xy${key}`),
    ];
    for (const text of texts) {
      const shown = withoutSecret(`invalid ${text}.`, key);
      t.match(shown, /\*\*\*/, text);
      // No more than the neighbours' letters are left.
      const left = Buffer.from(shown.replace('invalid ', ''), 'base64').toString('latin1');
      t.notMatch(left, /secret|0123456/, text);
      t.notMatch(shown, /secret|0123456/, text);
    }
    t.equal(withoutSecret('a text', undefined), 'a text');
    t.end();
  });

  t.test('knows the host names of this machine', (t) => {
    for (const host of ['localhost', 'LOCALHOST:80', '127.0.0.1', '127.1.2.3:8080', '[::1]', '[::1]:80', '::1'])
      t.ok(isLoopbackHost(host), host);
    for (const host of [
      '',
      '127.999.999.999',
      '127.0.0.1.evil.example',
      '127.0.0',
      'localhost.evil',
      '[::2]',
      '0.0.0.0',
      '127.0.0.1:x',
    ])
      t.notOk(isLoopbackHost(host), host);
    t.end();
  });
});
