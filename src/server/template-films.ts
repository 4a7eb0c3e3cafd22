/**
 * Moving previews of the templates.
 *
 * Problem: 24 templates in two shapes are 48 films, which are too much to ship and take ten seconds of a core each to make.
 * Rule: a film is made when somebody first points at its template, one at a time, the newest wish first, at the lowest
 * priority; it is kept in the data folder until the package changes. Who asks waits for it, and whoever leaves meanwhile finds it
 * the next time.
 * Numbers: 4 s at 15 frames a second, about 150 kB; at most 12 wishes wait, older ones are dropped.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Orientation } from '../config/templates/template.js';
import { EngineError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import type { StudioWork } from './work/studio-work.js';

const MAX_WAITING = 12;

interface Wish {
  readonly key: string;
  readonly make: () => Promise<string>;
  readonly resolve: (file: string) => void;
  readonly reject: (error: unknown) => void;
  readonly film: Promise<string>;
}

export interface TemplateFilmsOptions {
  readonly folder: string;
  readonly version: string;
  readonly work: Pick<StudioWork, 'run'>;
  readonly log: Log;
}

export class TemplateFilms {
  /** The one that is made next stands last. */
  private readonly waiting: Wish[] = [];
  private making: Wish | undefined;
  private isSwept = false;

  constructor(private readonly options: TemplateFilmsOptions) {}

  /** The path of the film, when it is there. Throws E_NOT_FOUND for one that nobody waits for any more. */
  async film(name: string, orientation: Orientation): Promise<string> {
    const { folder, version, work } = this.options;
    const key = `${name}-${orientation}-${version}`;
    const file = join(folder, `${key}.mp4`);
    // Asked without a pause: wishes stand in the order in which people pointed, not in which the disk answered.
    if (existsSync(file)) return file;
    const present = [this.making, ...this.waiting].find((wish) => wish?.key === key);
    if (present !== undefined) {
      const at = this.waiting.indexOf(present);
      if (at >= 0) this.waiting.push(...this.waiting.splice(at, 1));
      return present.film;
    }
    const { promise, resolve, reject } = withResolvers<string>();
    const make = async (): Promise<string> => {
      await mkdir(folder, { recursive: true });
      await this.sweep();
      await work.run('templateFilm', { name, orientation, out: file }, { beside: true });
      return file;
    };
    this.waiting.push({ key, make, resolve, reject, film: promise });
    promise.catch(() => undefined); // whoever waits has it
    if (this.waiting.length > MAX_WAITING)
      this.waiting
        .shift()!
        .reject(
          new EngineError('E_NOT_FOUND', { where: `preview of ${name}`, found: 'not made yet', todo: 'ask again' }),
        );
    void this.next();
    return promise;
  }

  private async next(): Promise<void> {
    if (this.making !== undefined) return;
    const wish = this.waiting.pop();
    if (wish === undefined) return;
    this.making = wish;
    try {
      wish.resolve(await wish.make());
    } catch (error) {
      this.options.log.warn({ film: wish.key, error: String(error) }, 'the preview of a template could not be made');
      wish.reject(error);
    }
    this.making = undefined;
    void this.next();
  }

  /** Films of an earlier package show what there is no more. */
  private async sweep(): Promise<void> {
    if (this.isSwept) return;
    this.isSwept = true;
    const { folder, version } = this.options;
    for (const name of await readdir(folder))
      if (!name.endsWith(`-${version}.mp4`)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

function withResolvers<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: unknown) => void;
} {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((done, fail) => {
    resolve = done;
    reject = fail;
  });
  return { promise, resolve, reject };
}
