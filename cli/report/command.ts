import { buffer } from "node:stream/consumers";
import { Command } from "commander";
import { toPlainLine } from "../../provider/text/plain-text";
import { LIST_PRICE } from "../../sizing";
import { decodeText } from "./json-text";
import { parsePreview } from "./preview";
import { renderReport } from "./render-report";
import { UnreadablePreviewError } from "./unreadable-preview-error";

/** The cost is above the limit or can't be checked, or the preview failed. */
const EXIT_FAILED = 1;
/** There is no preview to report on, or the limit is not a number. */
const EXIT_UNREADABLE = 2;

interface Options {
  readonly maxUsdPerMonth?: string;
  readonly usdPerComputeUnitHour?: string;
  readonly excludeLaterBursts?: true;
}

/** Creates the command `pulumi-clickpipes report`, which turns a preview into a comment for a pull request. */
export function createReportCommand(): Command {
  return new Command("report")
    .description(
      "reads the output of `pulumi preview --json --show-sames` from stdin and writes Markdown for a pull request. " +
        `Exits with ${EXIT_FAILED} if the preview failed or the cost is above the limit or can't be checked, ` +
        `and with ${EXIT_UNREADABLE} if stdin is not a complete preview`,
    )
    .option("--max-usd-per-month <usd>", "limit on the monthly cost of all services together, in US dollars")
    .option(
      "--usd-per-compute-unit-hour <usd>",
      "your own price; the stack's price doesn't count, because a change under review may set it " +
        `(default: the list price, ${LIST_PRICE.usdPerComputeUnitHour})`,
    )
    .option(
      "--exclude-later-bursts",
      "don't count a burst that initialLoad may start after this update, until its endBy",
    )
    .action(runReport);
}

async function runReport(options: Options): Promise<void> {
  try {
    const maxUsdPerMonth = parseUsd("--max-usd-per-month", options.maxUsdPerMonth);
    const usdPerComputeUnitHour = parseUsd("--usd-per-compute-unit-hour", options.usdPerComputeUnitHour);
    const preview = parsePreview(await readStdin());
    const { markdown, verdict } = renderReport(preview, {
      maxUsdPerMonth,
      usdPerComputeUnitHour,
      excludesLaterBursts: options.excludeLaterBursts,
      now: new Date(),
    });
    process.stdout.write(markdown);
    if (verdict !== undefined) writeStderr(verdict.reason);
    else if (preview.hasFailed) writeStderr("the preview failed");
    process.exitCode = preview.hasFailed || verdict?.isWithinLimit === false ? EXIT_FAILED : 0;
  } catch (error) {
    if (!(error instanceof UnreadablePreviewError)) throw error;
    writeStderr(error.message);
    process.exitCode = EXIT_UNREADABLE;
  }
}

function parseUsd(option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const usd = Number(value);
  if (value.trim() !== "" && Number.isFinite(usd) && usd > 0) return usd;
  throw new UnreadablePreviewError(`${option} must be a number above 0, got ${JSON.stringify(value)}`);
}

async function readStdin(): Promise<string> {
  if (process.stdin.isTTY) {
    throw new UnreadablePreviewError(
      "stdin is a terminal. Run `pulumi preview --json --show-sames | npx pulumi-clickpipes report`.",
    );
  }
  return decodeText(await buffer(process.stdin));
}

function writeStderr(line: string): void {
  // A name with a line break could start a line, and with it a command to a CI system such as "::add-mask::".
  process.stderr.write(`${toPlainLine(line)}\n`);
}
