import { Fault } from '../core/faults.ts';
import { type CanonicalValue, canonicalJson } from '../crypto/canonical-json.ts';
import { signatureLine, signerOfLine } from '../crypto/signature-line.ts';
import { publicKeyId, type SigningKey } from '../crypto/signing-key.ts';

/** Somebody, as the system says. */
export interface Person {
  readonly name: string | undefined;
  readonly uid?: number | undefined;
}

/** Which pseudonyms somebody wants to see the originals of, and why. */
export interface UnmaskRequest {
  readonly format: 'auditveil.unmask/1';
  /** 32 hex digits. */
  readonly id: string;
  readonly pseudonyms: readonly string[];
  readonly reason: string;
  readonly requester: Person;
  /** RFC 3339. */
  readonly made: string;
  readonly expires: string;
}

/** A request as it stands in its file; approved where `approval` is there. */
export interface RequestFile {
  readonly request: UnmaskRequest;
  readonly approver?: Person;
  /** Signature line over the request and the approver. */
  readonly approval?: string;
}

const signedText = (request: UnmaskRequest, approver: Person): string =>
  canonicalJson({ request, approver } as unknown as CanonicalValue);

const isSame = (a: Person, b: Person): boolean => a.name === b.name && a.uid === b.uid;

/** @throws Fault E_UNMASK_SELF where the requester approves */
export function approved({ request }: RequestFile, approver: Person, key: SigningKey): RequestFile {
  if (isSame(request.requester, approver))
    throw new Fault('who asks cannot approve', {
      code: 'E_UNMASK_SELF',
      remedy: 'Let a second person approve, as another user of the system.',
    });
  return { request, approver, approval: signatureLine(key, signedText(request, approver)) };
}

/** @returns id of the key that approved @throws Fault E_UNMASK_APPROVAL, E_UNMASK_EXPIRED, E_UNMASK_SELF */
export function checkApproval({ request, approver, approval }: RequestFile, approvers: readonly string[], nowMs: number): string {
  const refuse = (message: string, code: string, remedy: string): never => {
    throw new Fault(message, { code, remedy });
  };
  if (approver === undefined || approval === undefined)
    return refuse('nobody has approved the request', 'E_UNMASK_APPROVAL', 'Let a second person run `auditveil unmask approve`.');
  if (isSame(request.requester, approver)) return refuse('who asked approved', 'E_UNMASK_SELF', 'Let a second person approve.');
  const signer = signerOfLine(approval, signedText(request, approver), approvers);
  if (signer === undefined)
    return refuse(
      'the approval was not signed by anybody who may approve, or the request was changed since',
      'E_UNMASK_APPROVAL',
      'Who may approve stands in `vault.approversFile` of the configuration.',
    );
  if (!(Date.parse(request.expires) > nowMs))
    return refuse(`the request expired on ${request.expires}`, 'E_UNMASK_EXPIRED', 'Make another one, and have it approved.');
  return publicKeyId(signer) ?? '';
}

/** @throws Fault E_UNMASK_REQUEST */
export function readRequest(text: string, file: string): RequestFile {
  try {
    const value = JSON.parse(text) as Partial<RequestFile>;
    const { request } = value;
    const isWhole =
      request?.format === 'auditveil.unmask/1' &&
      Array.isArray(request.pseudonyms) &&
      request.pseudonyms.every((one) => typeof one === 'string') &&
      typeof request.reason === 'string' &&
      typeof request.requester === 'object';
    if (isWhole) return value as RequestFile;
  } catch {
    // Said below.
  }
  throw new Fault(`${file} is no request`, { code: 'E_UNMASK_REQUEST', remedy: 'Make one with `auditveil unmask request`.' });
}
