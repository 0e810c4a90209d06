import type { IncomingMessage } from 'node:http';
import { limits } from '../core/limits.ts';
import { ApiFault, wrongBody } from './api-fault.ts';

/** The JSON object a request brings. @throws ApiFault 400, 413, 415 */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  if (!/^application\/json(?:\s*;|$)/i.test(request.headers['content-type'] ?? ''))
    throw new ApiFault(415, 'E_WEB_BODY_TYPE', 'the body must be JSON', 'Send `content-type: application/json`.');
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > limits.webBodyBytes)
      throw new ApiFault(413, 'E_WEB_BODY_SIZE', 'the body is too large', `Send at most ${limits.webBodyBytes} bytes.`, {
        connection: 'close',
      });
    chunks.push(chunk as Buffer);
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Said below: what was sent is not quoted.
  }
  throw wrongBody('Send one JSON object.');
}
