import { Fault } from '../core/faults.ts';

/** A call that cannot be answered as asked, with its HTTP status. Texts are ours: they never quote what was sent. */
export class ApiFault extends Fault {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, remedy: string, headers: Readonly<Record<string, string>> = {}) {
    super(message, { code, remedy });
    this.status = status;
    this.headers = headers;
  }
}

export const notFound = (what: string, remedy: string): ApiFault => new ApiFault(404, 'E_WEB_NOT_FOUND', what, remedy);

export const wrongQuery = (name: string, remedy: string): ApiFault =>
  new ApiFault(400, 'E_WEB_QUERY', `\`${name}\` is not what it must be`, remedy);

export const wrongBody = (remedy: string): ApiFault => new ApiFault(400, 'E_WEB_BODY', 'the body is not what it must be', remedy);

/** What this server cannot answer, where it runs. */
export const notHere = (what: string, remedy: string): ApiFault => new ApiFault(501, 'E_WEB_NOT_HERE', what, remedy);
