import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A strict mail server without TLS: one command a line, each with its answer (RFC 5321). */
export class SmtpFake {
  readonly messages: string[] = [];
  readonly recipients: string[] = [];
  /** An answer instead of the usual one. */
  answer: (command: string, data: string) => string | undefined = () => undefined;
  isHanging = false;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  async listen(port = 0): Promise<number> {
    this.#server = createServer((socket) => this.#serve(socket)).listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const socket of this.#sockets) socket.destroy();
    if (!server) return;
    server.close();
    await once(server, 'close');
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket)).on('error', () => undefined);
    let text = '';
    let isData = false;
    socket.write('220 fake ESMTP\r\n');
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      for (;;) {
        const end = text.indexOf(isData ? '\r\n.\r\n' : '\r\n');
        if (end < 0 || this.isHanging) return;
        const line = text.slice(0, end);
        text = text.slice(end + (isData ? 5 : 2));
        const reply = isData ? this.#take(line) : this.#command(line);
        isData = reply.startsWith('354');
        socket.write(`${reply}\r\n`);
      }
    });
  }

  #take(message: string): string {
    const own = this.answer('.', message);
    if (own === undefined) this.messages.push(message);
    return own ?? '250 taken';
  }

  #command(line: string): string {
    const verb = line.split(/[ :]/)[0]?.toUpperCase() ?? '';
    const own = this.answer(verb, line);
    if (own !== undefined) return own;
    if (verb === 'RCPT') this.recipients.push(/<(.*)>/.exec(line)?.[1] ?? '');
    const answers: Readonly<Record<string, string>> = {
      EHLO: '250 fake',
      MAIL: '250 ok',
      RCPT: '250 ok',
      DATA: '354 go on',
      RSET: '250 ok',
      QUIT: '221 bye',
    };
    return answers[verb] ?? '500 what?';
  }
}

/** Subject and parts of a message, decoded. */
export function readMail(message: string): {
  readonly headers: string;
  readonly subject: string;
  readonly parts: readonly string[];
} {
  const [headers = '', ...rest] = message.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  const unfolded = headers.replace(/\r\n[ \t]/g, ' ');
  const boundary = /boundary="([^"]+)"/.exec(unfolded)?.[1] ?? '';
  const parts = body.split(`--${boundary}`).slice(1, -1).map(decodePart);
  const subject = /^Subject: (.*)$/m.exec(unfolded)?.[1] ?? '';
  return { headers: unfolded, subject, parts };
}

function decodePart(part: string): string {
  const at = part.indexOf('\r\n\r\n');
  const [head, text] = [part.slice(0, at), part.slice(at + 4)];
  if (/base64/i.test(head)) return Buffer.from(text, 'base64').toString('utf8');
  if (!/quoted-printable/i.test(head)) return text;
  const bytes = text
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
