import type { EngineGoneError } from "../errors";

export type Severity = "info" | "warning";

/** What tells whether the CLI that started this process is still there; a stopped or very busy one is silent. */
export type EngineLiveness = "alive" | "silent" | "gone";

/** The Pulumi engine, as far as a provider talks to it on its own account. */
export interface Engine {
  ping(): Promise<EngineLiveness>;
  /** Puts text on a resource's own row; an ephemeral one is replaced by the next. False where the engine is gone. */
  log(severity: Severity, urn: string, message: string, ephemeral: boolean): Promise<boolean>;
  /** Ends this process, because the CLI that started it is gone. */
  exitProcess(error: EngineGoneError): void;
}
