import type { Engine } from "./engine";

/** One resource's row in Pulumi's display. */
export class Progress {
  constructor(
    private readonly engine: Engine,
    private readonly urn: string,
  ) {}

  /** The newest status, in place of the one before; false where the engine is gone. */
  status(text: string): Promise<boolean> {
    return this.engine.log("info", this.urn, text, true);
  }

  async info(text: string): Promise<void> {
    await this.engine.log("info", this.urn, text, false);
  }

  async warn(text: string): Promise<void> {
    await this.engine.log("warning", this.urn, text, false);
  }
}
