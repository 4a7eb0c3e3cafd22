import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { packageRoot } from '../../src/core/files/paths.js';

/** Files that may read the time of day: for display, and for state kept over restarts. */
const ALLOWED = [
  // Marks files of a cache as used last, and tells the oldest.
  /^(audio\/music-cache|avatar\/bank-cache|avatar\/filmed\/film-store|speech\/clip-cache)\.ts$/,
  /^scene\/clips\/clip-(cache|file|store)\.ts$/,
  /^compliance\/ledger\//,
  /^compliance\/risk\//,
  /^room\/watches\/room-risk\.ts$/,
  /^alerts\//,
  /^cli\//,
  // Runs in a browser.
  /^(browser|studio)\//,
  // Accounts, schedules, jobs, and when a room was started again.
  /^(server|fleet)\//,
  // Names of recordings and clips, times that the desk shows.
  /^room\/(room-view|commands\/room-commands)\.ts$/,
  // Spent of a day.
  /^room\/open\/open-desks\.ts$/,
  // Dates of HTTP answers.
  /^writer\/llm\//,
  /^control\//,
  /^outputs\/supervised-output\.ts$/,
  /^outputs\/output-supervisor\.ts$/,
  /^outputs\/state-webhook\.ts$/,
  /^outputs\/recording\//,
  /^outputs\/hls\//,
  // Daily caps, dates of HTTP answers.
  /^room\/open\/open-fresh-writer\.ts$/,
  /^speech\/chain\/open-chain\.ts$/,
  /^speech\/providers\/(azure-voice|voice-source)\.ts$/,
  // Records and reports of shows are by date.
  /^store\//,
  /^report\//,
  /^room\/records\//,
  /^room\/commands\/edit-history\.ts$/,
  // Platforms date their comments; talk comes at a time of day.
  /^viewers\/sources\/(luna|youtube)-source\.ts$/,
  /^room\/open\/open-replies\.ts$/,
  // Nobody consented tomorrow.
  /^filming\/read-consent\.ts$/,
  // The end of an offer is a date.
  /^room\/commands\/layer-commands\.ts$/,
  /^room\/open\/programme\.ts$/,
];

t.test('never reads the time of day for a frame, packet or timeout', async (t) => {
  const src = join(packageRoot(), 'src');
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  t.ok(files.length > 100);
  for (const file of files) {
    if (ALLOWED.some((allowed) => allowed.test(file))) continue;
    const found = /\bDate\.now\b|\bnew Date\(\)/.exec(readFileSync(join(src, file), 'utf8'));
    if (found !== null) t.fail(`${file} reads the time of day: ${found[0]}`);
  }
  for (const file of files.filter((f) => /^(encoder|audio|scene\/runtime|loop)\//.test(f))) {
    t.notMatch(readFileSync(join(src, file), 'utf8'), /timeOrigin/, file);
  }
});
