import type { Engine, EngineLiveness } from "../provider/operation/engine";

/** Records what the provider logs. A test sets whether the engine answers a ping. */
export class RecordingEngine implements Engine {
  readonly rows: { severity: string; urn: string; message: string; ephemeral: boolean }[] = [];
  liveness: EngineLiveness = "alive";
  hasExited = false;

  ping(): Promise<EngineLiveness> {
    return Promise.resolve(this.liveness);
  }

  log(severity: string, urn: string, message: string, ephemeral: boolean): Promise<boolean> {
    this.rows.push({ severity, urn, message, ephemeral });
    return Promise.resolve(this.liveness !== "gone");
  }

  /** The messages of a severity, in the order of time. */
  listMessages(severity: "info" | "warning"): string[] {
    return this.rows.filter((row) => row.severity === severity).map(({ message }) => message);
  }

  exitProcess(): void {
    this.hasExited = true;
  }
}
