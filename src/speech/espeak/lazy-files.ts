import { openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { EspeakModule, MemoryFile } from './espeak-module.js';

/** Larger files are read from disk when they are opened. */
const LAZY_BYTES = 16 * 1024;
/** Dictionaries of the last few languages stay in memory. */
const KEPT = 3;
const DATA = '/usr/share/espeak-ng-data';

/**
 * The package keeps the data of all its languages (24 MB, of which two dictionaries are 14) in memory. A room speaks
 * one or two, so each large file is dropped and read again from the package's data file when the synthesiser opens it.
 */
export function makeFilesLazy(module: EspeakModule): void {
  const data = join(
    dirname(createRequire(import.meta.url).resolve('@echogarden/espeak-ng-emscripten')),
    'espeak-ng.data',
  );
  const fd = openSync(data, 'r');
  const kept: { file: MemoryFile; bytes: Uint8Array }[] = [];
  const read = (file: MemoryFile, offset: number, length: number): Uint8Array => {
    const known = kept.find((k) => k.file === file);
    if (known !== undefined) return known.bytes;
    const bytes = new Uint8Array(length);
    let got = 0;
    while (got < length) {
      const n = readSync(fd, bytes, got, length - got, offset + got);
      if (n === 0) throw new Error(`the speech data file ends early: ${data}`);
      got += n;
    }
    if (kept.length === KEPT) kept.shift();
    kept.push({ file, bytes });
    return bytes;
  };
  const visit = (dir: string): void => {
    for (const name of module.FS.readdir(dir)) {
      if (name === '.' || name === '..') continue;
      const path = `${dir}/${name}`;
      if (module.FS.isDir(module.FS.stat(path).mode)) {
        visit(path);
        continue;
      }
      const file = module.FS.lookupPath(path).node;
      const { byteOffset, length } = file.contents;
      if (length <= LAZY_BYTES) file.contents = file.contents.slice();
      else Object.defineProperty(file, 'contents', { get: () => read(file, byteOffset, length) });
    }
  };
  visit(DATA);
}
