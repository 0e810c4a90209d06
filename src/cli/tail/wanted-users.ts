import { keyPlace } from '../key-place.ts';
import type { CliContext } from '../output.ts';
import { isAsEventsSay } from '../user-forms.ts';
import type { TailOptions } from './tail-options.ts';

/** What stands in masked events as it is: pseudonyms, whole or as lines show them, and users of `system:`. */
const isMasked = (name: string): boolean => isAsEventsSay(name) || /^[a-z][a-z0-9-]*~[0-9a-f]{8}$/.test(name);

/**
 * How the users asked for may stand in findings; undefined where nobody was asked for. Names in clear become their pseudonyms under
 * every epoch that has a key, which is noted in the data folder. @throws what `loadKeyRing` throws, Fault E_NOTE_WRITE
 */
export async function wantedUsers(
  context: CliContext,
  { user, key, config, dataDir }: Pick<TailOptions, 'user' | 'key' | 'config'> & { readonly dataDir?: string | undefined },
): Promise<readonly string[] | undefined> {
  if (user === undefined) return undefined;
  if (user.every(isMasked)) return user;
  const [{ loadKeyRing }, { lookUpUser }] = await Promise.all([
    import('../../crypto/key-ring-file.ts'),
    import('../user-forms.ts'),
  ]);
  const place = await keyPlace(context, { ...(key && { key }), ...(config && { config }) });
  const ring = await loadKeyRing(place.file, place);
  const folders = { dataDirectories: dataDir === undefined ? [] : [dataDir] };
  const forms: string[] = [];
  for (const name of user) {
    if (isMasked(name)) forms.push(name);
    else forms.push(...(await lookUpUser(ring, name, 'tail', folders)));
  }
  return forms;
}
