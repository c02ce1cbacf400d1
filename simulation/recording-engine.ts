import type { Engine, Pulse } from "../provider/operation/engine";

/** What the provider told the engine, and whether the engine lives. */
export class RecordingEngine implements Engine {
  readonly rows: { severity: string; urn: string; message: string; ephemeral: boolean }[] = [];
  heart: Pulse = "alive";
  hasLeft = false;

  pulse(): Promise<Pulse> {
    return Promise.resolve(this.heart);
  }

  log(severity: string, urn: string, message: string, ephemeral: boolean): Promise<boolean> {
    this.rows.push({ severity, urn, message, ephemeral });
    return Promise.resolve(this.heart !== "gone");
  }

  leave(): void {
    this.hasLeft = true;
  }
}
