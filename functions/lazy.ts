import type * as Invoke from "./invoke";

/** Loads the implementation at the first call, and with it zod and node-fetch: importing this package stays cheap. */
export function loadInvoke(): typeof Invoke {
  // `import()` would resolve the file as an ES module, which ts-node and CommonJS bundlers don't support.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require("./invoke") as typeof Invoke;
}
