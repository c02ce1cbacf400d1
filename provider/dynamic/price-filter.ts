import type { EngineGoneError } from "../errors";
import type { Engine, EngineLiveness, Severity } from "../operation/engine";

/** US dollars as this package writes them. */
const AMOUNT = /\$\d[\d,]*(\.\d+)?/g;

/** An engine that shows no amounts if the price of the stack is a secret: every amount would reveal it. */
export class PriceFilter implements Engine {
  private isPriceSecret = false;

  constructor(private readonly engine: Engine) {}

  /** From now on, for all resources: they share the price. */
  hidePrices(): void {
    this.isPriceSecret = true;
  }

  filter(text: string): string {
    return this.isPriceSecret ? text.replace(AMOUNT, "$[secret]") : text;
  }

  ping(): Promise<EngineLiveness> {
    return this.engine.ping();
  }

  log(severity: Severity, urn: string, message: string, ephemeral: boolean): Promise<boolean> {
    return this.engine.log(severity, urn, this.filter(message), ephemeral);
  }

  exitProcess(error: EngineGoneError): void {
    this.engine.exitProcess(error);
  }
}
