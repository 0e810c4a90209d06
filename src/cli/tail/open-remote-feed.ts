import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../../core/faults.ts';
import { isLoopbackAddress } from '../../sinks/http/forbidden-address.ts';
import { readText } from '../read-text.ts';
import { ApiClient } from './api-client.ts';
import { RemoteFeed } from './remote-feed.ts';
import type { TailOptions } from './tail-options.ts';

export type RemoteOptions = Pick<TailOptions, 'server' | 'tokenFile' | 'caFile' | 'since' | 'severity' | 'humans'>;

/** Connects to the API of a server. @throws Fault E_USAGE_SERVER, E_FILE_READ, E_REMOTE_* */
export async function openRemoteFeed(server: string, options: RemoteOptions, stop: AbortSignal): Promise<RemoteFeed> {
  const { tokenFile, caFile, since, severity, humans } = options;
  const url = checkedServer(server);
  if (tokenFile === undefined) throw usage('--server takes a token', 'Give the file it is in with --token-file.');
  const token = (await readText(tokenFile)).trim();
  if (!/^[!-~]{1,4096}$/.test(token))
    throw usage('the token file does not hold one token', 'Write the token into it, and nothing else.');
  const client = new ApiClient({ server: url, token, authority: caFile === undefined ? undefined : await readText(caFile) });
  const query = {
    ...(severity !== 'informational' && { severity }),
    ...(humans && { humans: 'true' }),
    ...(since !== undefined && { since: new Date(since).toISOString() }),
  };
  const wait = (milliseconds: number, signal: AbortSignal): Promise<void> =>
    sleep(milliseconds, undefined, { signal }).catch(() => undefined);
  try {
    return await RemoteFeed.open({ client, query, nowMs: Date.now, wait, random: Math.random }, stop);
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** @throws Fault E_USAGE_SERVER */
function checkedServer(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    throw usage('--server is no address of a server', 'Write https://host:8090.');
  if (url.protocol === 'http:' && url.hostname !== 'localhost' && !isLoopbackAddress(url.hostname))
    throw usage('plain HTTP shows the token to whoever is on the way', 'Use https://; http only on this machine.');
  return url;
}

function usage(message: string, remedy: string): Fault {
  return new Fault(message, { code: 'E_USAGE_SERVER', remedy });
}
