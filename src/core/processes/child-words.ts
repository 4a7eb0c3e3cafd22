import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import type { Readable } from 'node:stream';
import { EngineError } from '../errors.js';
import { packageRoot } from '../files/paths.js';

/** Node prints a stack of a kilobyte behind the reason. */
const MAX_KEPT = 8000;
const MAX_SHOWN = 400;

/** What a Node child of ours wrote before it ended, for one line of an error. */
export class ChildWords {
  private text = '';

  /** @param module the file that the child runs */
  constructor(
    private readonly module: string,
    stderr: Readable,
  ) {
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.text = (this.text + text).slice(-MAX_KEPT);
    });
  }

  /** The reason that Node prints above its stack, else the last words. */
  toString(): string {
    const reason = /^(?:Uncaught )?(\w*Error\b[^:\n]*: .*)$/m.exec(this.text)?.[1];
    return (reason?.slice(0, MAX_SHOWN) ?? this.text.slice(-MAX_SHOWN)).replace(/\s+/g, ' ').trim();
  }

  /** The error of a child that could not load a file of the engine. */
  get missing(): EngineError | undefined {
    return missingFile(this.text, this.module);
  }
}

/** The error of a thread or process that could not load a file of the engine; undefined when `words` say no such thing. */
export function missingFile(words: string, module?: string): EngineError | undefined {
  const file =
    module !== undefined && !existsSync(module)
      ? module
      : /Cannot find (?:module|package) ['"]([^'"\n]+)['"]/.exec(words)?.[1];
  if (file === undefined) return undefined;
  return new EngineError('E_PACKAGE', {
    where: 'the engine',
    expected: 'all of its own files',
    found: `no ${file.startsWith(packageRoot()) ? relative(packageRoot(), file) : file}`,
    todo: 'install the package again, or `npm run build` in its sources',
    details: { file },
  });
}
