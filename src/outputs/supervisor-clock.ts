/** Time as the supervisor sees it; replaced in tests. */
export interface SupervisorClock {
  nowMs(): number;
  /** Calls back once after `ms`; gives the way to cancel it. */
  after(ms: number, callback: () => void): () => void;
  /** 0–1, for the jitter. */
  random(): number;
}

export const systemClock: SupervisorClock = {
  nowMs: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};
