import { toPlainLine } from "../text/plain-text";
import type { Engine } from "./engine";

/** The row of one resource in Pulumi's display. Its texts may hold names and responses, so each becomes one plain line. */
export class Progress {
  constructor(
    private readonly engine: Engine,
    private readonly urn: string,
  ) {}

  /** Replaces the status. Returns false if the engine is gone. */
  status(text: string): Promise<boolean> {
    return this.engine.log("info", this.urn, toPlainLine(text), true);
  }

  /**
   * Shows text on the row of the component around the resource, if there is one. During an update, Pulumi starts the row of the
   * resource with all changed properties, and a terminal of usual width cuts what follows.
   */
  async headline(text: string): Promise<void> {
    const component = componentOf(this.urn);
    if (component !== undefined) await this.engine.log("info", component, toPlainLine(text), true);
  }

  async info(text: string): Promise<void> {
    await this.engine.log("info", this.urn, toPlainLine(text), false);
  }

  async warn(text: string): Promise<void> {
    await this.engine.log("warning", this.urn, toPlainLine(text), false);
  }
}

/** The URN of the component. `CdcCompute` gives its child its own name, so the URN is that of the child without its type. */
function componentOf(urn: string): string | undefined {
  const match = /^(.*clickpipes:index:CdcCompute)\$pulumi-nodejs:dynamic\/clickpipes:CdcScaling(::.*)$/s.exec(
    urn,
  );
  return match === null ? undefined : `${match[1]}${match[2]}`;
}
