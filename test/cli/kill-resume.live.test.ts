import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { readResume, type ResumeState } from '../../src/room/resume/resume-keeper.js';
import { stillRuns } from '../../src/core/processes/process-mark.js';
import { startEngine, runEngine, type RunningEngine } from './run-engine.js';

const skip = process.platform === 'linux' ? false : 'needs /proc';

const lines = ['one', 'two', 'three', 'four', 'five', 'six'].map((word) => ({
  text: `This is line number ${word}.`,
  caption: '',
}));

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** All processes below one, the shell included. */
function below(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((tid) =>
    readFileSync(`/proc/${pid}/task/${tid}/children`, 'latin1').split(' ').filter(Boolean).map(Number),
  );
  return [...children, ...children.flatMap(below)];
}

const runs = (pid: number): boolean => {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
};

const isEncoder = (pid: number): boolean => readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('ffmpeg');

t.test(
  'resumes after kill -9 at its line, with its commands in force and one chain, and leaves no process',
  { skip, timeout: 300_000 },
  async (t) => {
    const dir = mkdtempSync(join(tmpdir(), 'showroom-resume-'));
    const ledger = join(dir, 'ledger.jsonl');
    const state = join(dir, 'ledger.resume.json');
    const file = join(dir, 'room.json');
    writeFileSync(
      file,
      JSON.stringify({
        name: 'resume',
        video: { width: 320, height: 320 },
        presenter: { pack: 'mei' },
        layers: [{ id: 'presenter', type: 'presenter', anchor: 'bottom', width: '100%', height: '80%' }],
        script: { gapMs: 100, segments: [{ lines }] },
        control: { port: 0, rtmpPort: 0, flvPort: 0 },
        compliance: { ledger },
      }),
    );
    const engines: RunningEngine[] = [];
    t.teardown(async () => {
      for (const { child, ended } of engines) {
        child.kill('SIGKILL');
        await ended;
      }
      rmSync(dir, { recursive: true, force: true });
    });
    const start = (): RunningEngine => {
      const engine = startEngine(['start', '--room', file], { ENGINE_TOKEN: 'resume-test-token' });
      engines.push(engine);
      return engine;
    };
    const api = async (engine: RunningEngine, method: string, path: string): Promise<any> => {
      const { watch } = JSON.parse(await engine.line('"on-air"')) as { watch: string };
      const reply = await fetch(new URL(path, watch), {
        method,
        headers: { authorization: 'Bearer resume-test-token' },
      });
      return reply.json();
    };

    const first = start();
    await first.line('"on-air"');
    let before: ResumeState | undefined | 'damaged';
    do {
      await wait(100);
      before = await readResume(state);
    } while (typeof before !== 'object' || (before.line?.line ?? 0) < 2);
    await api(first, 'POST', '/api/mute');
    // One of its children cannot detect the death of its parent.
    const children = below(first.child.pid!);
    // The voice's process ends once the script is spoken.
    t.ok(children.length >= 2, `${children.length} children: two encoders at least`);
    // An encoder, since a picture reader may end at any time.
    const stopped = before.children.findLast((child) => runs(child.pid) && isEncoder(child.pid))!;
    process.kill(stopped.pid, 'SIGSTOP');
    await wait(600);
    const last = (await readResume(state)) as ResumeState;
    const spoken = last.line!;
    first.child.kill('SIGKILL');
    await first.ended;

    const second = start();
    const { speaking } = await (async () => {
      for (;;) {
        const snapshot = await api(second, 'GET', '/api/room');
        if (snapshot.speaking !== null) return snapshot;
        await wait(50);
      }
    })();
    const at = lines.findIndex(({ text }) => text === speaking.text);
    t.ok([spoken.line, (spoken.line + 1) % 6].includes(at), `line ${at} is on air after line ${spoken.line}`);
    const { muted, frames } = await api(second, 'GET', '/api/room');
    t.equal(muted, true, 'still muted');
    t.equal(frames.releasedUnjudged, 0, 'and nothing unjudged, though pictures came before speech');
    t.notOk(children.some(runs), 'none of the first engine’s processes runs');
    t.notOk(stillRuns(stopped));
    // The ledger is written a moment after its events.
    const resumed = (): { detail?: Record<string, unknown> } | undefined =>
      readFileSync(ledger, 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((text) => JSON.parse(text) as { action: string; detail?: Record<string, unknown> })
        .find(({ action }) => action === 'resumed');
    for (let i = 0; i < 200 && resumed() === undefined; i += 1) await wait(50);
    t.match(resumed()?.detail, { orders: 'muted', damaged: false });
    t.equal((await runEngine(['ledger', 'verify', ledger])).code, 0, 'the chain holds over the kill');

    second.child.kill('SIGTERM');
    t.equal((await second.ended).code, 0);
    t.match(await readResume(state), { engine: null, line: null, muted: true }, 'an orderly stop drops the line');
  },
);
