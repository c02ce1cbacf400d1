import { Command } from "commander";
import { reportOf } from "./markdown";
import { readPreview, UnreadablePreviewError } from "./preview";

/** Above the limit, or not to be judged by it; or a preview that failed. */
const EXIT_NOT_WITHIN = 1;
/** Nothing to report on. */
const EXIT_UNREADABLE = 2;

interface Chosen {
  readonly maxUsdPerMonth?: string;
}

/** `pulumi-clickpipes report`: what a preview changes, for the comment on a pull request. */
export function reportCommand(): Command {
  return new Command("report")
    .description(
      "reads `pulumi preview --json --show-sames` from stdin and writes Markdown for a pull request; ends with " +
        `${EXIT_NOT_WITHIN} above the limit or where the preview failed, with ${EXIT_UNREADABLE} where there is none to read`,
    )
    .option(
      "--max-usd-per-month <usd>",
      "what all services together may cost a month after the change, such as 1500",
    )
    .action(run);
}

async function run({ maxUsdPerMonth }: Chosen): Promise<void> {
  try {
    const limit = maxUsdPerMonth === undefined ? undefined : usdOf(maxUsdPerMonth);
    const preview = readPreview(await standardInput());
    const { markdown, verdict } = reportOf(preview, limit);
    process.stdout.write(markdown);
    if (verdict !== undefined) say(verdict.reason);
    else if (preview.hasFailed) say("the preview failed");
    process.exitCode = preview.hasFailed || verdict?.isWithin === false ? EXIT_NOT_WITHIN : 0;
  } catch (error) {
    if (!(error instanceof UnreadablePreviewError)) throw error;
    say(error.message);
    process.exitCode = EXIT_UNREADABLE;
  }
}

function usdOf(text: string): number {
  const usd = Number(text);
  if (text.trim() !== "" && Number.isFinite(usd) && usd > 0) return usd;
  throw new UnreadablePreviewError(
    `--max-usd-per-month ${JSON.stringify(text)}: it takes US dollars, above 0, such as 1500`,
  );
}

async function standardInput(): Promise<string> {
  if (process.stdin.isTTY) {
    throw new UnreadablePreviewError(
      "no preview: stdin is a terminal. Write `pulumi preview --json --show-sames | npx pulumi-clickpipes report`",
    );
  }
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
