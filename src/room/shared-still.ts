/**
 * The last released picture as a JPEG, made once for all concurrent requests: a request that arrives during the
 * encoding gets the same one.
 */
export class SharedStill {
  private making: Promise<Buffer> | undefined;
  private made: { readonly frame: number; readonly jpeg: Buffer } | undefined;

  constructor(
    private readonly make: () => Promise<Buffer>,
    private readonly frame: () => number,
  ) {}

  async jpeg(): Promise<Buffer> {
    if (this.making !== undefined) return this.making;
    const frame = this.frame();
    if (this.made?.frame === frame) return this.made.jpeg;
    this.making = this.make();
    try {
      const jpeg = await this.making;
      this.made = { frame, jpeg };
      return jpeg;
    } finally {
      this.making = undefined;
    }
  }
}
