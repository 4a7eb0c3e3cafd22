import { webAssembly, type WasmMemory, type WasmModule } from './web-assembly.js';

/**
 * Runs a command-line program compiled to WASI preview 1 in isolation: it sees only its arguments, a stopped clock, an
 * output file in memory and the two output streams.
 *
 * `node:wasi` is not used: Node 20 crashes (SIGSEGV) in a third to most of the processes that repeatedly instantiate a
 * program of this size. The stopped clock makes the output a function of the arguments.
 */
const OK = 0;
const BAD_FILE = 8;
const STDOUT = 1;
const STDERR = 2;
/** The only folder; every path under it is a new file in memory. */
const FOLDER = 3;
const FOLDER_NAME = '/o';
const DIRECTORY_TYPE = 3;
const CHARACTER_TYPE = 2;
const FILE_TYPE = 4;
const ALL_RIGHTS = 0xffff_ffff_ffff_ffffn;
const FIRST_FILE_BYTES = 256 * 1024;
const MAX_FILE_BYTES = 64 * 1024 * 1024;

export interface WasiResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The file written last; empty before the first. */
  readonly file: Uint8Array;
}

class Exit extends Error {
  constructor(readonly exitCode: number) {
    super(`exit ${exitCode}`);
  }
}

interface MemoryFile {
  data: Uint8Array;
  size: number;
  at: number;
}

export const wasiPath = (name: string): string => `${FOLDER_NAME}/${name}`;

export function runWasi(module: WasmModule, args: readonly string[]): WasiResult {
  const argv = args.map((arg) => Buffer.from(`${arg}\0`));
  const files = new Map<number, MemoryFile>();
  const streams: Record<number, Buffer[]> = { [STDOUT]: [], [STDERR]: [] };
  let last: MemoryFile | undefined;
  // Created per call: growing the memory replaces its buffer.
  const view = (): DataView => new DataView(memory.buffer);
  const bytes = (): Uint8Array => new Uint8Array(memory.buffer);

  const write = (fd: number, piece: Uint8Array): boolean => {
    const stream = streams[fd];
    if (stream !== undefined) return stream.push(Buffer.from(piece)) > 0;
    const file = files.get(fd);
    if (file === undefined || file.at + piece.length > MAX_FILE_BYTES) return false;
    if (file.at + piece.length > file.data.length) {
      const larger = new Uint8Array(2 * (file.at + piece.length));
      larger.set(file.data);
      file.data = larger;
    }
    file.data.set(piece, file.at);
    file.at += piece.length;
    file.size = Math.max(file.size, file.at);
    return true;
  };

  const wasi = {
    args_sizes_get(count: number, size: number): number {
      view().setUint32(count, argv.length, true);
      view().setUint32(
        size,
        argv.reduce((sum, arg) => sum + arg.length, 0),
        true,
      );
      return OK;
    },
    args_get(pointers: number, buffer: number): number {
      let at = buffer;
      argv.forEach((arg, i) => {
        view().setUint32(pointers + 4 * i, at, true);
        bytes().set(arg, at);
        at += arg.length;
      });
      return OK;
    },
    clock_time_get(_clock: number, _precision: bigint, out: number): number {
      view().setBigUint64(out, 0n, true);
      return OK;
    },
    fd_prestat_get(fd: number, out: number): number {
      if (fd !== FOLDER) return BAD_FILE;
      view().setUint32(out, 0, true);
      view().setUint32(out + 4, FOLDER_NAME.length, true);
      return OK;
    },
    fd_prestat_dir_name(fd: number, out: number, length: number): number {
      if (fd !== FOLDER) return BAD_FILE;
      bytes().set(Buffer.from(FOLDER_NAME).subarray(0, length), out);
      return OK;
    },
    fd_fdstat_get(fd: number, out: number): number {
      if (fd > FOLDER && !files.has(fd)) return BAD_FILE;
      bytes().fill(0, out, out + 24);
      bytes()[out] = fd === FOLDER ? DIRECTORY_TYPE : fd < FOLDER ? CHARACTER_TYPE : FILE_TYPE;
      view().setBigUint64(out + 8, ALL_RIGHTS, true);
      view().setBigUint64(out + 16, ALL_RIGHTS, true);
      return OK;
    },
    fd_fdstat_set_flags: (): number => OK,
    path_open(...given: (number | bigint)[]): number {
      const out = Number(given[8]);
      const fd = FOLDER + 1 + files.size;
      last = { data: new Uint8Array(FIRST_FILE_BYTES), size: 0, at: 0 };
      files.set(fd, last);
      view().setUint32(out, fd, true);
      return OK;
    },
    fd_close: (): number => OK,
    fd_read(_fd: number, _vectors: number, _count: number, out: number): number {
      view().setUint32(out, 0, true);
      return OK;
    },
    fd_seek(fd: number, offset: bigint, whence: number, out: number): number {
      const file = files.get(fd);
      if (file === undefined) return BAD_FILE;
      const from = [0, file.at, file.size][whence] ?? 0;
      file.at = Math.max(0, from + Number(offset));
      view().setBigUint64(out, BigInt(file.at), true);
      return OK;
    },
    fd_write(fd: number, vectors: number, count: number, out: number): number {
      let written = 0;
      for (let i = 0; i < count; i += 1) {
        const at = view().getUint32(vectors + 8 * i, true);
        const length = view().getUint32(vectors + 8 * i + 4, true);
        if (!write(fd, bytes().subarray(at, at + length))) return BAD_FILE;
        written += length;
      }
      view().setUint32(out, written, true);
      return OK;
    },
    proc_exit(code: number): never {
      throw new Exit(code);
    },
  };

  const instance = new webAssembly.Instance(module, { wasi_snapshot_preview1: wasi });
  const memory = instance.exports['memory'] as WasmMemory;
  let exitCode = 0;
  try {
    (instance.exports['_start'] as () => void)();
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    exitCode = error.exitCode;
  }
  return {
    exitCode,
    stdout: Buffer.concat(streams[STDOUT]!).toString('utf8'),
    stderr: Buffer.concat(streams[STDERR]!).toString('utf8'),
    file: last === undefined ? new Uint8Array() : last.data.subarray(0, last.size),
  };
}
