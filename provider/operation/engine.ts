import type { EngineGoneError } from "../errors";

export type Severity = "info" | "warning";

/** Whether the CLI that started this process still runs. One that is stopped or very busy is silent. */
export type EngineLiveness = "alive" | "silent" | "gone";

/** The calls that a provider makes to the Pulumi engine. */
export interface Engine {
  ping(): Promise<EngineLiveness>;
  /** Shows text on the row of a resource. The next text replaces an ephemeral one. Returns false if the engine is gone. */
  log(severity: Severity, urn: string, message: string, ephemeral: boolean): Promise<boolean>;
  /** Ends this process, because the CLI that started it has exited. */
  exitProcess(error: EngineGoneError): void;
}
