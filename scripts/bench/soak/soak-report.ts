import { MEMORY_CLASSES, type TreeMemory } from '../kit/tree-memory.js';
import type { SoakVerdict } from './judge-soak.js';
import type { MediaSoakResult } from './media-soak.js';
import type { RealSoakResult } from './real-soak.js';

export interface SoakReportParts {
  readonly media: MediaSoakResult | undefined;
  readonly real: RealSoakResult | undefined;
  readonly verdict: SoakVerdict;
  readonly machine: string;
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
const thousands = (n: number): string => n.toLocaleString('en-US');

/** docs/soak.md. */
export function soakReport({ media, real, verdict, machine }: SoakReportParts): string {
  const hours = media === undefined ? 0 : media.mediaHours.toFixed(0);
  const minutes = real === undefined ? 0 : real.minutes.toFixed(0);
  const lines = [
    '# Soak',
    '',
    `    npm run bench -- soak --media-hours ${hours}${media === undefined ? '' : ` --fps ${media.fps}`} --real-minutes ${minutes} --write`,
    '',
    `Measured on ${new Date().toISOString().slice(0, 10)}, ${machine}. ${verdict.misses.length === 0 ? 'Everything held.' : `**Missed: ${verdict.misses.join('; ')}.**`}`,
    '',
    '![Memory, handles and offset over time](soak.svg)',
    '',
  ];
  if (media !== undefined) lines.push(...mediaPart(media, verdict));
  if (real !== undefined) lines.push(...realPart(real, verdict));
  return `${lines.join('\n').trimEnd()}\n`;
}

function mediaPart(m: MediaSoakResult, { mediaHeap }: SoakVerdict): string[] {
  const { frames: f, receiver: r, viewer, slowReader } = m;
  const [first, last] = [m.samples[0]!, m.samples.at(-1)!];
  return [
    '## A day of media, faster than real time',
    '',
    'The real show (script, judge, voice), presenter, layers, compositor, mixer, scan threads and gate, tick clock, interleaver,',
    'packet ring, FLV muxer and WebRTC viewer stream. Not real: a picture of ' +
      `${m.size} at ${m.fps} fps, packets that hold only the`,
    'number of their frame or sample in place of the encoders, and time, which goes as fast as the scans. The clock is given late',
    'ticks and an hourly sleep of the machine; RTMP’s clock begins again at 2³² ms half way.',
    '',
    '| | |',
    '| --- | --- |',
    `| media time, wall time, CPU time | ${m.mediaHours.toFixed(1)} h, ${m.wallMinutes.toFixed(1)} min, ${m.cpuMinutes.toFixed(1)} min |`,
    `| frames made / released / replaced / in the window at the end | ${thousands(f.rendered)} / ${thousands(f.released)} / ${thousands(f.replaced)} / ${f.inWindow} |`,
    `| **frames released unjudged** | **${f.unjudged}** |`,
    `| lines spoken, late slots made good, sleeps given up | ${thousands(m.lines)}, ${thousands(m.lateSlots)}, ${m.sleeps} (${(m.givenUpMs / 1000).toFixed(0)} s) |`,
    `| packets at the FLV receiver: picture, sound | ${thousands(r.video)}, ${thousands(r.audio)} |`,
    `| missing or out of order, rollovers survived | ${r.gaps + r.backwards}, ${r.rollovers} |`,
    `| **picture against sound at the receiver, worst** | **${r.worstOffsetMs} ms** |`,
    `| RTP packets to a viewer, lost | ${thousands(viewer.units)}, ${viewer.lostUnits} |`,
    `| a reader that hardly reads: packets passed over, jumps to an IDR | ${thousands(slowReader.dropped)}, ${thousands(slowReader.jumps)} |`,
    `| heap after collection: first, last, trend of the last three quarters | ${first.heapMiB!.toFixed(1)} MiB, ${last.heapMiB!.toFixed(1)} MiB, ${percent(mediaHeap?.growth ?? 0)} |`,
    `| open handles: first, last | ${first.handles}, ${last.handles} |`,
    '',
  ];
}

/** Minutes at which the memory is shown. */
const SHOWN_MINUTES = [1, 2, 3, 5, 8, 12, 20, 40, 60];

/** Memory of the tree by use, and its growth. */
function memoryTable(r: RealSoakResult, { realTree }: SoakVerdict): string[] {
  if (realTree === undefined) return [];
  const at = (minute: number): TreeMemory | undefined =>
    r.samples.find(({ hours, tree }) => tree !== undefined && hours * 60 >= minute)?.tree;
  const shown = SHOWN_MINUTES.filter((minute) => minute < r.minutes).flatMap((minute) => {
    const tree = at(minute);
    return tree === undefined ? [] : [{ title: `${minute} min`, tree }];
  });
  const end = r.samples.findLast(({ tree }) => tree !== undefined)!.tree!;
  const columns = [...shown, { title: 'end', tree: end }];
  const row = (name: string, of: (tree: TreeMemory) => number, slope: number): string =>
    `| ${name} | ${columns.map(({ tree }) => of(tree).toFixed(0)).join(' | ')} | ${slope.toFixed(2)} |`;
  return [
    'Memory of the engine and its children by use, MiB; the trend is that of the last three quarters, MiB a minute:',
    '',
    `| | ${columns.map(({ title }) => title).join(' | ')} | trend |`,
    `| --- |${columns.map(() => ' --- |').join('')} --- |`,
    ...MEMORY_CLASSES.map((name) => row(name, ({ classes }) => classes[name], realTree.classes[name])),
    row('**all**', ({ totalMiB }) => totalMiB, realTree.total),
    '',
  ];
}

function realPart(r: RealSoakResult, verdict: SoakVerdict): string[] {
  const { realRss } = verdict;
  const worst = r.offsets.reduce((w, o) => Math.max(w, Math.abs(o.worstMs)), 0);
  const [first, last] = [r.samples[0]!, r.samples.at(-1)!];
  const late = Object.entries(r.lateTicks)
    .filter(([name]) => name !== 'total')
    .map(([name, n]) => `${name} ${n}`);
  return [
    '## Real time, with the real encoders and a viewer',
    '',
    `The portrait demo room at ${r.size} and 30 fps in a process of its own, with a white stripe and a tone of 12.5 kHz that begin at the same`,
    'instant every two seconds. A viewer records the embedded server now and then; both are found again in the decoded picture and sound.',
    '',
    '| | |',
    '| --- | --- |',
    `| time | ${r.minutes.toFixed(1)} min |`,
    `| frames made / released / replaced | ${thousands(r.frames.rendered)} / ${thousands(r.frames.released)} / ${thousands(r.frames.replaced)} |`,
    `| **frames released unjudged** | **${r.frames.releasedUnjudged}** |`,
    `| late slots | ${r.lateTicks.total} (${late.join(', ')}) |`,
    `| encoder restarts, reconnects | ${r.encoderRestarts}, ${r.reconnects} |`,
    `| recordings, marks in them | ${r.offsets.length}, ${r.offsets.reduce((sum, o) => sum + o.marks, 0)} |`,
    `| **picture against sound, worst mark** | **${worst.toFixed(1)} ms** |`,
    `| the engine’s own figure (\`avOffsetMs\`), worst | ${r.ownWorstMs.toFixed(1)} ms |`,
    `| resident size of the engine: first, last, trend of the last three quarters | ${first.rssMiB.toFixed(0)} MiB, ${last.rssMiB.toFixed(0)} MiB, ${percent(realRss?.growth ?? 0)} |`,
    `| whole tree at the end (PSS) | ${r.pssMiB} MiB |`,
    `| open handles: first, last | ${first.handles}, ${last.handles} |`,
    '',
    ...memoryTable(r, verdict),
  ];
}
