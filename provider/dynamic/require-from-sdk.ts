import { createRequire } from "node:module";

/**
 * Requires a module of the SDK, or one of its dependencies. gRPC, for example, is not a dependency of this package, and with pnpm it can
 * only be resolved from the folder of the SDK.
 */
export function requireFromSdk(module: string): unknown {
  return createRequire(require.resolve("@pulumi/pulumi"))(module);
}
