import { connect, type Socket } from 'node:net';

export interface RawOptions {
  /** Ends our half of the connection after the text. */
  readonly halfClose?: boolean;
  /** Resolves once this many answers came, or the connection ended. */
  readonly answers?: number;
  readonly from?: string;
}

export function open(address: string, from?: string): Socket {
  const [host = '', port = ''] = address.split(':');
  const socket = connect({
    host,
    port: Number(port),
    allowHalfOpen: true,
    ...(from === undefined ? {} : { localAddress: from }),
  });
  return socket.on('error', () => undefined);
}

/** Status lines of what a server says to these bytes, in order; a last `closed` where it ended the connection. */
export function say(address: string, text: string | Buffer, options: RawOptions = {}): Promise<readonly string[]> {
  const socket = open(address, options.from);
  let said = '';
  const statuses = (): readonly string[] => [...said.matchAll(/^HTTP\/1\.[01] (\d{3})/gm)].map((match) => match[1] ?? '');
  return new Promise((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString('latin1');
      if (options.answers === undefined || statuses().length < options.answers) return;
      resolve(statuses());
      socket.destroy();
    });
    socket.once('end', () => socket.end());
    socket.once('close', () => resolve([...statuses(), 'closed']));
    if (options.halfClose) socket.end(text);
    else socket.write(text);
  });
}
