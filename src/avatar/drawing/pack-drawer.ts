/**
 * Draws the presenter packs of strangers.
 *
 * Problem: a drawing of a few kilobytes can take minutes and gigabytes, and a pack is drawn in a hundred sheets.
 * Rule: each sheet is drawn in a child process with limits, and all sheets of a pack share a budget of CPU time. Our own
 * presenters, and those made from a spec, are our drawings: they do not go through here.
 * Numbers: 5 s of CPU and 1 GB a sheet, 60 s of CPU a pack.
 */
import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import type { WorkFaultKind } from '../../core/processes/idle-worker.js';
import { LimitedProcess, STRANGER_LIMITS, type WorkLimits } from '../../core/processes/limited-process.js';
import type { Pixels } from '../rasterise.js';
import type { MouthSheet, PackJob, PackReply } from './pack-messages.js';

export interface PackDrawerOptions {
  readonly limits?: WorkLimits;
  /** CPU time of all sheets. */
  readonly packCpuMs?: number;
}

const PACK_CPU_MS = 60_000;

export class PackDrawer implements Closeable {
  private readonly worker: LimitedProcess<PackJob, PackReply>;
  private readonly limits: WorkLimits;
  private readonly packCpuMs: number;
  private spentMs = 0;

  constructor({ limits = STRANGER_LIMITS, packCpuMs = PACK_CPU_MS }: PackDrawerOptions = {}) {
    this.limits = limits;
    this.packCpuMs = packCpuMs;
    this.worker = new LimitedProcess({
      module: new URL('./pack-child.js', import.meta.url),
      caller: import.meta.url,
      limits,
      gentle: true,
      idleMs: 1000,
    });
  }

  /** As `rasterise`. Throws E_PRESENTER_INVALID. */
  readonly rasterise = async (svg: Buffer, where: string): Promise<Pixels> => {
    const { data, width, height } = await this.draw({ kind: 'svg', svg, where });
    return { data: new Uint8Array(data), width, height };
  };

  /** The pictures of a sheet of mouths, one after another. Throws E_PRESENTER_INVALID. */
  async mouths(bytes: Uint8Array, sheet: MouthSheet, where: string): Promise<Uint8Array> {
    return new Uint8Array((await this.draw({ kind: 'mouths', bytes, sheet, where })).data);
  }

  close(): Promise<void> {
    return this.worker.close();
  }

  private async draw(job: PackJob): Promise<PackReply> {
    const { where } = job;
    const reply = await this.worker.ask(
      () => {
        if (this.spentMs > this.packCpuMs)
          throw tooComplex(where, `a pack drawn within ${this.packCpuMs / 1000} s`, 'more');
        return job;
      },
      (kind, why, cause) => this.fault(where, kind, why, cause),
    );
    this.spentMs += reply.cpuMs;
    return reply;
  }

  private fault(where: string, kind: WorkFaultKind, why: string, cause: unknown): EngineError {
    const { cpuMs, memoryMb, wallMs } = this.limits;
    if (kind === 'closed') return new EngineError('E_CLOSED', { where, found: 'a room that is closing', cause });
    if (kind === 'late')
      return new EngineError('E_TIMEOUT', {
        where,
        expected: `a drawing within ${wallMs / 1000} s`,
        found: 'none in time (machine busy)',
        todo: 'send it again when the machine has time',
        cause,
      });
    if (kind === 'cpu' || kind === 'memory')
      return tooComplex(where, `drawings that take at most ${cpuMs / 1000} s and ${memoryMb} MB each`, why, cause);
    return tooComplex(where, 'drawings that can be rasterised', `the drawing process failed: ${why}`, cause);
  }
}

const tooComplex = (where: string, expected: string, found: string, cause?: unknown): EngineError =>
  new EngineError('E_PRESENTER_INVALID', { where, expected, found, todo: 'simplify the drawings of the pack', cause });
