import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { programFolder } from "../../test/support/project";
import type { Part } from "../part";
import { type Spread, spread } from "../statistics";
import { milliseconds, table } from "../text";

const ROUNDS = 21;

const MEASURE = `
const modules = () => Object.keys(require.cache).length;
const began = performance.now();
require("@pulumi/pulumi");
const sdk = { ms: performance.now() - began, modules: modules() };
const between = performance.now();
require("pulumi-clickpipes");
console.log(JSON.stringify({ sdk, own: { ms: performance.now() - between, modules: modules() - sdk.modules } }));
`;

interface Loaded {
  readonly ms: number;
  readonly modules: number;
}

interface Rows {
  readonly rounds: number;
  readonly sdkMs: Spread;
  readonly ownMs: Spread;
  readonly sdkModules: number;
  readonly ownModules: number;
}

export const imports: Part<Rows> = {
  name: "imports",
  title: "Importing the package",
  how: `${ROUNDS} fresh processes of Node; each requires the SDK and then this package. Median, least and most.`,
  measure() {
    const folder = programFolder();
    try {
      writeFileSync(join(folder.path, "index.js"), MEASURE);
      const runs = Array.from({ length: ROUNDS }, () => {
        const text = execFileSync(process.execPath, ["index.js"], { cwd: folder.path, encoding: "utf8" });
        return JSON.parse(text) as { sdk: Loaded; own: Loaded };
      });
      return Promise.resolve({
        rounds: ROUNDS,
        sdkMs: spread(runs.map(({ sdk }) => sdk.ms)),
        ownMs: spread(runs.map(({ own }) => own.ms)),
        sdkModules: runs[0]?.sdk.modules ?? 0,
        ownModules: runs[0]?.own.modules ?? 0,
      });
    } finally {
      folder.remove();
    }
  },
  aims: ({ ownMs }) => [
    {
      what: "importing the package, over the SDK's own",
      aim: "at most 15 ms",
      result: milliseconds(ownMs.median),
      isMet: ownMs.median <= 15,
    },
  ],
  section: ({ sdkMs, ownMs, sdkModules, ownModules }) => {
    const row = (what: string, { median, min, max }: Spread, modules: number) => [
      what,
      milliseconds(median),
      milliseconds(min),
      milliseconds(max),
      modules,
    ];
    return table(
      ["what", "time", "least", "most", "modules"],
      [row("`@pulumi/pulumi`", sdkMs, sdkModules), row("`pulumi-clickpipes`, then", ownMs, ownModules)],
    );
  },
};
