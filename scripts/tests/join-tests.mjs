// Runs small test files together in a few processes: starting a process takes longer than most of them run. Each file
// stays a separate, named test, so a failure names its file; `npx tap run test/x.test.ts` runs it alone.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** Slow files, several of which run in parallel. */
const LONG = [
  ...['avatar/load-presenter', 'cli/package', 'codescan/admission/admission-', 'codescan/coarse-noise'],
  ...['codescan/qr/finder-reader', 'codescan/jobs/frame-scanner', 'moderation/embedded-lines'],
  ...['codescan/hard-codes', 'codescan/admission/learned-', 'codescan/wechat/round-codes'],
  ...['codescan/scan-supervisor', 'compliance/gate/obscure', 'compliance/gate/one-frame'],
  ...['compliance/ocr/text-reader', 'moderation/corpus', 'compliance/watch/utterance-memory', 'admission/admit-clip'],
  ...['check/check-c', 'check/check-likeness', 'check/layout/lint-layout', 'render/render-clips'],
  ...['codescan/passed-over', 'codescan/retail/', 'writer/write-script', 'intake/'],
  ...['native/find-finders', 'scene/clips/clip-s', 'scripts/bench/', 'scripts/tools/art/sets', 'speech/speech-service'],
];
/** Tests that change or measure their own process need one of their own. */
const OF_ITS_PROCESS =
  /\bprocess\.(\w*Usage|exit|std|emit|umask|chdir|on\(|env\[[^\]]+\] = )|\bglobalThis\b|\bWeakRef\b/;
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
 * Writes `count` programs that run built test files one after the other, and one for those that share a browser.
 *
 * @param root the package's folder
 * @param built the folder of built tests
 * @param files test files, relative to the package's folder
 * @returns the programs: their paths, relative to `built`, with the test files of each
 */
export function writeJoined(root, built, files, count) {
  const usesBrowser = (file) => readFileSync(join(root, file), 'utf8').includes('kit/chromium.js');
  const rest = files.filter((file) => !usesBrowser(file));
  // Distributed round-robin: neighbours in a folder are alike, also in duration.
  const parts = Array.from({ length: count }, (_, k) => rest.filter((_file, i) => i % count === k));
  const programs = [['browser', files.filter(usesBrowser)], ...parts.map((list, k) => [String(k + 1), list])]
    .filter(([, list]) => list.length > 0)
    .map(([name, list]) => [join('joined', `${name}.test.js`), list]);
  for (const [path, list] of programs) writeProgram(built, path, list);
  return new Map(programs);
}

/** A program that names the parts that fail in the file of the variable TEST_FAILED. */
export function writeProgram(built, path, files) {
  const to = join(built, path);
  const list = files.map((file) => {
    const place = relative(dirname(to), join(built, file.replace(/\.ts$/, '.js')));
    return [file.split(sep).join('/'), place.split(sep).join('/')];
  });
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(
    to,
    `import { appendFileSync } from 'node:fs';
import tap from 'tap';
import { cpuSeconds, noteCpu } from ${JSON.stringify(new URL('./test-cpu.mjs', import.meta.url).href)};
for (const [name, file] of ${JSON.stringify(list, null, 2)}) {
  await tap.test(name, async (t) => {
    const before = cpuSeconds();
    t.teardown(() => {
      noteCpu(name, cpuSeconds() - before);
      if (!t.passing()) appendFileSync(process.env.TEST_FAILED, name + '\\n');
    });
    ${HERE} = t;
    await import(file);
  });
}
`,
  );
}
