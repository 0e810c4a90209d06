import { Fault } from '../core/faults.ts';

/** What the process of questions is told. */
export type ToStore =
  | { readonly type: 'ask'; readonly id: number; readonly method: string; readonly args: readonly unknown[] }
  | { readonly type: 'stop' | 'more'; readonly id: number };

/** What it says. After a `part` it waits for `more`. */
export type FromStore =
  | { readonly type: 'part' | 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'fault'; readonly id: number; readonly fault: FaultMessage }
  | { readonly type: 'notice'; readonly text: string };

export interface FaultMessage {
  readonly message: string;
  readonly code: string;
  readonly remedy: string | undefined;
  readonly retryable: boolean;
}

/** Errors that are no faults of ours lose their text: it may quote what it was about. */
export function faultMessage(error: unknown): FaultMessage {
  if (error instanceof Fault) {
    const { message, code, remedy, retryable } = error;
    return { message, code, remedy, retryable };
  }
  const { code } = error as { readonly code?: unknown };
  return {
    message: `the question could not be answered (${typeof code === 'string' ? code : 'unknown error'})`,
    code: 'E_STORE_FAILED',
    remedy: undefined,
    retryable: true,
  };
}

export function faultOf({ message, code, remedy, retryable }: FaultMessage): Fault {
  return new Fault(message, { code, retryable, ...(remedy !== undefined && { remedy }) });
}
