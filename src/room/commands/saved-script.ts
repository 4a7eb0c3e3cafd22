import { line as lineSchema } from '../../config/sections/script.js';
import type { LiveScript } from '../../show/script/live-script.js';
import { withoutDefaults } from './without-defaults.js';

/** The edited script as the room file would have it; undefined without an edit. */
export function savedScript({ revision, content }: Pick<LiveScript, 'revision' | 'content'>): object | undefined {
  if (revision === 0) return undefined;
  const { loop, gapMs, fillers, segments } = content;
  return {
    loop,
    gapMs,
    fillers,
    segments: segments.map(({ id, product, lines }) => ({
      id,
      ...(product === undefined ? {} : { product }),
      lines: lines.map((line) => withoutDefaults(lineSchema, line)),
    })),
  };
}
