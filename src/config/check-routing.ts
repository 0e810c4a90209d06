import { didYouMean } from '../core/closest-word.ts';
import type { RoutingConfig } from './routing-schema.ts';

/** A name in a routing that nothing bears. */
export interface RoutingFault {
  /** Where in the configuration. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly remedy: string;
}

/**
 * Names of sinks and mute windows that do not exist.
 * @param sinks names of the sinks that take findings
 */
export function checkRouting(routing: RoutingConfig, sinks: readonly string[]): readonly RoutingFault[] {
  const windows = routing.muteWindows.map((window) => window.name);
  const faults = unknown(['routing', 'sinks'], routing.sinks, sinks, 'sink of findings');
  const walk = (routes: RoutingConfig['routes'], path: readonly (string | number)[]): void => {
    for (const [index, route] of routes.entries()) {
      const place = [...path, index];
      faults.push(...unknown([...place, 'sinks'], route.sinks ?? [], sinks, 'sink of findings'));
      faults.push(...unknown([...place, 'mute'], route.mute, windows, 'mute window'));
      walk(route.routes, [...place, 'routes']);
    }
  };
  walk(routing.routes, ['routing', 'routes']);
  return faults;
}

/** Names of sinks for checkpoints that do not exist. @param sinks names of the sinks that take findings */
export function checkCheckpoints(
  checkpoints: { readonly sinks: readonly string[] } | undefined,
  sinks: readonly string[],
): readonly RoutingFault[] {
  return unknown(['log', 'checkpoints', 'sinks'], checkpoints?.sinks ?? [], sinks, 'sink of findings');
}

function unknown(path: RoutingFault['path'], names: readonly string[], known: readonly string[], what: string): RoutingFault[] {
  return names.flatMap((name, index) =>
    known.includes(name)
      ? []
      : [{ path: [...path, index], message: `there is no ${what} of this name`, remedy: didYouMean(name, known) }],
  );
}
