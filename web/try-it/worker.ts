import { decodePlan } from '../../src/compile/plan-file.ts';
import type { Pack } from '../../src/masking/pack.ts';
import { documentsIn } from './documents-in.ts';
import { documentMasker } from './mask-document.ts';
import type { Answer, Asked } from './messages.ts';

type Masker = ReturnType<typeof documentMasker>;

/** The plan and the packs of the policy `standard`, as the build made them; files of the page like any other. */
async function load(key: Uint8Array): Promise<Masker> {
  const [plan, packs] = await Promise.all([fetch('try-plan.bin'), fetch('try-packs.json')]);
  if (!plan.ok || !packs.ok) throw new Error('the plan of the scanner cannot be loaded');
  const { packs: loaded } = (await packs.json()) as { readonly packs: readonly Pack[] };
  return documentMasker(decodePlan(new Uint8Array(await plan.arrayBuffer())), loaded, key);
}

let masker: Promise<Masker> | undefined;

async function answer(asked: Asked): Promise<Answer> {
  if ('key' in asked) {
    masker = load(asked.key);
    await masker;
    return { ready: true };
  }
  if (!masker) throw new Error('there is no key yet');
  const mask = await masker;
  return { documents: documentsIn(asked.text).map(mask) };
}

/** The two functions of a worker that are needed; its other names are not those of a page. */
const scope = globalThis as unknown as {
  onmessage: (event: { readonly data: Asked }) => void;
  postMessage(answer: Answer): void;
};

scope.onmessage = ({ data }) => {
  answer(data).then(
    (said) => scope.postMessage(said),
    (error: unknown) => scope.postMessage({ failed: error instanceof Error ? error.message : String(error) }),
  );
};
