import type { KeySeed } from "./seed";
import type { Service } from "./service";

/**
 * A ClickHouse Cloud organization with its API keys and its services by id.
 *
 * @public
 */
export class Organization {
  /** The services by their ids. */
  readonly services = new Map<string, Service>();

  /** Tests remove keys from it to revoke them. */
  readonly keys: KeySeed[];

  constructor(
    /** The id, a UUID. */ readonly id: string,
    /** The name. */ readonly name: string,
    keys: readonly KeySeed[],
  ) {
    this.keys = [...keys];
  }
}
