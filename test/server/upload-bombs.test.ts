import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync, gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import t from 'tap';
import { until } from '../kit/until.js';
import { startStudio, type Client, type Rig } from './studio-rig.js';

const MB = 1 << 20;
/** What a process that judges uploads may take at most while it refuses one. */
const MAX_PROCESS_MB = 512;

/** A PNG of one colour; thousands of times as large unpacked as on the disk. */
function pngOf(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body) >>> 0);
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([1, 0], 8); // one bit a pixel, grey
  const rows = Buffer.alloc(Math.ceil(width / 8 + 1) * Math.min(height, 4000));
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const entities = Array.from({ length: 12 }, (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`).join('');
const laughs = `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY e0 "ha">${entities}]><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>&e12;</text></svg>`;
const inner = `<svg xmlns="http://www.w3.org/2000/svg" width="60000" height="60000"><rect width="60000" height="60000"/></svg>`;
const zeros = new Uint8Array(64 * MB);

/** By name and content: all are small, and large once they are opened. */
const BOMBS: readonly (readonly [name: string, content: Buffer])[] = [
  ['wide.png', pngOf(60_000, 60_000)],
  ['entities.svg', Buffer.from(laughs)],
  ['packed.svg', gzipSync(Buffer.concat([Buffer.from(inner), Buffer.from(zeros)]))],
  ['archive.png', Buffer.from(zipSync({ 'a.bin': zeros }, { level: 9 }))],
  ['archive.mp4', Buffer.from(zipSync({ 'a.bin': zeros }, { level: 9 }))],
];

const meta = (name: string): string => `filename ${Buffer.from(name).toString('base64')}`;
const TUS = { 'tus-resumable': '1.0.0' };

async function upload(person: Client, room: string, name: string, content: Buffer) {
  const made = await person.call('POST', `/api/rooms/${room}/uploads`, undefined, {
    ...TUS,
    'upload-length': String(content.length),
    'upload-metadata': meta(name),
  });
  t.equal(made.status, 201, name);
  const sent = await fetch(person.url + made.headers.get('location')!, {
    method: 'PATCH',
    headers: { ...TUS, cookie: person.cookie, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
    body: new Uint8Array(content),
  });
  t.equal(sent.status, 204, name);
  let job = (await person.get(`/api/jobs/${sent.headers.get('x-job')}`)).body;
  await until(
    `${name} is judged`,
    async () => (job = (await person.get(`/api/jobs/${job.id}`)).body).state !== 'running',
    120_000,
  );
  return job;
}

/** Memory of the processes that judge, in MB, at most since they began. */
const peakMb = ({ server }: Rig): number =>
  Math.max(
    0,
    ...server.studio.work.pids.map((pid) => {
      try {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
      } catch {
        return 0; // It has ended.
      }
    }),
  );

t.test('small files that are large when they are opened are refused and removed', { timeout: 400_000 }, async (t) => {
  const rig = await startStudio({ noAuth: true });
  t.teardown(() => rig.close());
  const { id } = await rig.room();
  const person = rig.anybody();
  let peak = 0;
  const timer = setInterval(() => (peak = Math.max(peak, peakMb(rig))), 20);
  t.teardown(() => clearInterval(timer));
  for (const [name, content] of BOMBS) {
    t.ok(content.length < MB, `${name}: ${content.length} bytes`);
    const job = await upload(person, id, name, content);
    t.match(job, { state: 'failed', error: { code: /^E_(ASSET|SVG)_/ } }, `${name} is refused`);
  }
  t.ok(peak > 0 && peak < MAX_PROCESS_MB, `${peak.toFixed(0)} MB, below ${MAX_PROCESS_MB}`);
  t.same((await person.get(`/api/rooms/${id}/media`)).body.media, []);
  t.same(readdirSync(join(rig.data, 'uploads')), [], 'nothing is left on the disk');
});

t.test('an upload is no longer than it said, and no larger than allowed', async (t) => {
  const rig = await startStudio({ noAuth: true });
  t.teardown(() => rig.close());
  const { id } = await rig.room();
  const other = await rig.room('Another');
  const person = rig.anybody();
  const make = (length: string) =>
    person.call('POST', `/api/rooms/${id}/uploads`, undefined, {
      ...TUS,
      'upload-length': length,
      'upload-metadata': meta('a.mp4'),
    });
  t.equal((await make(String(256 * MB + 1))).status, 413);
  const made = await make('10');
  const place = made.headers.get('location')!;
  const send = (at: string, offset: string, body: Uint8Array<ArrayBuffer>) =>
    fetch(person.url + at, {
      method: 'PATCH',
      headers: { ...TUS, 'upload-offset': offset, 'content-type': 'application/offset+octet-stream' },
      body,
    }).then(
      ({ status }) => status,
      () => 0, // the connection was closed on it
    );
  const status = await send(place, '0', new Uint8Array(4 * MB));
  t.not(status, 204, `more than was said: ${status}`);
  const stored = readdirSync(join(rig.data, 'uploads')).filter((one) => !one.endsWith('.json'));
  for (const one of stored)
    t.ok(readFileSync(join(rig.data, 'uploads', one)).length <= 10, 'no byte more than was said is kept');
  t.equal(await send(place, '3', new Uint8Array(1)), 409, 'another place than where it was cut');
  const elsewhere = place.replace(`/rooms/${id}/`, `/rooms/${other.id}/`);
  t.equal(await send(elsewhere, '0', new Uint8Array(1)), 404, 'another room’s upload');
  const parts = [Buffer.from('one '), Buffer.from('two')];
  const cut = await make('7');
  for (const [i, part] of parts.entries())
    t.equal(await send(cut.headers.get('location')!, i === 0 ? '0' : '4', new Uint8Array(part)), 204);
});
