import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../../src/core/files/paths.js';
import type { RoomJob, RoomResult } from './check-one.js';

/** Everything that a room of a template is made of, besides its own set. */
const SHARED = ['src', 'scripts/tools/art/templates', 'templates', 'native/kernels', 'package-lock.json'];
const SETS = 'templates/sets';

/**
 * Results of rooms in a file, one JSON line each, so that an interrupted run goes on where it stopped. A result counts
 * as long as no file that the room is made of has changed: the sources, the set, and all that templates share.
 */
export class KeptResults {
  private readonly known = new Map<string, RoomResult>();
  private readonly shared: string;

  /** @param root the package's folder */
  constructor(
    private readonly file: string,
    private readonly root = packageRoot(),
    shared: readonly string[] = SHARED,
  ) {
    this.shared = this.digestOf(
      shared,
      (path) => path.startsWith(`${SETS}/`) && path.slice(SETS.length + 1).includes('/'),
    );
    if (!existsSync(file)) return;
    const text = readFileSync(file, 'utf8');
    // An interrupted run may have left half a line.
    if (text !== '' && !text.endsWith('\n')) appendFileSync(file, '\n');
    for (const line of text.split('\n')) {
      try {
        const { key, result } = JSON.parse(line) as { key: string; result: RoomResult };
        this.known.set(key, result);
      } catch {
        // Half a line is no result.
      }
    }
  }

  get(job: RoomJob): RoomResult | undefined {
    return this.known.get(this.keyOf(job));
  }

  keep(job: RoomJob, result: RoomResult): void {
    appendFileSync(this.file, `${JSON.stringify({ key: this.keyOf(job), result })}\n`);
  }

  private keyOf(job: RoomJob): string {
    const own = this.digestOf([`${SETS}/${job.template}`]);
    return createHash('sha256')
      .update(JSON.stringify([job, own, this.shared]))
      .digest('hex');
  }

  private digestOf(roots: readonly string[], skip: (path: string) => boolean = () => false): string {
    const hash = createHash('sha256');
    const add = (path: string): void => {
      if (skip(path)) return;
      const whole = join(this.root, path);
      if (!statSync(whole).isDirectory()) hash.update(`${path}\n`).update(readFileSync(whole));
      else for (const name of readdirSync(whole).sort()) add(`${path}/${name}`);
    };
    for (const root of roots) add(root);
    return hash.digest('hex');
  }
}
