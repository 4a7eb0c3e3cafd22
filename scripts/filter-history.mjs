/**
 * Makes a copy of the repository for a public push, in which binary files have one version only:
 *
 *     node scripts/filter-history.mjs ../showroom-public.git
 *
 * Trained tables, pictures and music were replaced many times, and each version is as large as the file. The copy has all
 * commits with their authors, dates and texts; of a binary file it has the version of the newest commit of the branch, from
 * the commit on that brought it. This checkout does not change. The tree of the newest commit is the same in both, which is checked.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const BINARY = /\.(bin|flac|gif|jpe?g|mp3|mp4|npz|onnx|png|wasm|wav|webp|woff2?)$/;
const MAX_STREAM = 2 ** 31 - 1;

const [target] = process.argv.slice(2);
if (target === undefined || target.startsWith('-') || existsSync(target)) {
  process.stderr.write('node scripts/filter-history.mjs TARGET.git; the folder TARGET.git must not exist\n');
  process.exit(2);
}
const copy = resolve(target);
const git = (args, input) =>
  execFileSync('git', args, { cwd: args[0] === 'clone' ? process.cwd() : copy, input, maxBuffer: MAX_STREAM });
const text = (...args) => git(args).toString().trim();

const branch = execFileSync('git', ['rev-parse', '--abbrev-ref', 'HEAD']).toString().trim();
git(['clone', '--quiet', '--bare', '--no-local', '--single-branch', '--branch', branch, '.', copy]);
const tree = text('rev-parse', `${branch}^{tree}`);
const kept = new Set(
  text('ls-tree', '-r', branch)
    .split('\n')
    .map((line) => line.replace(/^\d+ blob (\w+)\t/, '$1 ')),
);

// Without data the stream names blobs by their hash; only commit messages are counted in bytes.
const stream = git(['fast-export', '--no-data', '--reencode=yes', '--signed-tags=strip', branch]);
const parts = [];
for (let at = 0; at < stream.length;) {
  const end = stream.indexOf(10, at) + 1 || stream.length;
  const line = stream.toString('utf8', at, end - 1);
  const bytes = /^data (\d+)$/.exec(line);
  const change = /^M \d+ (\w+) (?:"(.*)"|(.*))$/.exec(line);
  const path = change?.[2] ?? change?.[3] ?? '';
  const next = bytes === null ? end : end + Number(bytes[1]);
  if (change === null || !BINARY.test(path) || kept.has(`${change[1]} ${path}`)) parts.push(stream.subarray(at, next));
  at = next;
}
git(['fast-import', '--quiet', '--force'], Buffer.concat(parts));
git(['reflog', 'expire', '--expire=now', '--all']);
git(['repack', '-a', '-d', '-q', '--depth=50', '--window=20']);
git(['prune', '--expire=now']);

if (text('rev-parse', `${branch}^{tree}`) !== tree) {
  process.stderr.write(`${copy}: the tree of ${branch} differs from this checkout's; do not push it\n`);
  process.exit(1);
}
process.stdout.write(
  `${copy}: ${text('rev-list', '--count', branch)} commits, ${text('count-objects', '-vH').match(/size-pack: (.*)/)[1]}\n`,
);
