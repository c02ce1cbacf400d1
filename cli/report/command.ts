import { buffer } from "node:stream/consumers";
import { Command } from "commander";
import { toPlainLine } from "../../provider/text/plain-text";
import { LIST_PRICE } from "../../sizing";
import { showProgress } from "../terminal/progress";
import { Terminal } from "../terminal/terminal";
import { assessPreview } from "./assess-preview";
import { decodeText } from "./json-text";
import { parsePreview } from "./preview";
import { renderMarkdown } from "./render-report";
import { toReportJson } from "./report-json";
import { UnreadablePreviewError } from "./unreadable-preview-error";

/** The cost is above the limit or can't be checked, or the preview failed. */
const EXIT_FAILED = 1;
/** There is no preview to report on, or the limit is not a number. */
const EXIT_UNREADABLE = 2;

interface Options {
  readonly maxUsdPerMonth?: string;
  readonly usdPerComputeUnitHour?: string;
  readonly excludeLaterBursts?: true;
  readonly json?: true;
}

/** Creates the command `pulumi-clickpipes report`, which turns a preview into a comment for a pull request. */
export function createReportCommand(): Command {
  return new Command("report")
    .summary("turns a preview into a comment for a pull request")
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
    .option("--json", "write JSON instead of Markdown, for scripts; the exit codes are the same")
    .addHelpText("after", EXAMPLES)
    .action(runReport);
}

const EXAMPLES = `
Examples:
  pulumi preview --json --show-sames |
    npx pulumi-clickpipes report --max-usd-per-month 1500
  pulumi preview --json --show-sames |
    npx pulumi-clickpipes report --json
  pulumi destroy --preview-only --json |
    npx pulumi-clickpipes report`;

async function runReport(options: Options): Promise<void> {
  try {
    const preview = await writeReport(options);
    process.exitCode = preview.hasFailed || preview.isOverLimit ? EXIT_FAILED : 0;
  } catch (error) {
    if (!(error instanceof UnreadablePreviewError)) throw error;
    writeStderr(error.message, true);
    process.exitCode = EXIT_UNREADABLE;
  }
}

async function writeReport(options: Options): Promise<{ hasFailed: boolean; isOverLimit: boolean }> {
  const maxUsdPerMonth = parseUsd("--max-usd-per-month", options.maxUsdPerMonth);
  const usdPerComputeUnitHour = parseUsd("--usd-per-compute-unit-hour", options.usdPerComputeUnitHour);
  const preview = parsePreview(await readStdin());
  const assessment = assessPreview(preview, {
    maxUsdPerMonth,
    usdPerComputeUnitHour,
    excludesLaterBursts: options.excludeLaterBursts,
    now: new Date(),
  });
  const { verdict } = assessment;
  const isOverLimit = verdict?.isWithinLimit === false;
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify(toReportJson(preview, assessment))}\n`
      : renderMarkdown(preview, assessment),
  );
  if (verdict !== undefined) writeStderr(verdict.reason, isOverLimit);
  else if (preview.hasFailed) writeStderr("the preview failed", true);
  return { hasFailed: preview.hasFailed, isOverLimit };
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
  return decodeText(await showProgress("Waiting for the preview on stdin", buffer(process.stdin)));
}

function writeStderr(line: string, isFailure: boolean): void {
  const stderr = new Terminal(process.stderr);
  // A name with a line break could start a line, and with it a command to a CI system such as "::add-mask::".
  const plain = toPlainLine(line);
  stderr.print(isFailure ? stderr.style("red", plain) : plain);
}
