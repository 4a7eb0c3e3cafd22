import type { Closeable } from '../core/closeable.js';
import type { GateEvent } from '../compliance/gate/gate-event.js';
import type { Log } from '../core/log.js';
import { type FrameIndex, millisecondsToFrames } from '../core/time.js';
import type { LedgerEntry, RuleAction } from '../core/verdict.js';
import type { EvidenceKeeper } from './evidence-keeper.js';
import type { RoomConfig } from '../config/room-config.js';

/** Frames between drawing and release: the look-ahead, or the dump button's window if that is longer. */
export function windowFrames({ compliance, rate }: RoomConfig): number {
  const { lookAheadFrames, dumpWindowMs } = compliance;
  return Math.max(lookAheadFrames, millisecondsToFrames(dumpWindowMs, rate));
}

/** The same, and logs the delay it costs. */
export function gateWindow(room: RoomConfig, log: Log): number {
  const frames = windowFrames(room);
  if (room.compliance.dumpWindowMs > 0) log.info({ frames }, 'the window of the dump button delays the broadcast');
  return frames;
}

/** Advice to an operator when frames have no verdict in time. */
const WHEN_BEHIND =
  'the scan is behind: calm or shrink layers that change all over in every frame (noise, film grain, fine patterns), ' +
  'lower video.width and height, or give the machine more cores';

/** Advice when frames are left out. */
const WHEN_BUSY =
  'this machine is busy: close other programs here, give the room more cores, or lower video.fps, video.width and height';
/** Steps follow one another quickly; the one that lasts is reported. */
const STEP_LASTS_MS = 2000;

export interface GateLedgerOptions {
  /** The room's own rate. */
  readonly fps: number;
  readonly note: (entry: LedgerEntry) => void;
  readonly log: Log;
  readonly evidence: Pick<EvidenceKeeper, 'picture'>;
  /** The action for a code. */
  readonly action: RuleAction;
  /** Ends the room. */
  readonly onStop: (rule: string) => void;
}

/** Writes gate events to the ledger and the log, and hands the withheld frame to the evidence store. */
export const gateLedger = ({ fps, note, log, evidence, action, onStop }: GateLedgerOptions) => {
  let saidFps = fps;
  let step: NodeJS.Timeout | undefined;
  const sayStep = (frame: FrameIndex, pictureFps: number): void => {
    if (pictureFps === saidFps) return;
    saidFps = pictureFps;
    note({ kind: 'room', action: 'frame-rate', frame, detail: { pictureFps } });
    if (pictureFps === fps) log.info({ frame, pictureFps }, 'the picture is at its full frame rate again');
    else
      log.warn({ frame, pictureFps, todo: WHEN_BUSY }, 'the picture has fewer frames a second: this machine is busy');
  };
  return (event: GateEvent, picture?: Uint8Array): void => {
    switch (event.type) {
      case 'violation':
        for (const hit of event.hits) {
          note({
            kind: 'frame',
            rule: hit.rule,
            surface: 'frame',
            action,
            frame: event.frame,
            evidence: (hit.text ?? hit.kind).slice(0, 200),
            detail: { kind: hit.kind, ...(hit.box === undefined ? {} : { ...hit.box }) },
          });
        }
        if (picture !== undefined) {
          const rule = event.hits[0]?.rule ?? '3.3';
          evidence.picture(picture, { rule, surface: 'frame', frame: event.frame });
        }
        log.warn({ frame: event.frame, kinds: event.hits.map((h) => h.kind) }, 'a code in the picture: held back');
        if (action === 'stop') onStop(event.hits[0]?.rule ?? '3.3');
        return;
      case 'scan-failed':
        note({
          kind: 'frame',
          surface: 'frame',
          action: 'blank',
          frame: event.frame,
          detail: { unjudged: event.reason },
        });
        log.error({ frame: event.frame, reason: event.reason }, 'a frame could not be judged: held back');
        return;
      case 'dumped':
        note({
          kind: 'operator',
          surface: 'frame',
          action: 'dump',
          frame: event.frame,
          detail: { frames: event.frames },
        });
        log.warn({ frame: event.frame, frames: event.frames }, 'the operator dropped what had not left');
        return;
      case 'replacing':
        log.warn(
          { frame: event.frame, cause: event.cause, ...(event.cause === 'unjudged' ? { todo: WHEN_BEHIND } : {}) },
          'frames are being replaced',
        );
        return;
      case 'frame-step':
        clearTimeout(step);
        step = setTimeout(() => sayStep(event.frame, event.fps), STEP_LASTS_MS).unref();
        return;
      case 'clip-pace':
        if (event.step === 1) log.info({ frame: event.frame }, 'large clips show every frame again');
        else {
          log.warn(
            { frame: event.frame, oneFrameOf: event.step, todo: WHEN_BEHIND },
            'large clips go slower, so that each frame is judged',
          );
        }
        return;
      case 'resumed':
        note({
          kind: 'frame',
          surface: 'frame',
          action: 'resume',
          frame: event.frame,
          detail: { replacedFrames: event.replacedFrames },
        });
        log.info({ frame: event.frame, replacedFrames: event.replacedFrames }, "the room's own picture is back");
    }
  };
};

type GateListener = (event: GateEvent, picture?: Uint8Array) => void;

/**
 * Passes the gate's events to a listener that is opened later than the loop's thread. The thread reports nothing before
 * it has its room, and outlives the ledger by a moment: events before `connect` and after `close` are dropped.
 */
export class GateRelay implements Closeable {
  private listener: GateListener | undefined;

  readonly onGate: GateListener = (event, picture) => this.listener?.(event, picture);

  connect(listener: GateListener): void {
    this.listener = listener;
  }

  async close(): Promise<void> {
    this.listener = undefined;
  }
}
