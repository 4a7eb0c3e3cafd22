/** Work that is done one piece after another, whatever becomes of the one before. */
export class SerialQueue {
  private last: Promise<unknown> = Promise.resolve();

  take<T>(work: () => Promise<T>): Promise<T> {
    const done = this.last.then(work);
    this.last = done.catch(() => undefined); // failures go to the caller; the queue continues
    return done;
  }
}
