import type { Config } from '../config/schema.ts';
import type { TextMasker } from '../core/review.ts';
import type { CliContext } from './output.ts';

export interface TextMaskerOptions {
  /** Of the agent's configuration; absent: the standard policy. */
  readonly masking?: Config['masking'];
  readonly key?: string | undefined;
}

/** A function that masks what a person wrote. Packs and key are loaded when it is used first: it takes a second. */
export function textMasker(context: CliContext, options: TextMaskerOptions): TextMasker {
  let opened: ReturnType<typeof open> | undefined;
  return async (text, as) => {
    opened ??= open(context, options);
    const { inspector, maskText } = await opened;
    return maskText(inspector, text, as);
  };
}

const noKey = { keyFile: undefined, keyFileGroupReadable: false };

async function open(context: CliContext, { masking, key }: TextMaskerOptions) {
  const [{ openEngine }, { userKeyRing }, { maskText }] = await Promise.all([
    import('../pipeline/open-engine.ts'),
    import('./user-key.ts'),
    import('../pipeline/mask-text.ts'),
  ]);
  const { keyFile, keyFileGroupReadable, ...policy } = masking ?? { policy: 'standard', enable: [], ...noKey };
  const keyRing = await userKeyRing(context, key ?? keyFile, { groupReadable: key === undefined && keyFileGroupReadable });
  const { inspector } = await openEngine({ ...policy, keyRing });
  return { inspector, maskText };
}
