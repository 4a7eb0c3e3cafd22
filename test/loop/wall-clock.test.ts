import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { packageRoot } from '../../src/core/files/paths.js';

/** Folders that may read the time of day: browsers, accounts and schedules, commands, and shows filed by date. */
const FOLDERS = /^(browser|studio|server|fleet|cli|store|report)\//;

/** Functions that may read it: for display, and for state kept over restarts. */
const ALLOWED = new Set([
  // Times of alarms, evidence, ledger files and risk, kept over restarts.
  'alerts/alert-sinks.ts#alertSinks',
  'alerts/room-alarms.ts#RoomAlarms.constructor',
  'compliance/ledger/evidence-store.ts#EvidenceStore.keep',
  'compliance/ledger/evidence-store.ts#EvidenceStore.seenAgain',
  'compliance/ledger/ledger-file.ts#LedgerFile.restore',
  'compliance/ledger/ledger.ts#Ledger.constructor',
  'room/watches/room-risk.ts#RoomRisk.open',
  // Mark files of a cache as used last, and find the oldest.
  'audio/load-music.ts#readMusic',
  'avatar/load-presenter.ts#readBank',
  'avatar/filmed/load-film.ts#storeFilm',
  'scene/clips/clip-file.ts#openClipFile',
  'scene/clips/clip-store.ts#trimClipCache',
  'speech/clip-cache.ts#ClipCache.read',
  // Names of recordings and clips, times that the desk shows.
  'control/live/live-feed.ts#LiveFeed.constructor',
  'outputs/output-supervisor.ts#OutputSupervisor.changed',
  'outputs/recording/recording-output.ts#Run.create',
  'room/commands/edit-history.ts#EditHistory.register',
  'room/commands/room-commands.ts#since',
  'room/records/show-records.ts#ShowRecords.constructor',
  'room/room-view.ts#RoomView.snapshot',
  // Daily caps, and dates of HTTP answers.
  'room/open/open-desks.ts#openLlmBudget',
  'room/open/open-desks.ts#recordEvents',
  'room/open/open-fresh-writer.ts#openFreshWriter',
  'speech/chain/open-chain.ts#openChain',
  'speech/providers/azure-voice.ts#AzureVoice.synthesise',
  'speech/providers/voice-source.ts#pauseMs',
  'writer/llm/chat-client.ts#retryAfterMs',
  // Platforms date their comments; talk comes at a time of day.
  'room/open/open-replies.ts#openReplies',
  'viewers/sources/luna-source.ts#LunaSource.run',
  'viewers/sources/youtube-source.ts#YoutubeSource.sinceMs',
  // Nobody consented tomorrow; the end of an offer is a date.
  'filming/read-consent.ts#readConsent',
  'room/commands/layer-commands.ts#refuseEnded',
  'room/open/programme.ts#openProgramme',
]);

const READS = /\bDate\.now\b|\bnew Date\(\)/g;
const DECLARATION = /^(?:export )?(?:default )?(?:async )?(?:abstract )?(?:function\*?|class|const|let) (\w+)/;
const MEMBER = /^ {2}(?:(?:private|protected|public|static|readonly|override|async|get|set) )*(#?\w+)\b.*[({=:]/;

/** `function` or `Class.method` around a position of a source text. */
function ownerAt(text: string, at: number): string {
  const before = text.slice(0, text.indexOf('\n', at)).split('\n').toReversed();
  const place = before.findIndex((line) => DECLARATION.test(line));
  const name = DECLARATION.exec(before[place] ?? '')?.[1] ?? '';
  if (!/\bclass\b/.test(before[place] ?? '')) return name;
  const member = before.slice(0, place).find((line) => MEMBER.test(line));
  return member === undefined ? name : `${name}.${MEMBER.exec(member)![1]!}`;
}

const readers = (file: string, text: string): string[] =>
  [...text.matchAll(READS)].map(({ index }) => `${file}#${ownerAt(text, index)}`);

t.test('never reads the time of day for a frame, packet or timeout', async (t) => {
  const src = join(packageRoot(), 'src');
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  t.ok(files.length > 100);
  const found = new Set(
    files.filter((file) => !FOLDERS.test(file)).flatMap((file) => readers(file, readFileSync(join(src, file), 'utf8'))),
  );
  t.same(
    [...found].filter((place) => !ALLOWED.has(place)),
    [],
    'reads the time of day',
  );
  t.same(
    [...ALLOWED].filter((place) => !found.has(place)),
    [],
    'is allowed to, and does not',
  );
  for (const file of files.filter((f) => /^(encoder|audio|scene\/runtime|loop)\//.test(f))) {
    t.notMatch(readFileSync(join(src, file), 'utf8'), /timeOrigin/, file);
  }
});

t.test('names the function or method that reads the time of day', async (t) => {
  const text = [
    'const START = 1;',
    'export class Desk {',
    '  private readonly now = () => Date.now();',
    '  async open(): Promise<void> {',
    '    await wait(new Date());',
    '  }',
    '}',
    'export function since(now = Date.now()): number {',
    '  return now;',
    '}',
  ].join('\n');
  t.same(readers('a.ts', text), ['a.ts#Desk.now', 'a.ts#Desk.open', 'a.ts#since']);
});
