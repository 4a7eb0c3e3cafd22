import type { VoiceFault } from '../providers/voice-fault.js';

/**
 * When a failing voice is tried again.
 *
 * Problem: a due line cannot wait for a service that does not answer, and a service that is asked by every line while
 * it is down, or over its limit, stays over it.
 * Rule: after a fault the voice rests, at first for 2 s, then twice as long each time, 5 minutes at most; a service
 * that asks for a longer pause gets it, an hour at most. A wrong key or voice rests for 5 minutes at once. A refused
 * text says nothing about the next one. One success ends it. A voice that no line has asked for in the 5 minutes after
 * its rest no longer counts as failing: nobody knows, and nobody needs it.
 */
const FIRST_REST_MS = 2000;
const MAX_REST_MS = 5 * 60_000;
const MAX_ASKED_MS = 60 * 60_000;
const FORGOTTEN_MS = 5 * 60_000;

export class VoiceRest {
  private untilMs = 0;
  private failures = 0;
  lastError = '';

  constructor(private readonly nowMs: () => number) {}

  get restMs(): number {
    return Math.max(0, Math.ceil(this.untilMs - this.nowMs()));
  }

  get failing(): boolean {
    return this.failures > 0 && this.nowMs() < this.untilMs + FORGOTTEN_MS;
  }

  succeeded(): void {
    this.failures = 0;
    this.untilMs = 0;
    this.lastError = '';
  }

  failed({ kind, retryAfterMs = 0 }: VoiceFault, shown: string): void {
    this.lastError = shown;
    if (kind === 'text') return;
    const own = kind === 'setup' ? MAX_REST_MS : Math.min(MAX_REST_MS, FIRST_REST_MS * 2 ** this.failures);
    this.failures += 1;
    this.untilMs = this.nowMs() + Math.max(own, Math.min(MAX_ASKED_MS, retryAfterMs));
  }
}
