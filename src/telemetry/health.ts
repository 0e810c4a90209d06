/** Tells why a part cannot do its work; undefined where it can. The text never holds event data. */
export type HealthCheck = () => string | undefined;

/** Whether this process should get traffic: all its checks pass. */
export class Health {
  readonly #checks = new Map<string, HealthCheck>();

  add(name: string, check: HealthCheck): void {
    this.#checks.set(name, check);
  }

  /** Names of failing checks with their reasons. */
  problems(): readonly string[] {
    const problems: string[] = [];
    for (const [name, check] of this.#checks) {
      const why = check();
      if (why !== undefined) problems.push(`${name}: ${why}`);
    }
    return problems;
  }
}
