import { inspect } from "node:util";

/** An API key. It shows itself to nobody who prints or serializes what holds it. */
export class ApiKey {
  readonly #id: string;
  readonly #secret: string;

  constructor(
    { id, secret }: { readonly id: string; readonly secret: string },
    /** "stack config clickhouse:tokenKey", or the environment's name for it. */
    readonly source: string,
    /** Whether a part of it comes from the stack config. */
    readonly isFromConfig: boolean,
  ) {
    this.#id = id;
    this.#secret = secret;
  }

  get id(): string {
    return this.#id;
  }

  get secret(): string {
    return this.#secret;
  }

  /** The value of the Authorization header. */
  get authorization(): string {
    return `Basic ${this.encoded}`;
  }

  /** What no message may contain. A shorter id reveals nothing, and redacting it would break words that contain it. */
  listSecrets(): string[] {
    return [this.encoded, this.#secret, ...(this.#id.length >= 4 ? [this.#id] : [])];
  }

  toJSON(): string {
    return `API key from ${this.source}`;
  }

  [inspect.custom](): string {
    return this.toJSON();
  }

  private get encoded(): string {
    return Buffer.from(`${this.#id}:${this.#secret}`).toString("base64");
  }
}
