import type * as Answers from "./answers";

/** What answers the functions. The first call loads it, and with it zod and node-fetch: importing this package stays cheap. */
export function answers(): typeof Answers {
  // `import()` would look for the file as an ES module, which ts-node and bundlers of CommonJS don't resolve.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require("./answers") as typeof Answers;
}
