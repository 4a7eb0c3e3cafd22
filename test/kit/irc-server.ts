import type { Test } from 'tap';
import { SocketServer } from './socket-server.js';

/** Twitch's chat server as its documentation describes it, for anonymous readers. */
export class IrcServer {
  /** Lines that clients sent. */
  readonly heard: string[] = [];
  refuseLogins = false;

  private constructor(readonly sockets: { server?: SocketServer }) {}

  static async start(t: Test): Promise<IrcServer> {
    const own = new IrcServer({});
    own.sockets.server = await SocketServer.start(t, (socket) => {
      let nick = '';
      socket.on('message', (data) => {
        for (const line of String(data as Buffer)
          .split('\r\n')
          .filter((one) => one !== '')) {
          own.heard.push(line);
          const [command, ...rest] = line.split(' ');
          if (command === 'CAP') socket.send(`:tmi.twitch.tv CAP * ACK ${rest.slice(1).join(' ')}\r\n`);
          else if (command === 'NICK' && own.refuseLogins) {
            socket.send(':tmi.twitch.tv NOTICE * :Login authentication failed\r\n');
          } else if (command === 'NICK') {
            nick = rest[0]!;
            const numerics = ['001 %n :Welcome, GLHF!', '002 %n :Your host is tmi.twitch.tv', '376 %n :>'];
            socket.send(numerics.map((one) => `:tmi.twitch.tv ${one.replace('%n', nick)}\r\n`).join(''));
          } else if (command === 'JOIN') {
            const channel = rest[0]!;
            socket.send(
              `:${nick}!${nick}@${nick}.tmi.twitch.tv JOIN ${channel}\r\n` +
                `:${nick}.tmi.twitch.tv 353 ${nick} = ${channel} :${nick}\r\n` +
                `:${nick}.tmi.twitch.tv 366 ${nick} ${channel} :End of /NAMES list\r\n` +
                `@emote-only=0;room-id=7 :tmi.twitch.tv ROOMSTATE ${channel}\r\n`,
            );
          } else if (command === 'PING') socket.send(`:tmi.twitch.tv PONG tmi.twitch.tv :${rest.join(' ')}\r\n`);
        }
      });
    });
    return own;
  }

  get url(): string {
    return this.sockets.server!.url;
  }

  say(lines: readonly string[]): void {
    this.sockets.server!.send(lines.map((line) => `${line}\r\n`).join(''));
  }
}
