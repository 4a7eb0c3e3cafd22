import { execFile, spawn, type ExecFileOptions } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { packageRoot } from '../../src/core/files/paths.js';

// An install of 320 packages and four starts, on a machine busy with other tests.
t.setTimeout(900_000);

const { subset } = createRequire(import.meta.url)('semver') as { subset(inner: string, outer: string): boolean };
/** `env` removes the options that tap gives every process it starts, which break the TypeScript compiler. */
const PLAIN = ['-u', 'NODE_OPTIONS'];
const run = (file: string, args: readonly string[], options: ExecFileOptions): Promise<{ stdout: string | Buffer }> =>
  promisify(execFile)('env', [...PLAIN, file, ...args], options);
const OUTPUT = { maxBuffer: 64 * 2 ** 20 };
const UNREACHABLE = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED/;

const work = mkdtempSync(join(tmpdir(), 'showroom-package-'));
t.teardown(() => rmSync(work, { recursive: true, force: true }));
const prefix = join(work, 'prefix');
const installed = join(prefix, 'lib', 'node_modules', 'showroom');
const engine = join(prefix, 'bin', 'engine');
const env = { ...process.env, ENGINE_NICE: '0', ENGINE_LOG: 'warn', XDG_CACHE_HOME: join(work, 'cache') };

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', work], {
  cwd: packageRoot(),
  env,
  ...OUTPUT,
});
const packed = (JSON.parse(String(stdout).slice(String(stdout).indexOf('[\n'))) as Packed[])[0]!;
const files = new Set(packed.files.map((file) => file.path));

t.test('packs everything the package and its licences need, and no build file', async (t) => {
  for (const file of ['LICENSE', 'NOTICE', 'README.md', 'SECURITY.md', 'dist/cli/main.js', 'native/binding.gyp']) {
    t.ok(files.has(file), file);
  }
  for (const file of ['extension/manifest.json', 'extension/page.js', 'showroom-camera.user.js']) {
    t.ok(files.has(`dist/camera/${file}`), `the browser camera: ${file}`);
  }
  t.ok(files.has(`native/prebuilt/${process.platform}-${process.arch}/showroom.node`), 'the compiled addon');
  const litter = [...files].filter((path) =>
    /^native\/build\/|\.(o|d|mk|map|gypi|tsbuildinfo)$|(^|\/)\.(deps|tap)\//.test(path),
  );
  t.same(litter, []);
});

t.test('links packed pages to packed files only', async (t) => {
  const pages = [...files].filter((path) => /^(README|CONTRIBUTING|CHANGELOG|SECURITY)\.md$|^docs\/.*\.md$/.test(path));
  t.ok(pages.length > 10);
  const dead = pages.flatMap((page) =>
    [...readFileSync(join(packageRoot(), page), 'utf8').matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g)]
      .map(([, target]) => posix.join(dirname(page), target!))
      .filter((target) => !files.has(target))
      .map((target) => `${page}: ${target}`),
  );
  t.same(dead, []);
});

t.test("declares engines no wider than the dependencies'", async (t) => {
  const { engines } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
    engines: { node: string };
  };
  const lock = JSON.parse(readFileSync(join(packageRoot(), 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; optional?: boolean; engines?: { node?: string } }>;
  };
  const narrower = Object.entries(lock.packages).filter(
    ([path, { dev, optional, engines: theirs }]) =>
      path !== '' &&
      dev !== true &&
      optional !== true &&
      theirs?.node !== undefined &&
      !subset(engines.node, theirs.node),
  );
  t.same(
    narrower.map(([path, { engines: theirs }]) => `${path} takes ${theirs?.node}`),
    [],
  );
});

let unreachable = '';

t.test('installs from its file with npm', async (t) => {
  const args = ['install', '--global', '--prefix', prefix, '--prefer-offline', '--no-audit', '--no-fund'];
  try {
    await run('npm', [...args, join(work, packed.filename)], { env, ...OUTPUT });
  } catch (cause) {
    if (!UNREACHABLE.test((cause as { stderr: string }).stderr)) throw cause;
    unreachable = 'the npm registry cannot be reached';
    return void t.pass('installed', { skip: unreachable });
  }
  t.ok(existsSync(engine));
});

/** Programs of other Node.js versions; `.ci/run` installs them. */
const otherNode = (major: number): string =>
  join(packageRoot(), '.cache', 'nodes', 'node_modules', `node${major}`, 'bin', 'node');

/** Starts a room with the given Node.js and returns its health and a picture. */
async function watchRoom(
  node: string,
  room: string,
): Promise<{ health: number; still: Buffer; code: number | null; stderr: string }> {
  const child = spawn('env', [...PLAIN, node, engine, 'start', '--room', room, '--port', '0'], { cwd: work, env });
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const onAir = new Promise<Record<string, string>>((resolve, reject) => {
    child.stdout.on('data', (data: Buffer) => {
      stdout += data.toString();
      const line = stdout
        .split('\n')
        .slice(0, -1)
        .find((one) => one.includes('"on-air"'));
      if (line !== undefined) resolve(JSON.parse(line) as Record<string, string>);
    });
    void ended.then((code) => reject(new Error(`the engine ended with ${code}: ${stderr}`)));
  });
  try {
    const { health, token } = await onAir;
    const still = await fetch(health!.replace('/healthz', '/api/still'), {
      headers: { authorization: `Bearer ${token}` },
    });
    const result = { health: (await fetch(health!)).status, still: Buffer.from(await still.arrayBuffer()) };
    child.kill('SIGINT');
    return { ...result, code: await ended, stderr };
  } finally {
    child.kill('SIGKILL');
  }
}

/** A room made by the installed package, with a small picture and on free ports. */
async function newRoom(name: string, from = 'demo-portrait'): Promise<string> {
  await run(engine, ['new', name, '--from', from], { cwd: work, env });
  const file = join(work, name, 'room.json');
  const room = JSON.parse(readFileSync(file, 'utf8')) as object;
  const video = { width: 360, height: 640, fps: 15 };
  writeFileSync(file, JSON.stringify({ ...room, video, control: { port: 0, rtmpPort: 0, flvPort: 0 } }));
  return file;
}

const PROGRAMS = [
  [process.version, 'demo', process.execPath],
  ['Node.js 22', 'demo-22', otherNode(22)],
  ['Node.js 24', 'demo-24', otherNode(24)],
] as const;

for (const [title, name, node] of PROGRAMS) {
  const skip = !existsSync(node) && `${title} is not installed (see .ci/run)`;
  t.test(`puts the demo room on air from the installed package with ${title}`, { skip }, async (t) => {
    if (unreachable !== '') return void t.pass('installed', { skip: unreachable });
    const { health, still, code, stderr } = await watchRoom(node, await newRoom(name));
    t.equal(health, 200);
    t.equal(still.subarray(0, 2).toString('hex'), 'ffd8', 'a JPEG');
    t.ok(still.length > 8000, `a picture with content: ${still.length} bytes`);
    t.notMatch(stderr, /native kernels/);
    t.equal(code, 0, stderr);
  });
}

t.test('runs without an addon for this machine, and logs it in one line', async (t) => {
  if (unreachable !== '') return void t.pass('installed', { skip: unreachable });
  renameSync(join(installed, 'native', 'prebuilt'), join(work, 'prebuilt'));
  const { health, code, stderr } = await watchRoom(process.execPath, await newRoom('slow', 'minimal'));
  renameSync(join(work, 'prebuilt'), join(installed, 'native', 'prebuilt'));
  t.equal(health, 200);
  t.equal(code, 0, stderr);
  t.equal(stderr.split('\n').filter((line) => /no native kernels: .*TypeScript/.test(line)).length, 1, stderr);
});
