import type { CliContext } from '../output.ts';
import { LocalFeed } from './local-feed.ts';
import { LocalStatus } from './local-status.ts';
import type { TailOptions } from './tail-options.ts';

/** Opens a data folder: that of the configuration, else the one named. @throws Fault E_LOG_MISSING, and of the configuration */
export async function openLocalFeed(context: CliContext, options: TailOptions): Promise<LocalFeed> {
  const [{ openLogReader }, { leaveNote }, { whoRuns }, { textMasker }, config] = await Promise.all([
    import('../../log/open-log-reader.ts'),
    import('../../pipeline/note-inbox.ts'),
    import('../key-place.ts'),
    import('../text-masker.ts'),
    configOf(context, options),
  ]);
  const directory = config?.log.directory ?? options.dataDir;
  const reader = await openLogReader({
    directory: `${directory}/findings`,
    ...(options.since === undefined ? {} : { start: { sinceMs: options.since } }),
  });
  const metrics = options.metrics ?? config?.telemetry.listen;
  const status = new LocalStatus({ metrics, directory, nowMs: Date.now });
  return new LocalFeed({
    ...{ directory, reader, nowMs: Date.now, by: whoRuns() },
    openEvents: async () => (await import('../../store/open-event-store.ts')).openEventStore(directory),
    status: () => status.view(),
    leave: (note) => leaveNote(directory, note),
    maskText: textMasker(context, { ...(config && { masking: config.masking }), key: options.key }),
  });
}

/** The configuration named, if one is. */
export async function configOf(context: CliContext, { config }: Pick<TailOptions, 'config'>) {
  if (config === undefined) return undefined;
  const { readConfigFile } = await import('../read-config-file.ts');
  return readConfigFile(config, context.env);
}
