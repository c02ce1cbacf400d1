import { DEFAULT_SERVICE_ID } from "../../emulator";

/** A JavaScript program of these statements. */
export function createProgram(...statements: string[]): string {
  return [
    'const pulumi = require("@pulumi/pulumi");',
    'const { CdcCompute, CdcScaling } = require("pulumi-clickpipes");',
    ...statements,
    "",
  ].join("\n");
}

/** The statement that declares a compute; `options` is JavaScript. */
export function declareCompute(
  name: string,
  args: Readonly<Record<string, unknown>>,
  options = "{}",
): string {
  const all = { serviceId: DEFAULT_SERVICE_ID, ...args };
  return `new CdcCompute(${JSON.stringify(name)}, ${JSON.stringify(all)}, ${options});`;
}

/** "orders" on the emulator's first service, at a size. */
export function createOrdersProgram(cores: number, options = "{}"): string {
  return createProgram(declareCompute("orders", { cores }, options));
}
