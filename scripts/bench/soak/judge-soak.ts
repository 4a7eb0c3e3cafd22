import { MEMORY_CLASSES, type MemoryClass } from '../kit/tree-memory.js';
import type { MediaSoakResult } from './media-soak.js';
import type { RealSoakResult } from './real-soak.js';
import { trendOf, type Sample, type Trend } from './series.js';

/** The first part of a run fills caches and pools. */
const SETTLING = 0.25;
/** Growth below this over the judged stretch is noise, whatever its statistics. */
const GROWTH = 0.02;
/** The resident size of a whole process includes memory its allocator has not returned. */
const RSS_GROWTH = 0.05;
const MAX_T = 3;
/** Of the whole tree in real time. */
const MAX_MIB_A_MINUTE = 1;

export interface SoakVerdict {
  /** The faults as sentences; empty when all limits held. */
  readonly misses: readonly string[];
  readonly mediaHeap?: Trend;
  readonly realRss?: Trend;
  readonly realTree?: TreeGrowth;
}

/** MiB per minute over the judged stretch. */
export interface TreeGrowth {
  readonly total: number;
  /** Slope over its own standard error: within ±3 it is noise. */
  readonly t: number;
  readonly classes: Readonly<Record<MemoryClass, number>>;
}

const settled = (samples: readonly Sample[]): readonly Sample[] => {
  const end = samples.at(-1)?.hours ?? 0;
  return samples.filter(({ hours }) => hours >= end * SETTLING);
};

const grows = ({ growth, t }: Trend, most: number): boolean => growth > most && t > MAX_T;

function handlesGrow(samples: readonly Sample[]): string | undefined {
  const handles = settled(samples).map((sample) => sample.handles);
  const half = handles.length >> 1;
  const [before, after] = [Math.max(...handles.slice(0, half)), Math.max(...handles.slice(half))];
  return after > before + 2 ? `open handles rose from ${before} to ${after}` : undefined;
}

/** Growth of the tree's memory, in total and by use; undefined where it was not read. */
export function treeGrowth(samples: readonly Sample[]): TreeGrowth | undefined {
  const read = settled(samples).flatMap(({ hours, tree }) => (tree === undefined ? [] : [{ hours, tree }]));
  if (read.length === 0) return undefined;
  const total = trendOf(read.map(({ hours, tree }) => [hours, tree.totalMiB]));
  const classes = Object.fromEntries(
    MEMORY_CLASSES.map((name) => [
      name,
      trendOf(read.map(({ hours, tree }) => [hours, tree.classes[name]])).slope / 60,
    ]),
  ) as TreeGrowth['classes'];
  return { total: total.slope / 60, t: total.t, classes };
}

function treeMiss({ total, t, classes }: TreeGrowth): string | undefined {
  if (total <= MAX_MIB_A_MINUTE || t <= MAX_T) return undefined;
  const most = MEMORY_CLASSES.reduce((a, b) => (classes[b] > classes[a] ? b : a));
  return `memory grew by ${total.toFixed(1)} MiB a minute, most of it in ${most}`;
}

export function judgeSoak(media: MediaSoakResult | undefined, real: RealSoakResult | undefined): SoakVerdict {
  const misses: string[] = [];
  const must = (holds: boolean, miss: string): void => {
    if (!holds) misses.push(miss);
  };
  let mediaHeap: Trend | undefined;
  let realRss: Trend | undefined;
  let realTree: TreeGrowth | undefined;
  if (media !== undefined) {
    const { frames, receiver, viewer } = media;
    mediaHeap = trendOf(settled(media.samples).map((s) => [s.hours, s.heapMiB!]));
    must(!grows(mediaHeap, GROWTH), `media: the heap grew by ${percent(mediaHeap.growth)}`);
    const handles = handlesGrow(media.samples);
    must(handles === undefined, `media: ${handles}`);
    must(frames.unjudged === 0, `media: ${frames.unjudged} frames left unjudged`);
    must(frames.released + frames.replaced + frames.inWindow === frames.rendered, 'media: frames do not add up');
    must(receiver.backwards === 0 && receiver.gaps === 0, 'media: packets missing or out of order');
    must(receiver.worstOffsetMs <= 1000 / media.fps, `media: picture and sound ${receiver.worstOffsetMs} ms apart`);
    must(viewer.lostUnits === 0, `media: ${viewer.lostUnits} RTP packets missing`);
    must(media.lines > 0 && receiver.video > 0 && viewer.units > 0, 'media: nothing was spoken or sent');
  }
  if (real !== undefined) {
    realRss = trendOf(settled(real.samples).map((s) => [s.hours, s.rssMiB]));
    must(!grows(realRss, RSS_GROWTH), `real: memory grew by ${percent(realRss.growth)}`);
    realTree = treeGrowth(real.samples);
    const miss = realTree && treeMiss(realTree);
    must(miss === undefined, `real: ${miss}`);
    const handles = handlesGrow(real.samples);
    must(handles === undefined, `real: ${handles}`);
    must(
      real.frames.released + real.frames.replaced + real.frames.inWindow === real.frames.rendered,
      'real: frames do not add up',
    );
    must(real.frames.releasedUnjudged === 0, `real: ${real.frames.releasedUnjudged} frames left unjudged`);
    const worst = Math.max(0, ...real.offsets.map(({ worstMs }) => Math.abs(worstMs)));
    must(worst <= 1000 / 30, `real: picture and sound ${worst} ms apart`);
    must(
      real.offsets.every(({ marks }) => marks >= 2),
      'real: too few marks in picture and sound',
    );
    must(real.encoderRestarts === 0 && real.reconnects === 0, 'real: an encoder or output had to start again');
  }
  return {
    misses,
    ...(mediaHeap === undefined ? {} : { mediaHeap }),
    ...(realRss === undefined ? {} : { realRss }),
    ...(realTree === undefined ? {} : { realTree }),
  };
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
