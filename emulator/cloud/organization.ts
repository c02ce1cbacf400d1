import type { KeySeed } from "./seed";
import type { Service } from "./service";

/** A ClickHouse Cloud organization with its API keys and its services by id. */
export class Organization {
  readonly services = new Map<string, Service>();

  /** Tests remove keys from it to revoke them. */
  readonly keys: KeySeed[];

  constructor(
    readonly id: string,
    readonly name: string,
    keys: readonly KeySeed[],
  ) {
    this.keys = [...keys];
  }
}
