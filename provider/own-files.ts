import { createHash } from "node:crypto";
import { join } from "node:path";
import { pulumiHome } from "./credentials";

/** What this package keeps between commands, in a folder of its own for each purpose. */
export function ownFolder(purpose: "settle"): string {
  return join(pulumiHome(), "clickpipes", purpose);
}

/** A file's name for what may hold any character, or is not for all to read. */
export function fileNameFor(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
