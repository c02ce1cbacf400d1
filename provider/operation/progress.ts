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

  /**
   * For the row of the component around the resource, where there is one: while a resource is updated, Pulumi begins its
   * own row with all changed properties, and a terminal of usual width cuts what follows.
   */
  async headline(text: string): Promise<void> {
    const component = componentOf(this.urn);
    if (component !== undefined) await this.engine.log("info", component, text, true);
  }

  async info(text: string): Promise<void> {
    await this.engine.log("info", this.urn, text, false);
  }

  async warn(text: string): Promise<void> {
    await this.engine.log("warning", this.urn, text, false);
  }
}

/** The component `CdcCompute` names its one child as itself: its own URN is the child's, a type shorter. */
function componentOf(urn: string): string | undefined {
  const match = /^(.*clickpipes:index:CdcCompute)\$pulumi-nodejs:dynamic\/clickpipes:CdcScaling(::.*)$/s.exec(
    urn,
  );
  return match === null ? undefined : `${match[1]}${match[2]}`;
}
