import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/** The bundle names the file that each part came from, in a comment that esbuild writes. */
const ORIGIN = /^\s*\/\/ (?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//gm;

/** Lists the packages that the bundle of HTTP libraries holds, with what dist/THIRD_PARTY_LICENSES.txt says of them. */
export function readBundled(folder: string): BundledPackage[] {
  const bundle = readFileSync(join(folder, "dist/provider/cloud/http-libraries-bundle.js"), "utf8");
  const notices = parseNotices(readFileSync(join(folder, "dist/THIRD_PARTY_LICENSES.txt"), "utf8"));
  const names = new Set([...bundle.matchAll(ORIGIN)].map(([, name = ""]) => name));
  if (names.size === 0) throw new Error("the bundle of HTTP libraries names no package that it holds");
  const missing = [...names].filter((name) => !notices.some((notice) => notice.name === name));
  if (missing.length > 0)
    throw new Error(`dist/THIRD_PARTY_LICENSES.txt lacks ${missing.join(", ")}, which the bundle holds`);
  return notices;
}

/** Each notice starts with a line such as `ms 2.1.3 (MIT)`. */
function parseNotices(text: string): BundledPackage[] {
  return text.split(/^-{80}$/m).map((notice) => {
    const [first = ""] = notice.trim().split("\n");
    const [, name, version, license] = /^(\S+) (\S+) \((.+)\)$/.exec(first) ?? [];
    if (name === undefined || version === undefined || license === undefined)
      throw new Error(`dist/THIRD_PARTY_LICENSES.txt has a notice of no package: ${first}`);
    return { name, version, license };
  });
}
