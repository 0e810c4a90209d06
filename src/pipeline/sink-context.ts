import type { SinkContext } from '../core/sink-context.ts';
import { packageVersion } from './load-files.ts';

/** What every sink of a process is given, with the name and version of this program. */
export async function sinkContext(own: Pick<SinkContext, 'cluster' | 'clock' | 'signal' | 'notice'>): Promise<SinkContext> {
  return { ...own, product: { name: 'Auditveil', version: await packageVersion() } };
}
