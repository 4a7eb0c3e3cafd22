import { createServer, type Socket } from 'node:net';

export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  /** With headers; quoted-printable lines are joined. */
  readonly text: string;
}

export interface SmtpServer {
  readonly port: number;
  readonly mails: TakenMail[];
  close(): Promise<void>;
}

/** An SMTP server that keeps what it is sent, and wants this user and password. */
export async function startSmtp(user: string, password: string): Promise<SmtpServer> {
  const mails: TakenMail[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    serve(socket, Buffer.from(`\0${user}\0${password}`).toString('base64'), mails);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    mails,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function serve(socket: Socket, wanted: string, mails: TakenMail[]): void {
  const say = (line: string): void => void socket.write(`${line}\r\n`);
  let [buffer, from, data] = ['', '', ''];
  let to: string[] = [];
  let [isData, isKnown] = [false, false];
  const command = (line: string): void => {
    const [verb = ''] = line.toUpperCase().split(' ');
    if (verb === 'EHLO') socket.write('250-local\r\n250 AUTH PLAIN\r\n');
    else if (verb === 'AUTH') {
      isKnown = line.split(' ')[2] === wanted;
      say(isKnown ? '235 welcome' : '535 5.7.8 user or password is wrong');
    } else if (verb === 'QUIT') {
      say('221 bye');
      socket.end();
    } else if (!isKnown) say('530 authentication required');
    else if (verb === 'MAIL') {
      from = /<(.*?)>/.exec(line)?.[1] ?? '';
      to = [];
      say('250 ok');
    } else if (verb === 'RCPT') {
      to.push(/<(.*?)>/.exec(line)?.[1] ?? '');
      say('250 ok');
    } else if (verb === 'DATA') {
      isData = true;
      say('354 go on');
    } else say('250 ok');
  };
  say('220 local ESMTP');
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    buffer += chunk;
    for (let end = buffer.indexOf('\r\n'); end >= 0; end = buffer.indexOf('\r\n')) {
      const line = buffer.slice(0, end);
      buffer = buffer.slice(end + 2);
      if (!isData) command(line);
      else if (line === '.') {
        isData = false;
        mails.push({ from, to, text: decoded(data) });
        data = '';
        say('250 taken');
      } else data += `${line}\n`;
    }
  });
}

function decoded(mail: string): string {
  const bytes = mail
    .replaceAll('=\n', '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
