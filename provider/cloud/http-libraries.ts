import type * as HttpLibraries from "./http-libraries-bundle";

/** Loads the HTTP libraries at the first request: a preview without one doesn't need them. */
export function loadHttpLibraries(): typeof HttpLibraries {
  // `import()` would load the file as an ES module, which ts-node, Jest and CommonJS bundlers don't support.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require("./http-libraries-bundle") as typeof HttpLibraries;
}
