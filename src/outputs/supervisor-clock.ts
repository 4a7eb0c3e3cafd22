/** The supervisor's clock; replaced in tests. */
export interface SupervisorClock {
  nowMs(): number;
  /** Calls back once after `ms`; returns a function that cancels it. */
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
