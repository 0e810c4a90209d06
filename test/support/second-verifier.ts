import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../docs/verify', import.meta.url));

/** Many verifications in one process; a signature that was checked once is not checked again. */
const driver = `
import functools, json, sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import verify
verify.is_signed = functools.lru_cache(maxsize=None)(verify.is_signed)
import proof
for job in json.load(sys.stdin):
    check = proof.verify_proof if job["isProof"] else verify.verify_folder
    try:
        check(job["path"], [key.encode() for key in job["keys"]], job.get("checkpoint"))
        print(json.dumps("ok"))
    except verify.Wrong as wrong:
        print(json.dumps(str(wrong)))
    except Exception as error:
        print(json.dumps("CRASH " + repr(error)))
`;

export interface VerifyJob {
  readonly path: string;
  /** PEM. */
  readonly keys: readonly string[];
  readonly checkpoint?: string | undefined;
  readonly isProof?: boolean;
}

/** What the verifier in Python says of each: `ok`, or what is wrong. Undefined where python3 or openssl is missing outside CI. */
export function secondVerifier(jobs: readonly VerifyJob[]): readonly string[] | undefined {
  const has = (command: string, arg: string): boolean => spawnSync(command, [arg]).status === 0;
  if (!has('python3', '--version') || !has('openssl', 'version')) {
    if (process.env['CI'] === 'true') throw new Error('python3 or openssl is missing');
    return undefined;
  }
  const input = JSON.stringify(jobs.map((job) => ({ isProof: false, ...job })));
  const { stdout, stderr, status } = spawnSync('python3', ['-c', driver, folder], { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the second verifier fell over: ${stderr}`);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as string);
}
