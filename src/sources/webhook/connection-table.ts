import type { Socket } from 'node:net';
import type { ClientCertificate } from './client-identity.ts';

/** One TCP connection. */
export interface Connection {
  readonly socket: Socket;
  readonly address: string;
  /** A request on it was accepted once: it is not closed to make room. */
  proven: boolean;
  certificate: ClientCertificate | undefined;
  /** Which state of the certificates it was accepted under. */
  readonly generation: number;
}

export interface ConnectionBounds {
  readonly connections: number;
  readonly connectionsPerAddress: number;
}

/**
 * The connections of a listener, bounded. A new one over the bound takes the place of the oldest that has not proven who
 * it is (of its address, or of all), so that a crowd of idle connections never keeps an honest one out.
 */
export class ConnectionTable {
  readonly #bounds: ConnectionBounds;
  /** In the order they came. */
  readonly #unproven = new Set<Connection>();
  readonly #byAddress = new Map<string, Set<Connection>>();
  readonly #byKey = new Map<string, Connection>();
  generation = 0;

  constructor(bounds: ConnectionBounds) {
    this.#bounds = bounds;
  }

  get count(): number {
    return this.#byKey.size;
  }

  /** Registers a connection; `closed` is told why others, or this one, had to go. Undefined where there was no room for it. */
  add(socket: Socket, closed: (reason: string) => void): Connection | undefined {
    const address = socket.remoteAddress ?? '';
    const ofAddress = this.#byAddress.get(address) ?? new Set<Connection>();
    if (!this.#makeRoom(ofAddress, closed)) {
      closed('too-many-connections');
      socket.destroy();
      return undefined;
    }
    const connection = { socket, address, proven: false, certificate: undefined, generation: this.generation };
    const key = keyOf(socket);
    this.#byAddress.set(address, ofAddress);
    ofAddress.add(connection);
    this.#unproven.add(connection);
    this.#byKey.set(key, connection);
    socket.once('close', () => this.#remove(connection, key));
    return connection;
  }

  /** The connection a TLS or plain socket belongs to. */
  of(socket: Socket): Connection | undefined {
    return this.#byKey.get(keyOf(socket));
  }

  prove(connection: Connection): void {
    connection.proven = true;
    this.#unproven.delete(connection);
  }

  #makeRoom(ofAddress: ReadonlySet<Connection>, closed: (reason: string) => void): boolean {
    const { connections, connectionsPerAddress } = this.#bounds;
    if (ofAddress.size >= connectionsPerAddress && !evict(firstUnproven(ofAddress), closed)) return false;
    return this.count < connections || evict(firstUnproven(this.#unproven), closed);
  }

  #remove(connection: Connection, key: string): void {
    this.#unproven.delete(connection);
    if (this.#byKey.get(key) === connection) this.#byKey.delete(key);
    const ofAddress = this.#byAddress.get(connection.address);
    ofAddress?.delete(connection);
    if (ofAddress?.size === 0) this.#byAddress.delete(connection.address);
  }
}

function firstUnproven(connections: Iterable<Connection>): Connection | undefined {
  for (const connection of connections) if (!connection.proven && !connection.socket.destroyed) return connection;
  return undefined;
}

function evict(connection: Connection | undefined, closed: (reason: string) => void): boolean {
  if (!connection) return false;
  closed('made-room');
  connection.socket.destroy();
  return true;
}

const keyOf = (socket: Socket): string => `${socket.remoteAddress ?? ''} ${socket.remotePort ?? ''}`;
