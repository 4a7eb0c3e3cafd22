// Runs small test files together in a few processes: starting a process takes longer than most of them run. Each file
// stays a separate, named test, so a failure names its file; `npx tap run test/x.test.ts` runs it alone.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** Slow files, several of which run in parallel. */
const LONG = [
  ...['avatar/load-presenter', 'cli/', 'codescan/admission/admission-', 'codescan/coarse-noise'],
  ...['codescan/qr/finder-reader', 'codescan/jobs/frame-scanner', 'moderation/embedded-lines'],
  ...['codescan/hard-codes', 'codescan/admission/learned-', 'codescan/wechat/round-codes'],
  ...['codescan/scan-supervisor', 'compliance/gate/obscure', 'compliance/gate/one-frame'],
  ...[
    'compliance/ocr/text-reader',
    'moderation/corpus',
    'compliance/watch/utterance-memory',
    'engine/admission/admit-clip',
  ],
  ...['engine/check/check-c', 'engine/check/check-likeness', 'engine/check/layout/lint-layout', 'engine/render-clips'],
  ...['codescan/passed-over', 'codescan/retail/', 'control/access', 'director/writer/', 'engine/intake/'],
  ...['native/find-finders', 'scene/clips/clip-s', 'scripts/', 'speech/speech-service'],
];
/** Tests that inspect their own process, start others, or measure time need their own process. */
const OF_ITS_PROCESS = /\bprocess\.|\bspawn|\bglobalThis\b|\bWeakRef\b|\bperformance\b/;
const IMPORT = /^import t(?:, \{ type [^}]*\})? from 'tap';$/m;
/** Where a joined file finds its test. */
const HERE = `globalThis[Symbol.for('showroom.joined-test')]`;

/** Whether a test file, relative to the package's folder, may share a process. */
export function isJoined(root, file) {
  const name = file
    .split(sep)
    .join('/')
    .replace(/^test\//, '');
  if (LONG.some((long) => name.startsWith(long))) return false;
  const source = readFileSync(join(root, file), 'utf8');
  return IMPORT.test(source) && !OF_ITS_PROCESS.test(source);
}

/** The source of a joined file, with unchanged line numbers. */
export const joinedSource = (source) => source.replace(IMPORT, `const t = ${HERE};`);

/**
 * Writes `count` programs that run built test files one after the other.
 *
 * @param built the folder of built tests
 * @param files test files, relative to the package's folder
 * @returns the programs' paths, relative to `built`
 */
export function writeJoined(built, files, count) {
  const programs = [];
  for (let k = 0; k < Math.min(count, files.length); k += 1) {
    const path = join('joined', `${k + 1}.test.js`);
    const to = join(built, path);
    // Distributed round-robin: neighbours in a folder are alike, also in duration.
    const list = files
      .filter((_, i) => i % count === k)
      .map((file) => {
        const name = file.split(sep).join('/');
        const place = relative(dirname(to), join(built, file.replace(/\.ts$/, '.js')));
        return [name, place.split(sep).join('/')];
      });
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(
      to,
      `import tap from 'tap';
for (const [name, file] of ${JSON.stringify(list, null, 2)}) {
  await tap.test(name, async (t) => {
    ${HERE} = t;
    await import(file);
  });
}
`,
    );
    programs.push(path);
  }
  return programs;
}
