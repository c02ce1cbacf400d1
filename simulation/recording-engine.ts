import type { Engine, EngineLiveness } from "../provider/operation/engine";

/** What the provider told the engine, and whether the engine lives. */
export class RecordingEngine implements Engine {
  readonly rows: { severity: string; urn: string; message: string; ephemeral: boolean }[] = [];
  heart: EngineLiveness = "alive";
  hasLeft = false;

  ping(): Promise<EngineLiveness> {
    return Promise.resolve(this.heart);
  }

  log(severity: string, urn: string, message: string, ephemeral: boolean): Promise<boolean> {
    this.rows.push({ severity, urn, message, ephemeral });
    return Promise.resolve(this.heart !== "gone");
  }

  exitProcess(): void {
    this.hasLeft = true;
  }
}
