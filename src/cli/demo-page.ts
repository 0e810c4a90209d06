import { webSchema } from '../config/web-schema.ts';
import type { DemoReadings } from '../demo/run-demo.ts';
import { openDataFolder, selfPort } from '../pipeline/web-host.ts';
import { openWeb } from '../web/open-web.ts';
import { whoRuns } from './key-place.ts';
import type { CliContext } from './output.ts';
import { runSelf } from './run-self.ts';
import { textMasker } from './text-masker.ts';
import { untilStopped } from './until-stopped.ts';

export interface DemoPlace {
  readonly directory: string;
  readonly keyFile: string;
}

/** The page beside the demo; it stays until somebody stops it. */
export async function openDemoPage(context: CliContext, { directory, keyFile }: DemoPlace, listen: string | true) {
  const notice = (text: string): void => context.output.note(`auditveil: ${text}`);
  const folder = await openDataFolder(directory, { clock: { nowMs: Date.now }, notice });
  let readings: DemoReadings | undefined;
  const { server, url } = await openWeb(webSchema.parse(listen === true ? {} : { listen }), {
    ...folder.ports,
    cluster: 'demo',
    self: selfPort(runSelf, { masking: { keyFile, keyFileGroupReadable: false } }, directory),
    live: () => readings && { readings, problems: () => [] },
    maskText: textMasker(context, { key: keyFile }),
  });
  notice(`the page: ${server.link(url, { name: whoRuns().name ?? 'owner', role: 'analyst' })}`);
  return {
    watch: (found: DemoReadings): void => {
      readings = found;
    },
    stay: async (): Promise<void> => {
      if (!context.stop.aborted) notice('the page stays open until you press Ctrl-C');
      await untilStopped(context.stop);
    },
    close: async (): Promise<void> => {
      await server.close();
      await folder.close();
    },
  };
}
