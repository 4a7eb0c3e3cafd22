import { createSocket, type Socket } from 'node:dgram';

/** Relays datagrams between one client and one port, and drops some of them in both directions. */
export class UdpProxy {
  /** Share of dropped datagrams. */
  loss = 0;
  lost = 0;
  private readonly near: Socket = createSocket('udp4');
  private readonly far: Socket = createSocket('udp4');
  private client: { address: string; port: number } | undefined;

  async listen(): Promise<number> {
    await Promise.all(
      [this.near, this.far].map((socket) => new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))),
    );
    return this.near.address().port;
  }

  /** Incoming datagrams go to this port. */
  connect(port: number): void {
    this.near.on('message', (data, from) => {
      this.client = from;
      if (this.passes()) this.far.send(data, port, '127.0.0.1');
    });
    this.far.on('message', (data) => {
      const { client } = this;
      if (client !== undefined && this.passes()) this.near.send(data, client.port, client.address);
    });
  }

  close(): void {
    this.near.close();
    this.far.close();
  }

  private passes(): boolean {
    const passes = Math.random() >= this.loss;
    if (!passes) this.lost += 1;
    return passes;
  }
}
