import { delivered, errored, type Outcome, rejected } from '../../core/delivery.ts';
import { Fault } from '../../core/faults.ts';
import { memberOf } from '../../core/json-members.ts';

/**
 * What an answer of `_bulk` says of each document, in order. 409 is a repeat of what is there already. Of the reason only its type
 * is taken, a word of the server's own; its text quotes the document.
 * @returns undefined where the answer is none of `_bulk` or has another number of items
 */
export function bulkOutcomes(answer: string, documents: number): readonly Outcome[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(answer);
  } catch {
    return undefined;
  }
  const items = memberOf(parsed, 'items');
  if (!Array.isArray(items) || items.length !== documents) return undefined;
  const outcomes = items.map(outcomeOf);
  return outcomes.every((outcome) => outcome !== undefined) ? outcomes : undefined;
}

function outcomeOf(item: unknown): Outcome | undefined {
  const result = memberOf(item, 'create');
  const status = memberOf(result, 'status');
  if (typeof status !== 'number') return undefined;
  if ((status >= 200 && status < 300) || status === 409) return delivered;
  const type = memberOf(memberOf(result, 'error'), 'type');
  const reason = typeof type === 'string' && /^[a-z_]{3,60}$/.test(type) ? type : 'no reason';
  if (status === 400 || status === 413 || status === 422) return rejected(refusal(status, reason));
  return errored(trouble(status, reason));
}

function refusal(status: number, reason: string): Fault {
  return new Fault(`the index refused the document: ${status} ${reason}`, {
    code: 'E_SINK_REFUSED',
    remedy: 'Compare the mapping of the index with our template (deploy/opensearch); then send the dead letters again.',
  });
}

function trouble(status: number, reason: string): Fault {
  const remedies: Readonly<Record<number, string>> = {
    403: 'The index may be read-only (a full disk does that) or closed to this account.',
    404: 'The index is not there and is not made by itself: make it, or let `action.auto_create_index` allow it.',
    429: 'The server has too much to do; the sink goes on by itself, slower.',
  };
  return new Fault(`the index did not take a document: ${status} ${reason}`, {
    code: status === 429 ? 'E_SINK_BUSY' : 'E_SINK_SERVER',
    remedy: remedies[status] ?? 'See the log of that server; the sink goes on by itself.',
    retryable: true,
  });
}
