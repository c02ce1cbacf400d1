import { stripVTControlCharacters } from "node:util";
import type { Message } from "./preview";

/** Removes colors, the stack trace, and Pulumi's prefixes, which repeat the severity and the resource. */
export function formatMessage({ message }: Message): string {
  return stripVTControlCharacters(message)
    .replace(/^(error|warning|info): /, "")
    .replace(/^pulumi-nodejs:dynamic\/clickpipes:CdcScaling resource '.*?': /, "")
    .replace(/\n\s+at .*/s, "");
}
