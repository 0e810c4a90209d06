import { Fault } from '../core/faults.ts';
import type { Config } from './schema.ts';
import type { Role } from './transport-schema.ts';

/**
 * The part of a configuration that a role uses, so that agents and workers may share one file: an agent leaves the sinks to the
 * workers, a worker the sources to the agents.
 * @throws Fault E_CONFIG_ROLE
 */
export function configOfRole(config: Config, role: Role = config.role): Config {
  const { routing: _, ...unrouted } = config;
  if (role !== 'all' && config.transport === undefined) {
    throw new Fault(`the role ${role} needs \`transport\``, {
      code: 'E_CONFIG_ROLE',
      remedy: 'Say under `transport` which Kafka lies between agents and workers, or run with the role all.',
    });
  }
  if (role !== 'worker' && config.sources.length === 0) {
    throw new Fault(`the role ${role} needs at least one source`, {
      code: 'E_CONFIG_ROLE',
      remedy: 'Say under `sources` where events come from, or run with the role worker.',
    });
  }
  if (role === 'agent') return { ...unrouted, role, sinks: [] };
  return role === 'worker' ? { ...config, role, sources: [] } : { ...config, role };
}
