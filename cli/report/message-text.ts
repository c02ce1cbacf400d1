import { stripVTControlCharacters } from "node:util";
import type { Message } from "./preview";

/** Removes colors, the stack trace, and Pulumi's prefixes, which repeat the severity and the resource. */
export function formatMessage({ message }: Message): string {
  return omitStackTrace(stripVTControlCharacters(message))
    .replace(/^(error|warning|info): /, "")
    .replace(/^pulumi-nodejs:dynamic\/clickpipes:CdcScaling resource '.*?': /, "");
}

/** Line by line: an expression over line breaks takes quadratic time on thousands of them. */
function omitStackTrace(text: string): string {
  const lines = text.split("\n");
  const start = lines.findIndex((line, index) => index > 0 && /^[ \t\r]+at /.test(line));
  return start < 0 ? text : lines.slice(0, start).join("\n");
}
