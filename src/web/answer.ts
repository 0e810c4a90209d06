import type { IncomingMessage, ServerResponse } from 'node:http';
import { Fault } from '../core/faults.ts';
import type { ApiError } from './api.ts';
import { ApiFault } from './api-fault.ts';
import { securityHeaders } from './headers.ts';
import type { StaticFile } from './static-files.ts';

export function answerJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    ...headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(bytes.length),
    'cache-control': 'no-store',
  });
  response.end(bytes);
}

/** What went wrong, as JSON. Only faults of ours say why: another error may quote an event. @returns its status */
export function answerError(response: ServerResponse, error: unknown): number {
  const fault = apiFaultOf(error);
  const body: ApiError = { error: { code: fault.code, message: fault.message, remedy: fault.remedy ?? '' } };
  if (response.headersSent) response.destroy();
  else answerJson(response, fault.status, body, fault.headers);
  return fault.status;
}

/** Faults of questions that can be asked better. */
const statuses: Readonly<Record<string, number>> = { E_STORE_WORK: 422, E_STORE_STEPS: 400, E_STORE_CURSOR: 400 };

function apiFaultOf(error: unknown): ApiFault {
  if (error instanceof ApiFault) return error;
  if (error instanceof Fault)
    return new ApiFault(
      statuses[error.code] ?? (error.retryable ? 503 : 500),
      error.code,
      error.message,
      error.remedy ?? 'See the log of the agent.',
    );
  return new ApiFault(500, 'E_WEB_INTERNAL', 'the call failed', 'See the log of the agent.');
}

export function answerFile(request: IncomingMessage, response: ServerResponse, file: StaticFile): void {
  const headers = { etag: file.etag, 'cache-control': 'no-cache', vary: 'accept-encoding' };
  if (request.headers['if-none-match'] === file.etag) {
    response.writeHead(304, headers).end();
    return;
  }
  const gzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? '')) ? file.gzip : undefined;
  const bytes = gzip ?? file.bytes;
  response.writeHead(200, {
    ...headers,
    'content-type': file.type,
    'content-length': String(bytes.length),
    ...(gzip && { 'content-encoding': 'gzip' }),
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

const plainPage = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Auditveil</title>
<p>The API of Auditveil answers below <code>/api/v1</code>. The page itself is not built here.</p></html>
`;

/** Stands in for a page that was not built. */
export function answerPlainPage(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  response.end(plainPage);
}

export function setSecurityHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
}
